import createFetchClient from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import { asProblem } from './problem.js';
import type { paths } from './schema.js';

/** Staff have the same API below their own address, where their cookie goes along. */
const below = /^\/support(\/|$)/.test(window.location.pathname) ? '/support' : '';

/** The address of something of the API that a browser fetches by itself, such as a file. */
export const addressOf = (path: `/v1/${string}`): string => `${below}${path}`;

/** Calls of the gateway, typed by its own document. The session's cookie goes along; the header says that our page asks. */
export const http = createFetchClient<paths>({
  baseUrl: `${window.location.origin}${below}`,
  credentials: 'same-origin',
  headers: { 'Billfleet-Page': '1' },
});

http.use({
  // Whatever stands between us and the gateway may answer with a page; a refusal always becomes a problem document.
  onResponse: ({ response }) => {
    if (response.ok || response.headers.get('content-type')?.includes('json') === true) return undefined;
    const body = JSON.stringify(asProblem({ status: response.status }));
    return new Response(body, { status: response.status, headers: { 'content-type': 'application/problem+json' } });
  },
});

/** The same calls as hooks of TanStack Query. */
export const api = createQueryClient(http);
