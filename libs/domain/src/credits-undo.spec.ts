import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { civilDate } from './calendar.js';
import { bringCredits, creditBalance, spendCredits } from './credits.js';
import type { CreditAccount, CreditClaim } from './credits.js';
import { undoCredits } from './credits-undo.js';

const TODAY = civilDate('2026-10-05');
const claimOf = (monthly: number, packages: number): CreditClaim => ({
  ...{ basis: 'plan', anchorOn: civilDate('2026-01-15'), monthly: { amount: monthly } },
  packages:
    packages === 0
      ? []
      : [{ key: 'o/p', amount: packages, startsOn: civilDate('2026-09-15'), endsOn: civilDate('2026-12-15') }],
});
const brought = (before: CreditAccount | undefined, claim: CreditClaim): CreditAccount => {
  const { account } = bringCredits(before, claim, TODAY);
  if (account === undefined) throw new Error('no account');
  return account;
};
function spent(account: CreditAccount, amount: number): CreditAccount {
  if (amount === 0) return account;
  const outcome = spendCredits(account, amount, false);
  return outcome.kind === 'spent' ? outcome.account : account;
}

describe('undone packages of 5,000 on top of 1,000 of the plan', () => {
  const before = spent(brought(undefined, claimOf(1_000, 0)), 300);
  const current = brought(before, claimOf(1_000, 5_000));
  const undo = (account: CreditAccount) =>
    undoCredits({ current: account, before, claim: claimOf(1_000, 0), today: TODAY });

  test('leave the account as it was', () => {
    expect(undo(current)).toEqual({
      ...{ kind: 'undone', account: before },
      movements: [{ kind: 'expire', source: 'o/p', amount: -5_000, balanceAfter: 700 }],
    });
  });

  test('have what was spent since come out of what there was before, to the last credit', () => {
    const outcome = undo(spent(current, 700));
    expect(outcome).toMatchObject({ kind: 'undone', account: { spent: 1_000 } });
    expect(outcome.kind === 'undone' && creditBalance(outcome.account)).toBe(0);
    expect(undo(spent(current, 701))).toEqual({ kind: 'spent', spent: 701, left: 700 });
  });
});

test('an undone first purchase leaves nothing, unless something of it is spent', () => {
  const current = brought(undefined, claimOf(1_000, 0));
  const without = { before: undefined, claim: undefined, today: TODAY };
  expect(undoCredits({ current, ...without })).toMatchObject({
    ...{ kind: 'undone', account: undefined, movements: [{ kind: 'expire', amount: -1_000, balanceAfter: 0 }] },
  });
  expect(undoCredits({ current: spent(current, 1), ...without })).toEqual({ kind: 'spent', spent: 1, left: 0 });
});

test('the lines of any undo bring the ledger to the account that is left, and nothing but the change is taken back', () => {
  const amounts = fc.nat({ max: 3_000 });
  fc.assert(
    fc.property(amounts, amounts, amounts, amounts, amounts, (plan, more, packages, first, since) => {
      const before = spent(brought(undefined, claimOf(plan, 0)), first);
      const current = spent(brought(before, claimOf(plan + more, packages)), since);
      const outcome = undoCredits({ current, before, claim: claimOf(plan, 0), today: TODAY });
      const reallySince = current.spent - before.spent;
      if (outcome.kind === 'spent') {
        expect(reallySince > Math.max(0, creditBalance(before))).toBe(true);
        return;
      }
      const moved = outcome.movements.reduce((sum, { amount }) => sum + amount, 0);
      expect(creditBalance(current) + moved).toBe(creditBalance(outcome.account));
      expect(creditBalance(outcome.account)).toBe(creditBalance(before) - reallySince);
      for (const { key, left } of outcome.account?.sources ?? []) {
        const had = current.sources.find((source) => source.key === key)?.left ?? 0;
        const line = outcome.movements.find(({ source }) => source === key)?.amount ?? 0;
        expect(had + line).toBe(left);
      }
    }),
    { numRuns: 2_000 },
  );
});
