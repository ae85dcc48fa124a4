import { SESSION_IDLE_MS } from '@billfleet/billing';
import { management, portal } from '@billfleet/store';
import type { SessionsEngine } from './commands/sessions.js';
import { openStore } from './open-store.js';

/** Sessions of people on the billing page. Gateways ask for them at each request, so an ended one is over at once. */
export const sessionsEngine: SessionsEngine = async (config) => {
  const { store, close } = await openStore(config.databaseUrl);
  return {
    list: (workspaceId) => portal.listSessions(store, workspaceId, SESSION_IDLE_MS),
    revoke: (ids, { actor, reason }) =>
      store.transaction(async (tx) => {
        const ended = await portal.revokeSessions(tx, ids, 'revoked by hand');
        if (ended.length > 0) {
          const subject = `sessions ${ended.join(', ')}`;
          await management.noteStaffAction(tx, { actor, action: 'session.revoke', subject, reason });
        }
        return ended;
      }),
    close: () => close(),
  };
};
