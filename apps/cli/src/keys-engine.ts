import { randomBytes } from 'node:crypto';
import { hashSecret, newId } from '@billfleet/billing';
import { management, tenants } from '@billfleet/store';
import type { KeysEngine } from './commands/keys.js';
import { CommandError, exitCodes } from './exit-codes.js';
import { openStore } from './open-store.js';

const PREFIX_BYTES = 6;
const SECRET_BYTES = 24;

/** API keys in the database. Gateways and workers notice a revoked key within seconds. */
export const keysEngine: KeysEngine = async (config) => {
  const { store, close } = await openStore(config.databaseUrl);
  return {
    async create(wish, { actor, reason }) {
      const [prefix, secret] = [randomBytes(PREFIX_BYTES).toString('hex'), randomBytes(SECRET_BYTES).toString('hex')];
      await store.transaction(async (tx) => {
        const { workspaceId } = wish;
        if (workspaceId !== null && !(await tenants.findWorkspaces(tx, [workspaceId])).has(workspaceId)) {
          throw new CommandError(exitCodes.violations, `there is no workspace ${workspaceId}`);
        }
        await tenants.insertApiKey(tx, { ...wish, id: newId(), prefix, secretHash: hashSecret(secret) });
        const subject = `key ${prefix}`;
        await management.noteStaffAction(tx, { actor, action: 'key.create', subject, reason });
      });
      return { prefix, key: `bf_${prefix}_${secret}` };
    },
    list: () => tenants.listApiKeys(store),
    revoke: (prefixes, { actor, reason }) =>
      store.transaction(async (tx) => {
        const revoked = await tenants.revokeApiKeys(tx, prefixes);
        if (revoked.length > 0) {
          const subject = `keys ${revoked.join(', ')}`;
          await management.noteStaffAction(tx, { actor, action: 'key.revoke', subject, reason });
        }
        return revoked;
      }),
    close: () => close(),
  };
};
