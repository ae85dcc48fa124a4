import { civilDateIn, undoCredits } from '@billfleet/domain';
import type { CreditAccount, Refusal } from '@billfleet/domain';
import { credits, usage } from '@billfleet/store';
import type { Tx } from '@billfleet/store';
import { CreditBooks } from './credit-books.js';
import { rejudged } from './follow-usage.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import { UsageNews } from './usage-news.js';
import { claimOf } from './usage-standing.js';

/**
 * Takes back the credits that a change has granted, once the subscription is as it was before, and lets the meters follow. Answers why the change
 * cannot be undone where its credits are spent: then nothing of it may be committed.
 */
export async function undoUsage(
  tx: Tx,
  parts: Pick<ApplyOrdersParts, 'catalogue' | 'clock'>,
  { workspaceId, creditsBefore }: { readonly workspaceId: string; readonly creditsBefore: CreditAccount | undefined },
): Promise<Refusal | undefined> {
  const ids = [workspaceId];
  const [accounts, rows] = await Promise.all([credits.lockAccounts(tx, ids), usage.lockMetersOf(tx, ids)]);
  const grounds = await usage.findUsageGrounds(tx, ids);
  const [ground, current] = [grounds.get(workspaceId), accounts.get(workspaceId)];
  if (ground === undefined) return undefined;
  const now = parts.clock.nowOf(ground);
  const books = new CreditBooks(parts);
  const news = new UsageNews(parts);
  if (current !== undefined) {
    const claim = claimOf(parts.catalogue, ground, now);
    const outcome = undoCredits({ current, before: creditsBefore, claim, today: civilDateIn(now, ground.timeZone) });
    if (outcome.kind === 'spent') return refuseSpent(outcome);
    const { account } = outcome;
    const { monthStartsOn } = account ?? current;
    const movements = outcome.movements.map((movement) => ({
      ...{ ...movement, workspaceId, monthStartsOn, spend: null, at: now },
    }));
    books.set({ ground, claim, account, movements, isNewMonth: false, isChanged: true });
  }
  await books.save(tx, new Map(rows.map((row) => [usage.meterNameText(row), row])), news);
  const { creditLimit } = parts.catalogue.usage;
  await usage.saveMeters(
    tx,
    rows.filter(({ meter }) => meter !== creditLimit).flatMap((row) => rejudged(row, { grounds, news, parts })),
  );
  await news.tell(tx);
  return undefined;
}

const refuseSpent = ({ spent, left }: { readonly spent: number; readonly left: number }): Refusal => ({
  code: 'credits_spent',
  field: 'id',
  found: `${String(spent)} credits spent since, ${String(left)} there without the order`,
  wanted: 'an order whose credits are not spent',
});
