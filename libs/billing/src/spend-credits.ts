import type { SpendCredits as SpendInput } from '@billfleet/contracts';
import { creditBalance, InvariantError, spendCredits } from '@billfleet/domain';
import { credits, usage } from '@billfleet/store';
import type { MovementRow, Problem, SpendSeen, UsageGround } from '@billfleet/store';
import { CreditBooks } from './credit-books.js';
import { newId } from './ids.js';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, FreshOutcome } from './requests-once.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import { UsageNews } from './usage-news.js';
import type { CreditBook } from './usage-standing.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What an action took, and what was left right after it; a replay answers the same. */
export type SpendView = SpendSeen & { readonly isReplay: boolean };

type Refused = { readonly kind: 'refused'; readonly problem: Problem };

/** What spending came to. */
export type SpendOutcome = { readonly kind: 'spent'; readonly spend: SpendView } | Refused;

type SpendCommand = Command<SpendInput>;

/** Spends credits on actions, each key once. */
export class SpendCredits {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /**
   * All at once, one after the other in order: plan credits first, then packages by earliest end. Whoever spends on or
   * after the anchor day gets the new month's credits first, in the same commit.
   */
  run(commands: readonly SpendCommand[]): Promise<readonly SpendOutcome[]> {
    const { store, clock, catalogue } = this.parts;
    const meter = catalogue.usage.creditLimit;
    return store.transaction(async (tx) => {
      const ids = meter === undefined ? [] : commands.filter(isTheirs).map(({ input }) => input.workspaceId);
      const [accounts, meters, grounds] = await Promise.all([
        credits.openAccounts(tx, [...new Set(ids)]),
        usage.openMeters(
          tx,
          ids.map((workspaceId) => ({ workspaceId, meter: meter ?? '' })),
        ),
        usage.findUsageGrounds(tx, ids),
      ]);
      const books = new CreditBooks(this.parts);
      books.bring(accounts, grounds);
      const made = new Map<string, SpendSeen>();
      // Accounts are locked before keys are looked up: whoever used a key first has committed by then.
      const outcomes = await answerOnce(tx, 'credits.spend', commands, (fresh) =>
        Promise.resolve(fresh.map((command) => spendOne(command, { books, grounds, made, clock }))),
      );
      const news = new UsageNews(this.parts);
      await books.save(tx, meters, news);
      await news.tell(tx);
      const refs = outcomes.flatMap((one) => (one.kind === 'accepted' && !made.has(one.ref) ? [one.ref] : []));
      const before = await credits.findSpends(tx, refs);
      return outcomes.map((outcome): SpendOutcome => {
        if (outcome.kind === 'refused') return outcome;
        const seen = made.get(outcome.ref) ?? before.get(outcome.ref);
        if (seen === undefined) throw new InvariantError(`the ledger lost the spending ${outcome.ref}`);
        return { kind: 'spent', spend: { ...seen, isReplay: outcome.isReplay } };
      });
    });
  }
}

const isTheirs = ({ actorWorkspaceId, input }: SpendCommand): boolean =>
  actorWorkspaceId === null || actorWorkspaceId === input.workspaceId;

type Spending = {
  readonly books: CreditBooks;
  readonly grounds: ReadonlyMap<string, UsageGround>;
  readonly made: Map<string, SpendSeen>;
  readonly clock: WorkspaceClock;
};

function spendOne(command: SpendCommand, { books, grounds, made, clock }: Spending): FreshOutcome {
  const { workspaceId, amount, action } = command.input;
  const ground = isTheirs(command) ? grounds.get(workspaceId) : undefined;
  if (ground === undefined) return unknownWorkspace(workspaceId);
  const book = books.get(workspaceId);
  if (book?.account === undefined || book.claim === undefined) return refuseEnded(ground);
  const { account, claim } = book;
  const outcome = spendCredits(account, amount, claim.monthly === 'unlimited');
  if (outcome.kind === 'exhausted') return refuseExhausted(book);
  const id = newId();
  const spend = { id, action };
  const { monthStartsOn } = account;
  const rows = outcome.movements.map((movement): MovementRow => ({
    ...movement,
    ...{ workspaceId, monthStartsOn, spend, at: clock.nowOf(ground) },
  }));
  books.set({ ...book, account: outcome.account, movements: [...book.movements, ...rows], isChanged: true });
  const taken = outcome.movements.filter(({ kind }) => kind === 'spend');
  made.set(id, {
    spendId: id,
    action,
    left: creditBalance(outcome.account),
    takenFrom: taken.map((movement) => ({ source: movement.source, amount: -movement.amount })),
  });
  return { kind: 'accepted', ref: id };
}

function refuseEnded({ subscription, trialEndsOn }: UsageGround): Refused {
  const isNew = subscription === null && trialEndsOn === null;
  return refused(409, {
    code: isNew ? 'subscription_missing' : 'subscription_ended',
    field: 'workspaceId',
    found: isNew ? 'a workspace without a subscription or a trial' : 'a term or a trial that is over',
    wanted: 'a workspace with a running subscription or trial',
  });
}

function refuseExhausted({ account }: CreditBook): Refused {
  return refused(409, {
    code: 'credits_exhausted',
    field: 'amount',
    found: `${String(creditBalance(account))} credits left`,
    wanted: `credits: those of the next month come on ${String(account?.monthEndsOn)}, packages and seats bring more at once`,
  });
}
