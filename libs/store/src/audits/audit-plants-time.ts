import { cases, workspaceId } from './audit-world.js';

const CLOCK_ID = '0190a000-0000-7000-8000-c10c00000001';

/** Puts a workspace on a clock that shows this. */
const onClock = (nowAt: string, n: number = cases.plain, targetAt = 'null'): string =>
  `insert into test_clock (id, name, now_at, target_at, created_by, recognised_to)
     values ('${CLOCK_ID}', 'planted', '${nowAt}', ${targetAt}, 'who', '2100-01-01');
   update workspace set test_clock_id = '${CLOCK_ID}' where id = '${workspaceId(n)}'`;

/** For each audit of time the corruptions that it must notice, each by itself. */
export const timePlants = {
  B30: [
    // Credits moved, a threshold was reached and a term was reminded of in September 2026.
    onClock('2026-09-09T00:00:00Z'),
    `${onClock('2027-01-01T00:00:00Z')};
     update credit_movement set at = at - interval '2 minutes' where kind = 'spend'`,
    `delete from credit_movement; delete from usage_crossing; update renewal set reminded_at = '2026-09-10T00:00:00Z';
     ${onClock('2026-09-09T00:00:00Z')}; update workspace set test_clock_id = '${CLOCK_ID}' where id in (select workspace_id from renewal)`,
  ],
  L09: [
    onClock('2027-01-01T00:00:00Z', cases.plain, `'2027-01-02T00:00:00Z'`),
    `${onClock('2027-01-01T00:00:00Z')}; update subscription set turn_at = '2027-01-01T00:00:00Z' where workspace_id = '${workspaceId(cases.plain)}'`,
    `${onClock('2027-01-01T00:00:00Z', cases.open)}; update orders set expires_at = '2026-12-31T00:00:00Z' where workspace_id = '${workspaceId(cases.open)}'`,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
