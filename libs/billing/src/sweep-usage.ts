import { credits, usage } from '@billfleet/store';
import type { MeterRow, Tx } from '@billfleet/store';
import { CreditBooks } from './credit-books.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import type { SweepClock } from './sweep-clock.js';
import { UsageNews } from './usage-news.js';
import { limitOf, standingOf } from './usage-standing.js';

const SWEEP_MAX = 500;

/** Does what only time brings about: credits of a new month, the end of a breach, the end of a month's count. */
export class SweepUsage {
  constructor(
    private readonly parts: ApplyOrdersParts,
    private readonly clock: SweepClock,
  ) {}

  /** One chunk; answers how many accounts and meters it was. Reads are exact without it: it is there so that events are told. */
  async run(): Promise<number> {
    const accounts = await this.parts.store.transaction((tx) => this.grantMonths(tx));
    return accounts + (await this.parts.store.transaction((tx) => this.turnMeters(tx)));
  }

  private async grantMonths(tx: Tx): Promise<number> {
    const accounts = await credits.claimDueAccounts(tx, await this.clock.at(tx), SWEEP_MAX);
    const ids = [...accounts.keys()];
    if (ids.length === 0) return 0;
    const meter = this.parts.catalogue.usage.creditLimit ?? '';
    const [meters, grounds] = await Promise.all([
      usage.openMeters(
        tx,
        ids.map((workspaceId) => ({ workspaceId, meter })),
      ),
      usage.findUsageGrounds(tx, ids),
    ]);
    const books = new CreditBooks(this.parts);
    books.bring(accounts, grounds);
    const news = new UsageNews(this.parts);
    await books.save(tx, meters, news);
    await news.tell(tx);
    return ids.length;
  }

  private async turnMeters(tx: Tx): Promise<number> {
    const at = await this.clock.at(tx);
    const rows = await usage.claimDueMeters(tx, at, SWEEP_MAX);
    if (rows.length === 0) return 0;
    const grounds = await usage.findUsageGrounds(
      tx,
      rows.map((row) => row.workspaceId),
    );
    const news = new UsageNews(this.parts);
    const after = rows.flatMap((row) => {
      const ground = grounds.get(row.workspaceId);
      if (ground === undefined) return [];
      const { limits } = standingOf(this.parts.catalogue, ground, at.now);
      return [news.judge(closeMonth(row, at.now), limitOf(limits, row.meter), ground)];
    });
    await usage.saveMeters(tx, after);
    await news.tell(tx);
    return rows.length;
  }
}

/** A count whose month has ended: the next one begins when something is reported. */
function closeMonth(row: MeterRow, now: Date): MeterRow {
  if (row.monthEndsAt === null || row.monthEndsAt.getTime() > now.getTime()) return row;
  return { ...row, used: 0, firstUsed: 0, since: null, observedAt: null, monthEndsAt: null };
}
