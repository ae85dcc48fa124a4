import type { Caller, PageSessions } from '@billfleet/billing';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from './problem.js';
import type { PageCookie } from './page-cookie.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const PAGE_HEADER = 'Billfleet-Page';
/** A page that lies open asks for this by itself, again and again: it is no sign of a person. */
const STREAM = '/changes';

/** Lets in people who come by one of our pages: by its cookie, and for changes by what only our own pages can send. */
export class PageLogin {
  constructor(
    private readonly sessions: Pick<PageSessions, 'authenticate' | 'knows'>,
    private readonly cookie: PageCookie,
    private readonly publicUrl: string,
  ) {}

  /** Whether a request says that it comes by a page: it has the cookie and no key. */
  isMeant({ headers }: FastifyRequest): boolean {
    return headers.authorization === undefined && this.cookie.find(headers.cookie) !== 'none';
  }

  /** Whether its session was found here before; it says nothing of whether it goes on. */
  knows({ headers }: FastifyRequest): boolean {
    const found = this.cookie.find(headers.cookie);
    return typeof found === 'object' && this.sessions.knows(found.value);
  }

  /** @returns undefined where the session is over, or never was. @throws ProblemException 403 for a change that another site may have started. */
  async authenticate(request: FastifyRequest): Promise<Caller | undefined> {
    if (!SAFE_METHODS.has(request.method)) checkOwnPage(request, this.publicUrl);
    const found = this.cookie.find(request.headers.cookie);
    if (typeof found !== 'object') return undefined;
    return this.sessions.authenticate(found.value, { isVisit: !request.routeOptions.url?.endsWith(STREAM) });
  }
}

/**
 * Refuses a change that another site may have started: a browser sends the cookie along with any request, but lets nobody else send this header,
 * and says itself where the request comes from.
 * @throws ProblemException 403
 */
export function checkOwnPage({ headers }: FastifyRequest, publicUrl: string): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn =
    origin !== undefined &&
    URL.canParse(origin) &&
    (new URL(origin).origin === new URL(publicUrl).origin || new URL(origin).host === host) &&
    (site === undefined || site === 'same-origin');
  if (!isOwn) {
    throw new ProblemException(403, [
      {
        ...{ code: 'cross_site', field: 'Origin' },
        ...{ found: origin === undefined ? 'nothing' : 'another site', wanted: 'a request from our own pages' },
      },
    ]);
  }
  if (headers['billfleet-page'] === '1') return;
  throw new ProblemException(403, [
    {
      ...{ code: 'page_header_missing', field: PAGE_HEADER },
      ...{ found: 'no such header', wanted: '1, as our own pages send it with every change' },
    },
  ]);
}
