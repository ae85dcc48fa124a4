import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { framedPage, PAGE_POLICY } from './page-frame.js';

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const NONCE_BYTES = 18;

/** What the page may do: run the scripts of its build and talk to us. Its components write rules of style, which they mark with the nonce. */
const policyFor = (nonce: string, pictures: string | undefined): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:${pictures === undefined ? '' : ` ${pictures}`}`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; ');

/** Serves what a build put into `assets`: each name holds a hash of its content, so nobody has to ask for it twice. */
export async function servePageFiles(server: FastifyInstance, pagePath: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: path.resolve(pagePath, 'assets'),
    prefix: '/billing/assets/',
    decorateReply: false,
    index: false,
    dotfiles: 'deny',
    preCompressed: true,
    maxAge: YEAR_SECONDS * 1_000,
    immutable: true,
    setHeaders: (reply) => {
      void reply.header('cross-origin-resource-policy', 'same-origin');
    },
  });
}

/** The page itself, whose scripts find out what to show. */
export class PageFiles {
  /** @param pictures where else pictures come from, beside us. */
  constructor(
    private readonly pagePath: string,
    private readonly pictures?: string,
  ) {}

  /** Sends the page. Never kept by browsers, since it names the files of one build. */
  async send(reply: FastifyReply): Promise<void> {
    const written = await readFile(path.resolve(this.pagePath, 'index.html'), 'utf8').catch(absent);
    void reply
      .header('cache-control', 'no-store')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('permissions-policy', 'camera=(), geolocation=(), microphone=()')
      .type('text/html; charset=utf-8');
    if (written === undefined) {
      void reply.status(503).header('content-security-policy', PAGE_POLICY).send(notBuilt(this.pagePath));
      return;
    }
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    void reply.header('content-security-policy', policyFor(nonce, this.pictures)).send(withNonce(written, nonce));
  }
}

/** Scripts read it there: browsers hide the nonces of elements from them. */
const withNonce = (page: string, nonce: string): string =>
  page.replace('<head>', `<head><meta name="csp-nonce" content="${nonce}">`);

function absent(error: unknown): undefined {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

const notBuilt = (pagePath: string): string =>
  framedPage({
    locale: 'en',
    title: 'The billing page is not built',
    body: `<p>There is no build of it in <code>${pagePath.replaceAll(/[^\w./-]/g, '')}</code>.</p>
<p>Run <code>./billfleet up</code>, which builds it, or set <code>BILLFLEET_PAGE_DIR</code> to the folder of a build. The API works all the same.</p>`,
  });
