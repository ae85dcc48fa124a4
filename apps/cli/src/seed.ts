import { hashSecret, newId, parseApiKey } from '@billfleet/billing';
import { ConfigError } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { members, staff, tenants } from '@billfleet/store';
import type { SeedEngine } from './commands/up.js';
import { demoStaff, demoWorkspaces } from './demo-workspaces.js';
import { openStore } from './open-store.js';

/** Stores the configured first API key (hashed) as a service key of the host product. */
export async function seedApiKey(databaseUrl: string, apiKey: string): Promise<void> {
  const parsed = parseApiKey(apiKey);
  if (parsed === undefined) {
    const example = 'bf_dev_0123456789abcdef_0123456789abcdef0123456789abcdef';
    throw new ConfigError([
      {
        name: 'BILLFLEET_BOOTSTRAP_API_KEY',
        found: 'a text that is not an API key',
        wanted: 'bf_, a prefix and a secret',
        example,
      },
    ]);
  }
  const { store, close } = await openStore(databaseUrl);
  try {
    await store.transaction((tx) =>
      tenants.upsertApiKey(tx, {
        id: newId(),
        prefix: parsed.prefix,
        secretHash: hashSecret(parsed.secret),
        name: 'first key',
        scopes: ['publish', 'read', 'admin'],
        role: 'admin',
        workspaceId: null,
      }),
    );
  } finally {
    await close();
  }
}

/** Puts the first API key and, outside of production, the demo data in place; a second run changes nothing. */
export const seedDemo: SeedEngine = async (config: Config) => {
  if (config.bootstrapApiKey !== undefined) await seedApiKey(config.databaseUrl, config.bootstrapApiKey);
  if (config.environment === 'production') return { workspaces: [], staffEmail: undefined };
  const { store, close } = await openStore(config.databaseUrl);
  try {
    await store.transaction(async (tx) => {
      await tenants.insertWorkspaces(tx, demoWorkspaces);
      for (const { id, billingEmail: email } of demoWorkspaces) {
        const admin = { externalId: 'demo-admin', displayName: 'Demo admin', role: 'admin', status: 'active' } as const;
        await members.upsertMembers(tx, id, [{ ...admin, id: newId(), email, changedAt: null }]);
      }
      await staff.insertStaff(tx, { ...demoStaff, id: newId() });
    });
  } finally {
    await close();
  }
  return {
    workspaces: demoWorkspaces.map(({ id, name, country, billingEmail }) => ({
      id,
      name,
      country,
      adminEmail: billingEmail,
    })),
    staffEmail: demoStaff.email,
  };
};
