import { portal } from '@billfleet/store';
import type { PortalSession, Store } from '@billfleet/store';
import type { Caller } from './api-keys.js';
import { SESSION_IDLE_MS } from './open-portals.js';
import { hashPageToken, isPageToken } from './page-tokens.js';

/** Scopes of a person on the billing page. What he may do is up to his role. */
const SCOPES = ['publish', 'read'] as const;
/** Most sessions that are remembered. */
const KNOWN_MAX = 10_000;

/** Checks the sessions of people on the billing page. Each request asks the database, so that a session that was ended is over at once. */
export class PageSessions {
  /** Hashes of sessions that were found here before. */
  private readonly known = new Set<string>();

  constructor(private readonly store: Store) {}

  /**
   * The caller behind a cookie; undefined when its session is over, or never was.
   * @param how `isVisit`: whether the session goes on for longer by it.
   */
  async authenticate(token: string, { isVisit = true } = {}): Promise<Caller | undefined> {
    if (!isPageToken(token)) return undefined;
    const tokenHash = hashPageToken(token);
    const session = await portal.findSession(this.store, tokenHash, SESSION_IDLE_MS);
    if (session === undefined) {
      this.known.delete(tokenHash);
      return undefined;
    }
    this.remember(tokenHash);
    if (session.isStale && isVisit) await this.store.single((tx) => portal.noteVisit(tx, session.id));
    return callerOf(session);
  }

  /** Whether a cookie holds a session that was found here before: asking for it says nothing new to whoever guesses. */
  knows(token: string): boolean {
    return this.known.has(hashPageToken(token));
  }

  /** Ends a session because its person left. Ending one that is over changes nothing. */
  async leave(token: string): Promise<void> {
    if (!isPageToken(token)) return;
    await this.store.single((tx) => portal.endSession(tx, hashPageToken(token), 'the person left'));
  }

  private remember(tokenHash: string): void {
    this.known.delete(tokenHash);
    this.known.add(tokenHash);
    const [oldest] = this.known;
    if (this.known.size > KNOWN_MAX && oldest !== undefined) this.known.delete(oldest);
  }
}

function callerOf({ id, workspaceId, personId, personName, personEmail, role, returnUrl }: PortalSession): Caller {
  return {
    ...{ prefix: '', name: 'billing page', scopes: SCOPES, role, workspaceId, person: { id: personId, role } },
    page: { sessionId: id, name: personName, email: personEmail, returnUrl },
  };
}
