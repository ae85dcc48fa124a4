import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anchorMonth } from './anchor-month.js';
import { addDays, addMonths, civilDate, compare } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { bringCredits, creditBalance, creditsGranted, PLAN_SOURCE, spendCredits } from './credits.js';
import type { CreditAccount, CreditClaim, CreditMovement } from './credits.js';

const RUNS = 10_000;
const day = civilDate;

const claimOn = (anchorOn: string, monthly: number, packages: CreditClaim['packages'] = []): CreditClaim => ({
  ...{ basis: 'plan', anchorOn: day(anchorOn), monthly: { amount: monthly }, packages },
});
const packageOf = (key: string, amount: number, startsOn: string, endsOn: string) => ({
  ...{ key, amount, startsOn: day(startsOn), endsOn: day(endsOn) },
});

function brought(before: CreditAccount | undefined, claim: CreditClaim, today: string): CreditAccount {
  const { account } = bringCredits(before, claim, day(today));
  if (account === undefined) throw new Error('no account');
  return account;
}

function spent(account: CreditAccount, amount: number): CreditAccount {
  const outcome = spendCredits(account, amount, false);
  if (outcome.kind === 'exhausted') throw new Error('exhausted');
  return outcome.account;
}

describe('the credits of Advanced with one seat that renew on 15 July, and a package of 5,000', () => {
  const plan = claimOn('2026-01-15', 1_250);
  const both = claimOn('2026-01-15', 1_250, [packageOf('o/p', 5_000, '2026-06-15', '2026-09-15')]);
  const before = spent(brought(undefined, plan, '2026-06-20'), 1_250);

  test('are 6,250 together, of which the plan’s were used', () => {
    const account = brought(before, both, '2026-06-25');
    expect([creditsGranted(account), creditBalance(account)]).toEqual([6_250, 5_000]);
  });

  test('begin anew on 15 July, without what was left', () => {
    const july = bringCredits(spent(brought(before, both, '2026-06-25'), 1_000), both, day('2026-07-15'));
    expect(july.account).toMatchObject({ monthStartsOn: '2026-07-15', monthEndsOn: '2026-08-15', spent: 0 });
    expect(creditBalance(july.account)).toBe(6_250);
    expect(july.movements).toEqual([
      { kind: 'expire', source: 'o/p', amount: -4_000, balanceAfter: 0 },
      { kind: 'grant', source: PLAN_SOURCE, amount: 1_250, balanceAfter: 1_250 },
      { kind: 'grant', source: 'o/p', amount: 5_000, balanceAfter: 6_250 },
    ]);
  });

  test('do not begin anew the day before', () => {
    expect(bringCredits(before, plan, day('2026-07-14'))).toMatchObject({ movements: [], isNewMonth: false });
  });

  test('end with the package', () => {
    expect(creditBalance(brought(brought(before, both, '2026-08-20'), both, '2026-09-15'))).toBe(1_250);
  });
});

