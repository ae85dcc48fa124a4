import { anchorMonth } from './anchor-month.js';
import { compare } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import { entitlementsFor } from './entitlement.js';
import type { Entitlement } from './entitlement.js';
import { invariant } from './invariant.js';

/** The source that the credits of the plan, or of the trial, come from. Every account has it, and it is spent first. */
export const PLAN_SOURCE = 'plan';

/** Where credits of a month come from: the plan, or the packages of one order. All are whole credits. */
export type CreditSource = {
  readonly key: string;
  /** First day without the packages; null for the plan. */
  readonly endsOn: CivilDate | null;
  readonly granted: number;
  /** May be below zero by what the last action overspent. */
  readonly left: number;
};

/** The credits of a workspace in one month of its subscription or trial. */
export type CreditAccount = {
  readonly basis: 'trial' | 'plan';
  readonly monthStartsOn: CivilDate;
  /** The day on which the credits of the next month come; those of this one end. */
  readonly monthEndsOn: CivilDate;
  /** In the order in which they are spent: plan first, then packages by earliest end. */
  readonly sources: readonly CreditSource[];
  /** Spent in this month. */
  readonly spent: number;
};

/** The credits that a workspace may have today; undefined once its subscription or trial has ended. */
export type CreditClaim = {
  readonly basis: 'trial' | 'plan';
  /** The day from which its months are counted. */
  readonly anchorOn: CivilDate;
  /** What plan and seats, or the trial, give for a month. */
  readonly monthly: Entitlement;
  readonly packages: readonly (CivilRange & { readonly key: string; readonly amount: number })[];
};

/** One line of the ledger. The amount is signed; grants add, spending and the end of a month take away. */
export type CreditMovement = {
  readonly kind: 'grant' | 'spend' | 'expire';
  readonly source: string;
  readonly amount: number;
  /** All that is left after it, over all sources. */
  readonly balanceAfter: number;
};

/** An account brought up to a day. `isNewMonth`: whether a month's credits were given that were not there before. */
export type CreditsBrought = {
  readonly account: CreditAccount | undefined;
  readonly movements: readonly CreditMovement[];
  readonly isNewMonth: boolean;
};

/** What is left over all sources; below zero only by what the last action overspent. */
export function creditBalance(account: CreditAccount | undefined): number {
  return (account?.sources ?? []).reduce((sum, { left }) => sum + left, 0);
}

/** What was granted for the month over all sources. */
export function creditsGranted(account: CreditAccount | undefined): number {
  return (account?.sources ?? []).reduce((sum, { granted }) => sum + granted, 0);
}

/** What a plan or a trial grants for a month with so many seats: nothing where it has no such limit. */
export function monthlyCredits(
  limits: Parameters<typeof entitlementsFor>[0],
  seats: number,
  limit: string,
): Entitlement {
  return entitlementsFor(limits, seats)[limit] ?? 'none';
}

/**
 * Brings an account up to a day. Once its month has ended, or it goes from trial to plan, what is left ends without
 * carry-over and the present month is granted in full; months that nobody saw in between leave nothing. Within a month,
 * more seats or a higher plan grant the whole difference at once, packages what they hold, and fewer seats change nothing
 * until the next grant. Repeats on the same day with the same claim change nothing.
 */
export function bringCredits(
  before: CreditAccount | undefined,
  claim: CreditClaim | undefined,
  today: CivilDate,
): CreditsBrought {
  const isOver =
    before !== undefined &&
    (claim === undefined || compare(today, before.monthEndsOn) >= 0 || claim.basis !== before.basis);
  const ended = isOver ? expire(before) : [];
  const current = isOver ? undefined : before;
  if (claim === undefined) return { account: undefined, movements: ended, isNewMonth: false };
  const account = current ?? openMonth(claim, today);
  const { sources, grants } = grantSources(account, claim, today);
  const [balance, movements] = [creditBalance(account), [...ended]];
  let balanceAfter = balance;
  for (const { source, amount } of grants) {
    balanceAfter += amount;
    movements.push({ kind: 'grant', source, amount, balanceAfter });
  }
  return { account: { ...account, sources }, movements, isNewMonth: current === undefined };
}

