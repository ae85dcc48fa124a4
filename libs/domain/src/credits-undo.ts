import type { CivilDate } from './calendar.js';
import { bringCredits, creditBalance, spendCredits } from './credits.js';
import type { CreditAccount, CreditClaim, CreditMovement } from './credits.js';

/** An account whose last change is undone. `before`: as it was right before it; `claim`: what the workspace may have without it. */
export type CreditsToUndo = {
  readonly current: CreditAccount;
  readonly before: CreditAccount | undefined;
  readonly claim: CreditClaim | undefined;
  readonly today: CivilDate;
};

/** The account without the change, and the lines of the ledger that bring it there; or that credits of the change are spent. */
export type CreditsUndone =
  | {
      readonly kind: 'undone';
      readonly account: CreditAccount | undefined;
      readonly movements: readonly CreditMovement[];
    }
  | { readonly kind: 'spent'; readonly spent: number; readonly left: number };

/**
 * Takes back what a change has granted: the account is as if it had never been, with what was spent since taken out of what there was before. Where that
 * does not suffice, credits of the change are spent, and it cannot be undone.
 */
export function undoCredits({ current, before, claim, today }: CreditsToUndo): CreditsUndone {
  const isSameMonth = before?.basis === current.basis && before.monthStartsOn === current.monthStartsOn;
  const spent = current.spent - (isSameMonth ? before.spent : 0);
  const base = bringCredits(before, claim, today).account;
  if (spent === 0) return undone(current, base);
  const isUnlimited = claim?.monthly === 'unlimited';
  const left = creditBalance(base);
  if (base === undefined || (!isUnlimited && left < spent)) return { kind: 'spent', spent, left };
  const outcome = spendCredits(base, spent, isUnlimited);
  return outcome.kind === 'exhausted' ? { kind: 'spent', spent, left } : undone(current, outcome.account);
}

function undone(current: CreditAccount, account: CreditAccount | undefined): CreditsUndone {
  const leftOf = (one: CreditAccount | undefined, key: string): number =>
    one?.sources.find((source) => source.key === key)?.left ?? 0;
  const keys = new Set([...current.sources, ...(account?.sources ?? [])].map(({ key }) => key));
  const changes = [...keys].map((source) => ({ source, amount: leftOf(account, source) - leftOf(current, source) }));
  let balanceAfter = creditBalance(current);
  const movements = changes.flatMap(({ source, amount }): CreditMovement[] => {
    if (amount === 0) return [];
    balanceAfter += amount;
    return [{ kind: amount > 0 ? 'grant' : 'expire', source, amount, balanceAfter }];
  });
  return { kind: 'undone', account, movements };
}
