import { credits, usage } from '@billfleet/store';
import type { MeterRow, Tx, UsageGround } from '@billfleet/store';
import { CreditBooks } from './credit-books.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import { UsageNews } from './usage-news.js';
import { limitOf, standingOf } from './usage-standing.js';

type Parts = Pick<ApplyOrdersParts, 'catalogue' | 'clock'>;

/**
 * Lets credits and meters follow subscriptions that have just changed, in the same transaction: added seats, a higher plan
 * and packages grant their credits, and limits that rose clear the breaches that they end. Accounts and meters that nobody
 * has used yet are not opened for it: whoever looks first brings them up to date. Three statements where there is none.
 */
export async function followUsage(
  tx: Tx,
  parts: Parts,
  changed: readonly { readonly workspaceId: string }[],
): Promise<void> {
  const ids = [...new Set(changed.map(({ workspaceId }) => workspaceId))];
  if (ids.length === 0) return;
  const [accounts, rows] = await Promise.all([credits.lockAccounts(tx, ids), usage.lockMetersOf(tx, ids)]);
  if (accounts.size === 0 && rows.length === 0) return;
  const grounds = await usage.findUsageGrounds(tx, ids);
  const books = new CreditBooks(parts);
  books.bring(accounts, grounds);
  const news = new UsageNews(parts);
  const { creditLimit } = parts.catalogue.usage;
  await books.save(tx, new Map(rows.map((row) => [usage.meterNameText(row), row])), news);
  await usage.saveMeters(
    tx,
    rows.filter(({ meter }) => meter !== creditLimit).flatMap((row) => rejudged(row, { grounds, news, parts })),
  );
  await news.tell(tx);
}

type Judging = {
  readonly grounds: ReadonlyMap<string, UsageGround>;
  readonly news: UsageNews;
  readonly parts: Parts;
};

/** A meter against the limits of today; left out where its mark stays as it is. */
export function rejudged(row: MeterRow, { grounds, news, parts }: Judging): readonly MeterRow[] {
  const ground = grounds.get(row.workspaceId);
  if (ground === undefined) return [];
  const { limits } = standingOf(parts.catalogue, ground, parts.clock.nowOf(ground));
  const after = news.judge(row, limitOf(limits, row.meter), ground);
  const isSame =
    after.reachedPercent === row.reachedPercent &&
    after.isBlocked === row.isBlocked &&
    after.breachEndsAt?.getTime() === row.breachEndsAt?.getTime();
  return isSame ? [] : [after];
}
