import path from 'node:path';
import { loadCatalogue } from '@billfleet/billing';
import { civilDate, hourOfDay } from '@billfleet/domain';
import { migrate } from '@billfleet/store';
import type { Queryable } from '@billfleet/store';
import { checkoutRoot } from '../../../apps/cli/src/checkout.js';
import type { BenchRenewalsEngine } from '../../../apps/cli/src/commands/bench.js';
import { seedSubscriptions } from '../../support/seed-subscriptions.js';
import { rounded } from '../purchases/figures.js';
import { startServers, withClient } from '../purchases/servers.js';
import type { Servers } from '../purchases/servers.js';
import { RenewalPart } from './fleet-part.js';
import type { Swept } from './fleet-part.js';

const TODAY = '2026-12-01';
const ZONE = 'America/New_York';
const HOUR = 10;
const PRICE_LIST = 'general-2026-09';
/** The smaller fleet has so many times fewer subscriptions, and as many that are due. */
const TIMES_FEWER = 10;
/** Both fleets are swept in turns, so that whatever else the machine does slows both. */
const TURNS = 5;
const WARM_UP_LOOKS = 500;
const DIFFERENCE_PERCENT_MAX = 20;

type Counts = {
  readonly orders: number;
  readonly doubled: number;
  readonly charges: number;
  readonly mails: number;
  readonly left: number;
};
type Side = { readonly total: number; readonly url: string; readonly part: RenewalPart; readonly swept: Swept[] };

/** Renews what is due in a small and in a large fleet, in turns; the cost must follow what is due and not how many there are. */
export const benchRenewals: BenchRenewalsEngine = async ({ total, due, onProgress }) => {
  const servers = await startServers(onProgress);
  const sides: Side[] = [];
  try {
    for (const size of [Math.max(due, Math.round(total / TIMES_FEWER)), total]) {
      onProgress(`filling a fleet of ${String(size)} subscriptions`);
      sides.push(await sideOf(servers, size, due));
    }
    let peakMemoryBytes = 0;
    for (const side of sides) await side.part.run(Math.min(WARM_UP_LOOKS, due));
    for (let turn = 1; turn <= TURNS; turn += 1) {
      for (const side of turn % 2 === 0 ? sides.toReversed() : sides) {
        await servers.settle();
        const swept = await side.part.run(Math.ceil((due - Math.min(WARM_UP_LOOKS, due)) / TURNS));
        side.swept.push(swept);
        peakMemoryBytes = Math.max(peakMemoryBytes, process.memoryUsage().rss);
        onProgress(`${String(side.total)}: ${String(swept.looks)} terms in ${String(rounded(swept.seconds, 1))} s`);
      }
    }
    const [small, large] = sides;
    if (small === undefined || large === undefined) throw new Error('two fleets are compared');
    const counts = await Promise.all(sides.map(({ url }) => countsOf(url)));
    const differencePercent = rounded(Math.abs(1 - perSecond(large) / perSecond(small)) * 100, 1);
    const faults = faultsOf(sides, counts, due);
    return {
      ok: faults.length === 0 && differencePercent < DIFFERENCE_PERCENT_MAX,
      ordersPerSecond: rounded(perSecond(large)),
      differencePercent,
      fleets: sides.map((side, index) => ({
        ...{ total: side.total, due, ordersPerSecond: rounded(perSecond(side)) },
        seconds: rounded(secondsOf(side), 1),
        ...counts[index],
      })),
      peakMemoryMegabytes: Math.round(peakMemoryBytes / 1_048_576),
      faults,
    };
  } finally {
    for (const { part } of sides) await part.close();
    await servers.stop();
  }
};

async function sideOf(servers: Servers, total: number, due: number): Promise<Side> {
  const url = await servers.createDatabase(`renewals_${String(total)}`);
  await migrate(url);
  await withClient(url, async (client) => {
    const db: Queryable = {
      query: async <Row>(sql: string, values: readonly unknown[] = []) =>
        (await client.query(sql, [...values])).rows as Row[],
    };
    // What is filled in is right by the way it is made; checking it would take longer than the measurement.
    await client.query('set session_replication_role = replica');
    await seedSubscriptions(db, { total, due, today: TODAY, priceListId: PRICE_LIST });
    await client.query('vacuum analyze');
  });
  const catalogue = loadCatalogue(path.join(checkoutRoot(), 'config/catalogue.yaml'));
  const part = await RenewalPart.open(url, catalogue, hourOfDay(civilDate(TODAY), HOUR, ZONE));
  return { total, url, part, swept: [] };
}

const looksOf = ({ swept }: Side): number => swept.reduce((sum, one) => sum + one.looks, 0);
const secondsOf = ({ swept }: Side): number => swept.reduce((sum, one) => sum + one.seconds, 0);
const perSecond = (side: Side): number => looksOf(side) / secondsOf(side);

/** What is in the database afterwards: every look has made one order, by hand or with its charge. */
function countsOf(url: string): Promise<Counts> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Counts>(
      `select (select count(*)::int from orders where kind = 'renewal') as orders,
         (select count(*)::int from (select 1 from orders where kind = 'renewal' group by workspace_id having count(*) > 1) d) as doubled,
         (select count(*)::int from attempt where token is not null) as charges, (select count(*)::int from notification) as mails,
         (select count(*)::int from work where kind = 'renewal.decide') as left`,
    );
    const [found] = rows;
    if (found === undefined) throw new Error('the database answered nothing');
    return found;
  });
}

function faultsOf(sides: readonly Side[], counts: readonly Counts[], due: number): readonly string[] {
  return sides.flatMap(({ total, swept }, index) => {
    const { orders = 0, doubled = 0, charges = 0, mails = 0, left = 0 } = counts[index] ?? {};
    const failures = swept.reduce((sum, one) => sum + one.failures, 0);
    const found = { orders, doubled, charges, mails, left, failures };
    const wanted = {
      ...{ orders: due, doubled: 0, charges: Math.floor(due / 2), mails: Math.ceil(due / 2), left: 0, failures: 0 },
    };
    return JSON.stringify(found) === JSON.stringify(wanted)
      ? []
      : [`${String(total)}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`];
  });
}
