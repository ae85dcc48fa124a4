import { errorCodes } from 'fastify';
import type { FastifyInstance } from 'fastify';

/** Most bytes of a form: mail programs send one short field. */
const FORM_MAX_BYTES = 4_096;

/** Where our own forms hold something: an address to sign in with, and where to go then. */
const READ_AT: ReadonlySet<string> = new Set(['/billing/sign-in', '/support/sign-in']);

/**
 * Takes forms at the one address that mail programs post them to (RFC 8058), and drops what they hold: the address says all. The fields of
 * our own pages to sign in are read, the first of each name. Anywhere else forms are refused as ever, so that no page of somebody else's can post to the API.
 */
export function takeForms(server: FastifyInstance): void {
  server.addContentTypeParser<Buffer>(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    { parseAs: 'buffer', bodyLimit: FORM_MAX_BYTES },
    (request, body, done) => {
      const { url = '' } = request.routeOptions;
      if (READ_AT.has(url)) done(null, fieldsOf(body.toString()));
      else if (url === '/mail/unsubscribe/:token') done(null, undefined);
      else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type'] ?? ''), undefined);
    },
  );
}

const fieldsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...new URLSearchParams(text)].reverse().filter(([name]) => /^[a-z]{1,20}$/.test(name)));
