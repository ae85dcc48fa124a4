import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { civilDate } from './calendar.js';
import { decideRefund, leftToRefund, unusedDays } from './refund-wish.js';
import type { PaymentHeld, RefundQuestion } from './refund-wish.js';

const held = (chargedMinor: bigint, gone: Partial<PaymentHeld> = {}): PaymentHeld => ({
  ...{ chargedMinor, refundedMinor: 0n, owedMinor: 0n, takenBackMinor: 0n },
  ...gone,
});
const question = (more: Partial<RefundQuestion>): RefundQuestion => ({
  ...{ wish: { what: 'all-left' }, currency: 'USD', payment: held(10_000n), priceMinor: 10_000n },
  ...more,
});
const days = { startsOn: civilDate('2026-07-01'), endsOn: civilDate('2027-01-01') };

describe('what is left of a payment', () => {
  test('is its charge less what went back, is owed back, and what its bank took', () => {
    const payment = held(10_000n, { refundedMinor: 1_000n, owedMinor: 200n, takenBackMinor: 30n });
    expect(leftToRefund(payment)).toBe(8_770n);
    expect(decideRefund(question({ payment }))).toMatchObject({ kind: 'refund', amountMinor: 8_770n });
  });

  test('is nothing where a bank took more than there was', () => {
    expect(leftToRefund(held(10_000n, { refundedMinor: 1_000n, takenBackMinor: 10_000n }))).toBe(0n);
  });
});

describe('unused days', () => {
  test.each([
    ['2026-06-01', 184],
    ['2026-07-01', 184],
    ['2026-10-01', 92],
    ['2026-12-31', 1],
    ['2027-01-01', 0],
    ['2028-01-01', 0],
  ])('on %s are %d: the day itself counts', (today, leftDays) => {
    expect(unusedDays(days, civilDate(today))).toEqual({ leftDays, wholeDays: 184 });
  });

  test('give back their share of the price, rounded half up once', () => {
    const decision = decideRefund(
      question({ wish: { what: 'unused-days' }, priceMinor: 10_001n, days: { leftDays: 92, wholeDays: 184 } }),
    );
    expect(decision).toEqual({
      ...{ kind: 'refund', amountMinor: 5_001n },
      derivation: { what: 'unused-days', leftDays: 92, wholeDays: 184, priceMinor: 10_001n, roundedMinor: 5_001n },
    });
  });

  test('give back no more than what is left of the payment', () => {
    const payment = held(10_000n, { refundedMinor: 7_000n });
    const decision = decideRefund(
      question({ wish: { what: 'unused-days' }, payment, days: { leftDays: 1, wholeDays: 2 } }),
    );
    expect(decision).toMatchObject({ amountMinor: 3_000n, derivation: { roundedMinor: 5_000n } });
  });
});

test.each<[string, Partial<RefundQuestion>, string, string]>([
  [
    'more than is left',
    { wish: { what: 'amount', amountMinor: 10_001n, currency: 'USD' } },
    'refund_exceeds_rest',
    'amountMinor',
  ],
  [
    'another currency',
    { wish: { what: 'amount', amountMinor: 1n, currency: 'BRL' } },
    'refund_currency_differs',
    'currency',
  ],
  ['a payment that went back', { payment: held(5n, { owedMinor: 5n }) }, 'refund_exceeds_rest', 'attemptId'],
  [
    'days that are over',
    { wish: { what: 'unused-days' }, days: { leftDays: 0, wholeDays: 9 } },
    'nothing_to_refund',
    'what',
  ],
  ['days that were never bought', { wish: { what: 'unused-days' } }, 'nothing_to_refund', 'what'],
])('%s is refused', (_name, more, code, field) => {
  expect(decideRefund(question(more))).toMatchObject({ kind: 'refused', code, field });
});

test('whatever goes back is above zero and never above what is left', () => {
  const amounts = fc.bigInt({ min: 0n, max: 5_000n });
  const wishes = fc.oneof(
    fc.constant({ what: 'all-left' } as const),
    fc.constant({ what: 'unused-days' } as const),
    amounts.map((amountMinor) => ({ what: 'amount', amountMinor: amountMinor + 1n, currency: 'USD' }) as const),
  );
  const anyDays = fc.record({ leftDays: fc.nat({ max: 400 }), more: fc.nat({ max: 400 }) });
  fc.assert(
    fc.property(wishes, fc.tuple(amounts, amounts, amounts, amounts), anyDays, (wish, parts, { leftDays, more }) => {
      const [chargedMinor, refundedMinor, owedMinor, takenBackMinor] = parts;
      const payment = { chargedMinor, refundedMinor, owedMinor, takenBackMinor };
      const asked = { wish, payment, priceMinor: chargedMinor, days: { leftDays, wholeDays: leftDays + more } };
      const decision = decideRefund(question(asked));
      if (decision.kind === 'refused') return;
      expect(decision.amountMinor > 0n && decision.amountMinor <= leftToRefund(payment)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