function openMonth({ basis, anchorOn }: CreditClaim, today: CivilDate): CreditAccount {
  const { startsOn, endsOn } = anchorMonth(anchorOn, today);
  const plan: CreditSource = { key: PLAN_SOURCE, endsOn: null, granted: 0, left: 0 };
  return { basis, monthStartsOn: startsOn, monthEndsOn: endsOn, sources: [plan], spent: 0 };
}

function expire(account: CreditAccount): readonly CreditMovement[] {
  let balanceAfter = creditBalance(account);
  return account.sources.flatMap(({ key, left }) => {
    if (left === 0) return [];
    balanceAfter -= left;
    return [{ kind: 'expire' as const, source: key, amount: -left, balanceAfter }];
  });
}

type SourceGrant = { readonly source: string; readonly amount: number };

function grantSources(
  account: CreditAccount,
  claim: CreditClaim,
  today: CivilDate,
): { readonly sources: readonly CreditSource[]; readonly grants: readonly SourceGrant[] } {
  const due = [
    { key: PLAN_SOURCE, endsOn: null, amount: typeof claim.monthly === 'string' ? 0 : claim.monthly.amount },
    ...claim.packages.filter(({ startsOn, endsOn }) => compare(startsOn, today) <= 0 && compare(endsOn, today) > 0),
  ];
  const byKey = new Map(account.sources.map((source) => [source.key, source]));
  const grants: SourceGrant[] = [];
  for (const { key, endsOn, amount } of due) {
    const { granted, left } = byKey.get(key) ?? { granted: 0, left: 0 };
    const more = Math.max(0, amount - granted);
    if (more > 0) grants.push({ source: key, amount: more });
    byKey.set(key, { key, endsOn, granted: granted + more, left: left + more });
  }
  return { sources: [...byKey.values()].sort(bySpending), grants };
}

function bySpending(left: CreditSource, right: CreditSource): number {
  if (left.endsOn === null || right.endsOn === null)
    return Number(left.endsOn !== null) - Number(right.endsOn !== null);
  return compare(left.endsOn, right.endsOn) || (left.key < right.key ? -1 : 1);
}

/** Credits taken for an action, or the refusal because nothing is left. */
export type SpendOutcome =
  | { readonly kind: 'spent'; readonly account: CreditAccount; readonly movements: readonly CreditMovement[] }
  | { readonly kind: 'exhausted' };

/**
 * Takes credits for one action that has been done: plan credits first, then packages by earliest end. As long as anything
 * is left the action goes through, so the last one may overspend once; what it overspends is owed by the plan's credits
 * until more come in or the month ends. A plan without limit grants what is spent.
 * @throws InvariantError unless the amount is a whole number from 1.
 */
export function spendCredits(account: CreditAccount, amount: number, isUnlimited: boolean): SpendOutcome {
  invariant(Number.isSafeInteger(amount) && amount >= 1, `credits are spent in whole numbers from 1, found ${amount}`);
  const balance = creditBalance(account);
  if (isUnlimited) return spendUnlimited(account, amount, balance);
  if (balance <= 0) return { kind: 'exhausted' };
  let open = amount;
  const taken = account.sources.map(({ left }) => {
    const part = Math.min(open, Math.max(0, left));
    open -= part;
    return part;
  });
  let balanceAfter = balance;
  const movements: CreditMovement[] = [];
  const sources = account.sources.map((source, index) => {
    const part = (taken[index] ?? 0) + (source.key === PLAN_SOURCE ? open : 0);
    if (part === 0) return source;
    balanceAfter -= part;
    movements.push({ kind: 'spend', source: source.key, amount: -part, balanceAfter });
    return { ...source, left: source.left - part };
  });
  return { kind: 'spent', account: { ...account, sources, spent: account.spent + amount }, movements };
}

function spendUnlimited(account: CreditAccount, amount: number, balance: number): SpendOutcome {
  return {
    kind: 'spent',
    account: { ...account, spent: account.spent + amount },
    movements: [
      { kind: 'grant', source: PLAN_SOURCE, amount, balanceAfter: balance + amount },
      { kind: 'spend', source: PLAN_SOURCE, amount: -amount, balanceAfter: balance },
    ],
  };
}
