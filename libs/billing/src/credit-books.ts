import { creditBalance, creditsGranted } from '@billfleet/domain';
import type { CreditAccount } from '@billfleet/domain';
import { credits, usage } from '@billfleet/store';
import type { Accounts, MeterRow, Tx, UsageGround } from '@billfleet/store';
import type { ApplyOrdersParts } from './subscription-changes.js';
import type { UsageNews } from './usage-news.js';
import { bringBook, creditLimitOf, nextGrantAt } from './usage-standing.js';
import type { CreditBook } from './usage-standing.js';

/** The credit accounts of one transaction, locked and brought up to now. */
export class CreditBooks {
  private readonly books = new Map<string, CreditBook>();

  constructor(private readonly parts: Pick<ApplyOrdersParts, 'catalogue' | 'clock'>) {}

  /** Brings locked accounts up to now; those of workspaces without a ground are left out. */
  bring(accounts: Accounts, grounds: ReadonlyMap<string, UsageGround>): void {
    for (const [workspaceId, account] of accounts) {
      const ground = grounds.get(workspaceId);
      if (ground === undefined) continue;
      const { catalogue, clock } = this.parts;
      this.books.set(workspaceId, bringBook(catalogue, ground, account, clock.nowOf(ground)));
    }
  }

  get(workspaceId: string): CreditBook | undefined {
    return this.books.get(workspaceId);
  }

  /** Replaces a book by what came of it. */
  set(book: CreditBook): void {
    this.books.set(book.ground.workspaceId, book);
  }

  /**
   * Stores what has changed: ledger, balances, and the meter of credits with what is to be told of it. `meters`: the locked
   * meters of credits, by name.
   */
  async save(tx: Tx, meters: ReadonlyMap<string, MeterRow>, news: UsageNews): Promise<void> {
    const { creditLimit: meter } = this.parts.catalogue.usage;
    const changed = [...this.books.values()].filter(({ isChanged }) => isChanged);
    if (changed.length === 0 || meter === undefined) return;
    const rows = changed.flatMap((book) => {
      const row = meters.get(usage.meterNameText({ workspaceId: book.ground.workspaceId, meter }));
      return row === undefined ? [] : [news.judge(this.meterOf(row, book), creditLimitOf(book), book.ground)];
    });
    for (const book of changed) if (book.isNewMonth) tellGrant(news, book);
    await Promise.all([
      credits.saveAccounts(
        tx,
        changed.map((book) => ({
          workspaceId: book.ground.workspaceId,
          account: book.account,
          balance: creditBalance(book.account),
          nextGrantAt: nextGrantAt(book),
        })),
      ),
      credits.insertMovements(
        tx,
        changed.flatMap(({ movements }) => movements),
      ),
      usage.saveMeters(tx, rows),
    ]);
  }

  private meterOf(row: MeterRow, book: CreditBook): MeterRow {
    const isSameMonth = !book.isNewMonth && book.account !== undefined;
    const now = this.parts.clock.nowOf(book.ground);
    const since = isSameMonth ? row.since : now;
    const used = book.account?.spent ?? 0;
    return { ...row, used, since, observedAt: now, monthEndsAt: nextGrantAt(book) };
  }
}

/** Tells the host product of a month's credits, once. */
function tellGrant(news: UsageNews, { account, ground }: CreditBook): void {
  if (account === undefined) return;
  const { workspaceId } = ground;
  const { basis, monthStartsOn, monthEndsOn } = account;
  news.add({
    workspaceId,
    cause: `${workspaceId}:${basis}:${monthStartsOn}`,
    type: 'credits.granted',
    data: {
      ...{ basis, monthStartsOn, monthEndsOn, granted: creditsGranted(account) },
      sources: sourcesView(account),
    },
  });
}

/** Where credits come from, in the order in which they are spent. */
export type CreditSourceView = {
  readonly source: string;
  readonly endsOn: string | null;
  readonly granted: number;
  readonly left: number;
};

/** The sources of an account as people see them. */
export const sourcesView = (account: CreditAccount | undefined): readonly CreditSourceView[] =>
  (account?.sources ?? []).map(({ key: source, endsOn, granted, left }) => ({ source, endsOn, granted, left }));