describe('a month of credits', () => {
  test.each([
    ['2026-01-31', '2026-02-28', '2026-02-28', '2026-03-31'],
    ['2026-01-31', '2026-03-30', '2026-02-28', '2026-03-31'],
    ['2026-01-31', '2026-03-31', '2026-03-31', '2026-04-30'],
    ['2028-02-29', '2029-02-28', '2029-02-28', '2029-03-29'],
  ])('anchored on %s, on %s, runs from %s to %s', (anchorOn, today, monthStartsOn, monthEndsOn) => {
    expect(brought(undefined, claimOn(anchorOn, 10), today)).toMatchObject({ monthStartsOn, monthEndsOn });
  });

  test('grants added seats whole and at once, and takes removed ones away with the next month only', () => {
    const three = brought(
      spent(brought(undefined, claimOn('2026-01-15', 20), '2026-01-20'), 15),
      claimOn('2026-01-15', 30),
      '2026-02-14',
    );
    expect(creditBalance(three)).toBe(15);
    const one = brought(three, claimOn('2026-01-15', 10), '2026-02-14');
    expect(creditBalance(one)).toBe(15);
    expect(creditBalance(brought(one, claimOn('2026-01-15', 10), '2026-02-15'))).toBe(10);
  });

  test('spends packages by earliest end, after the plan', () => {
    const packages = [
      packageOf('late', 10, '2026-01-15', '2026-07-15'),
      packageOf('early', 10, '2026-01-15', '2026-04-15'),
    ];
    const account = brought(undefined, claimOn('2026-01-15', 10, packages), '2026-01-15');
    const outcome = spendCredits(account, 25, false);
    expect(outcome.kind === 'spent' && outcome.movements.map(({ source, amount }) => [source, amount])).toEqual([
      [PLAN_SOURCE, -10],
      ['early', -10],
      ['late', -5],
    ]);
  });

  test('of a plan without limit grants what is spent', () => {
    const claim: CreditClaim = { ...claimOn('2026-01-15', 0), monthly: 'unlimited' };
    const outcome = spendCredits(brought(undefined, claim, '2026-01-15'), 7, true);
    expect(outcome).toMatchObject({ kind: 'spent', account: { spent: 7 } });
    expect(outcome.kind === 'spent' && outcome.movements.map(({ amount }) => amount)).toEqual([7, -7]);
  });

  test('of a trial ends with the purchase, and nothing of it is carried over', () => {
    const trial = brought(undefined, { ...claimOn('2026-01-10', 1_800), basis: 'trial' }, '2026-01-12');
    const bought = brought(spent(trial, 100), claimOn('2026-01-14', 1_250), '2026-01-14');
    expect([bought.basis, creditBalance(bought)]).toEqual(['plan', 1_250]);
  });

  test('is over once there is no claim any more', () => {
    const account = brought(undefined, claimOn('2026-01-15', 10), '2026-01-15');
    const end = bringCredits(account, undefined, day('2026-02-15'));
    expect(end).toMatchObject({ account: undefined, movements: [{ kind: 'expire', amount: -10, balanceAfter: 0 }] });
  });
});

/** What happens to an account, one after the other, on days that never go back. */
type Step = { readonly days: number; readonly amount?: number; readonly monthly?: number; readonly package?: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ days: fc.integer({ min: 0, max: 40 }), amount: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ days: fc.integer({ min: 0, max: 40 }), monthly: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ days: fc.integer({ min: 0, max: 40 }), package: fc.integer({ min: 1, max: 500 }) }),
);
const anyLife = fc.record({
  anchorOn: fc.integer({ min: 0, max: 1_500 }).map((days) => addDays(civilDate('2026-01-01'), days)),
  monthly: fc.integer({ min: 0, max: 500 }),
  steps: fc.array(anyStep, { maxLength: 8 }),
});

type Seen = { readonly account: CreditAccount; readonly claim: CreditClaim; readonly today: CivilDate };

/** Plays a life through, and answers the ledger and what was seen after each step. */
function play({ anchorOn, monthly, steps }: { anchorOn: CivilDate; monthly: number; steps: readonly Step[] }) {
  const ledger: CreditMovement[] = [];
  const actions: { before: number; amount: number; left: number; isRefused: boolean }[] = [];
  const seen: (Seen & { readonly before: CreditAccount | undefined })[] = [];
  let account: CreditAccount | undefined;
  let claim: CreditClaim = { basis: 'plan', anchorOn, monthly: { amount: monthly }, packages: [] };
  let today = anchorOn;
  steps.forEach((step, index) => {
    today = addDays(today, step.days);
    if (step.monthly !== undefined) claim = { ...claim, monthly: { amount: step.monthly } };
    if (step.package !== undefined) {
      const { startsOn } = anchorMonth(anchorOn, today);
      const endsOn = addMonths(startsOn, 3);
      claim = {
        ...claim,
        packages: [...claim.packages, { key: `p${String(index)}`, amount: step.package, startsOn, endsOn }],
      };
    }
    const before = account;
    const brought = bringCredits(account, claim, today);
    ledger.push(...brought.movements);
    account = brought.account;
    if (account === undefined) throw new Error('no account');
    if (step.amount !== undefined) {
      const balance = creditBalance(account);
      const outcome = spendCredits(account, step.amount, false);
      if (outcome.kind === 'spent') {
        ledger.push(...outcome.movements);
        account = outcome.account;
      }
      const isRefused = outcome.kind === 'exhausted';
      actions.push({ before: balance, amount: step.amount, left: creditBalance(account), isRefused });
    }
    seen.push({ account, claim, today, before });
  });
  return { ledger, seen, actions };
}

