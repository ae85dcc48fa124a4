import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** Below here staff call the API: the same routes, with their own cookie, which goes along with no other address. */
const SUPPORT = '/support';
const API_OF_SUPPORT = `${SUPPORT}/v1/`;

/** The address that a route is looked for by: for calls of the support console that of the API itself. */
export const routedAddress = ({ url = '/' }: Pick<IncomingMessage, 'url'>): string =>
  url.startsWith(API_OF_SUPPORT) ? url.slice(SUPPORT.length) : url;

/** Whether a request came by the address of the support console. */
export const isBySupport = ({ originalUrl }: FastifyRequest): boolean => originalUrl.startsWith(API_OF_SUPPORT);
