import { pendingMigrations, workDesk } from '@billfleet/store';
import type { OpenStore } from '../open-store.js';
import { openStore } from '../open-store.js';
import type { Check } from './checkup.js';

const VERSION_MINIMUM = 16;
const LAG_SECONDS_MAX = 60;

/** PostgreSQL: reachable and new enough; the schema up to date; owed work done in time. */
export function databaseChecks(url: string): Check[] {
  const inDatabase = async <Result>(use: (open: OpenStore) => Promise<Result>): Promise<Result> => {
    const open = await openStore(url);
    try {
      return await use(open);
    } finally {
      await open.close();
    }
  };
  return [
    {
      name: 'PostgreSQL',
      fix: `start PostgreSQL ${String(VERSION_MINIMUM)} or newer, or set DATABASE_URL`,
      run: () =>
        inDatabase(async ({ store }) => {
          const [row] = await store.query<{ server_version: string }>('show server_version');
          const version = row?.server_version ?? '0';
          return { ok: Number.parseInt(version, 10) >= VERSION_MINIMUM, found: version };
        }),
    },
    {
      name: 'Migrations',
      fix: 'run ./billfleet migrate',
      run: () =>
        inDatabase(async ({ source }) => {
          const pending = await pendingMigrations(source);
          return {
            ok: pending.length === 0,
            found: pending.length === 0 ? 'none pending' : `pending: ${pending.join(', ')}`,
          };
        }),
    },
    {
      name: 'Owed work',
      fix: 'are the workers and the dispatcher up? Dead work: ./billfleet work list --state dead',
      run: () =>
        inDatabase(async ({ store }) => {
          const backlog = await workDesk.workBacklog(store);
          const owed = backlog.reduce((sum, one) => sum + one.owed, 0);
          const dead = backlog.reduce((sum, one) => sum + one.dead, 0);
          const lagSeconds = Math.max(0, ...backlog.map((one) => one.oldestDueSeconds));
          const found = `${String(owed)} owed, ${String(dead)} dead, oldest due for ${lagSeconds.toFixed(0)} s`;
          return { ok: dead === 0 && lagSeconds <= LAG_SECONDS_MAX, found };
        }),
    },
  ];
}