/** An expectation of the test runner costs more than a whole life, so those of the properties are plain. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

describe('any life of an account', () => {
  const always = (check: (life: ReturnType<typeof play>) => void): void => {
    fc.assert(
      fc.property(anyLife, (life) => {
        check(play(life));
      }),
      { numRuns: RUNS },
    );
  };

  test('is a ledger that adds up: to each balance, and to what each source has left', () => {
    always(({ ledger, seen }) => {
      let sum = 0;
      for (const { amount, balanceAfter } of ledger) {
        sum += amount;
        must(balanceAfter === sum, 'each line has the balance after it');
      }
      const last = seen.at(-1)?.account;
      must(creditBalance(last) === sum, 'the balance is the sum of the ledger');
      for (const { key, left } of last?.sources ?? []) {
        const ofSource = ledger.filter(({ source }) => source === key).reduce((total, { amount }) => total + amount, 0);
        must(ofSource === left, 'a source has left what its lines add up to');
      }
    });
  });

  test('falls below zero only by an action that began with credits, and refuses the next one', () => {
    always(({ actions }) => {
      for (const { before, amount, left, isRefused } of actions) {
        must(isRefused === before <= 0, 'an action is refused only where nothing is left');
        must(left === (isRefused ? before : before - amount), 'an action takes what it costs, or nothing');
      }
    });
  });

  test('spends the plan first and then packages by earliest end: no later source is touched while an earlier one has credits', () => {
    always(({ seen }) => {
      for (const { account } of seen) {
        const { sources } = account;
        must(sources[0]?.key === PLAN_SOURCE, 'the plan is first');
        const ends = sources.slice(1).map(({ endsOn }) => endsOn ?? '');
        must(ends.join() === [...ends].sort().join(), 'packages stand by their end');
      }
    });
    fc.assert(
      fc.property(anyLife, fc.integer({ min: 1, max: 2_000 }), (life, amount) => {
        const account = play(life).seen.at(-1)?.account;
        if (account === undefined) return;
        const outcome = spendCredits(account, amount, false);
        if (outcome.kind === 'exhausted') return;
        const isTouched = outcome.account.sources.map(({ left }, index) => left < (account.sources[index]?.left ?? 0));
        const lastTouched = isTouched.lastIndexOf(true);
        for (const { left } of outcome.account.sources.slice(0, lastTouched))
          must(left <= 0, 'an earlier source is empty');
      }),
      { numRuns: RUNS },
    );
  });

  test('has no more in a new month than what was granted for it, whatever was left', () => {
    always(({ seen }) => {
      for (const { account, before, claim, today } of seen) {
        const { startsOn, endsOn } = anchorMonth(claim.anchorOn, today);
        must(account.monthStartsOn === startsOn && account.monthEndsOn === endsOn, 'the month is that of the anchor');
        must(
          creditsGranted(account) - account.spent === creditBalance(account),
          'what is granted and not spent is left',
        );
        if (before === undefined || compare(before.monthEndsOn, today) > 0) continue;
        const running = claim.packages.filter(
          (one) => compare(one.startsOn, today) <= 0 && compare(one.endsOn, today) > 0,
        );
        const monthly = typeof claim.monthly === 'string' ? 0 : claim.monthly.amount;
        must(
          creditsGranted(account) === running.reduce((sum, { amount }) => sum + amount, monthly),
          'a new month has what it is granted',
        );
      }
    });
  });

  test('changes nothing when it is brought up to the same day again', () => {
    always(({ seen }) => {
      for (const { account, claim, today } of seen) {
        const again = bringCredits(account, claim, today);
        must(again.movements.length === 0 && !again.isNewMonth, 'nothing moves');
        must(JSON.stringify(again.account) === JSON.stringify(account), 'the account stays as it is');
      }
    });
  });
});
