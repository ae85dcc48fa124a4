import { errorCodes } from 'fastify';
import type { FastifyInstance } from 'fastify';

/** Most bytes of a form: mail programs send one short field. */
const FORM_MAX_BYTES = 4_096;

/**
 * Takes forms at the one address that mail programs post them to (RFC 8058), and drops what they hold: the address says all. Anywhere else
 * they are refused as ever, so that no page of somebody else's can post to the API.
 */
export function takeForms(server: FastifyInstance): void {
  server.addContentTypeParser<Buffer>(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    { parseAs: 'buffer', bodyLimit: FORM_MAX_BYTES },
    (request, _body, done) => {
      if (request.routeOptions.url === '/mail/unsubscribe/:token') done(null, undefined);
      else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type'] ?? ''), undefined);
    },
  );
}
