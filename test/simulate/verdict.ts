import { setTimeout as wait } from 'node:timers/promises';
import type { Queryable } from '@billfleet/store';
import { wrongPrices } from '../../apps/cli/src/price-audit.js';

const POLL_MS = 100;
const QUIET_LOOKS = 5;

/** Waits until nothing is owed but looks at open pages and at what the host product gives, and every event is told. Answers what is left at the deadline. */
export async function waitUntilTold(db: Queryable, withinMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + withinMs;
  for (let quiet = 0; ;) {
    const rows = await db.query<{ what: string }>(
      `select kind || coalesce(': ' || max(last_error), '') || ' × ' || count(*) as what from work
       where dead_at is null and (kind not in ('attempt.check', 'seats.check') or due_at <= now()) group by kind
       union all select 'event × ' || count(*) from event where status = 'owed' having count(*) > 0`,
    );
    quiet = rows.length === 0 ? quiet + 1 : 0;
    if (quiet >= QUIET_LOOKS) return [];
    if (performance.now() > deadline) return rows.map(({ what }) => what);
    await wait(POLL_MS);
  }
}

const AMOUNT = /^-?\d{1,30}$/;

/**
 * What the independent checker cannot explain: the sum of all differences between an amount and what its derivation comes to, in minor
 * units of whatever currency. A difference that is not one of amounts is found by the audit C01.
 */
export async function unexplainedMinor(db: Queryable): Promise<bigint> {
  let sum = 0n;
  for await (const { differences } of wrongPrices(db)) {
    for (const { what, expected, found } of differences) {
      if (!/minor/i.test(what)) continue;
      const [wanted, is] = [bare(expected), bare(found)];
      if (AMOUNT.test(wanted) && AMOUNT.test(is)) sum += abs(BigInt(wanted) - BigInt(is));
    }
  }
  return sum;
}

/** Amounts are shown as JSON, so in quotes. */
const bare = (text: string): string => text.replaceAll('"', '');
const abs = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
