import { staff } from '@billfleet/store';
import type { StaffAccountRole, StaffSession, Store } from '@billfleet/store';
import type { Caller } from './api-keys.js';
import { KnownSessions } from './known-sessions.js';
import { SESSION_IDLE_MS } from './open-portals.js';
import { hashPageToken, isPageToken } from './page-tokens.js';

/** Whoever only looks has no scope to do more, whatever the table of roles says. */
const scopesOf = (role: StaffAccountRole): readonly string[] =>
  role === 'viewer' ? ['read'] : ['publish', 'read', 'admin'];

/** Checks the sessions of staff on the support console, as those of customers are checked. */
export class StaffSessions {
  private readonly known = new KnownSessions();

  constructor(private readonly store: Store) {}

  /** The caller behind a cookie, with the role that his account has now; undefined when its session is over, or never was. */
  async authenticate(token: string, { isVisit = true } = {}): Promise<Caller | undefined> {
    if (!isPageToken(token)) return undefined;
    const tokenHash = hashPageToken(token);
    const session = await staff.findStaffSession(this.store, tokenHash, SESSION_IDLE_MS);
    this.known.note(tokenHash, session !== undefined);
    if (session === undefined) return undefined;
    if (session.isStale && isVisit) await this.store.single((tx) => staff.noteStaffVisit(tx, session.sessionId));
    return callerOf(session);
  }

  /** Whether a cookie holds a session that was found here before. */
  knows(token: string): boolean {
    return this.known.has(hashPageToken(token));
  }

  /** Ends a session because its person left. */
  async leave(token: string): Promise<void> {
    if (!isPageToken(token)) return;
    await this.store.single((tx) => staff.endStaffSession(tx, hashPageToken(token), 'the person left'));
  }
}

const callerOf = ({ id, name, email, role, sessionId }: StaffSession): Caller => ({
  ...{ prefix: '', name, scopes: scopesOf(role), role, workspaceId: null },
  page: { sessionId, name, email, returnUrl: null, staffId: id },
});
