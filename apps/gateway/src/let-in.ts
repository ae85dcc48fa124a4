import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageCookie } from './page-cookie.js';
import { overPage, sendPage } from './sign-in-pages.js';

/** A session that was opened, and the path that it leads to. */
type Entry = { readonly sessionToken: string; readonly toPath: string };

/** Where a login is for, with its cookie and the longest that it lasts, in milliseconds. */
type Login = { readonly for: 'billing' | 'support'; readonly cookie: PageCookie; readonly wholeMs: number };

/** Lets a browser in with a session of its own, or says that its link is over (410). Neither answer is kept by a cache. */
export function letIn(request: FastifyRequest, reply: FastifyReply, entry: Entry | undefined, login: Login): void {
  if (entry === undefined) {
    sendPage(reply, 410, overPage(request, login.for));
    return;
  }
  void reply
    .header('set-cookie', login.cookie.toSet(entry.sessionToken, login.wholeMs / 1_000))
    .header('cache-control', 'no-store')
    .redirect(entry.toPath, 303);
}
