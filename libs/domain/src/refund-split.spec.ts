import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitRefund } from './refund-split.js';

const payments = (...left: readonly bigint[]) =>
  left.map((leftMinor, index) => ({ attemptId: `a${String(index)}`, leftMinor }));

test('the first payment that covers it gives it all back', () => {
  expect(splitRefund(300n, payments(300n, 1_000n))).toEqual({
    kind: 'split',
    portions: [{ attemptId: 'a0', amountMinor: 300n }],
  });
});

test('what one payment does not cover comes from the next', () => {
  expect(splitRefund(300n, payments(0n, 120n, 1_000n))).toEqual({
    kind: 'split',
    portions: [
      { attemptId: 'a1', amountMinor: 120n },
      { attemptId: 'a2', amountMinor: 180n },
    ],
  });
});

test('more than all payments hold is not split', () => {
  expect(splitRefund(300n, payments(120n, 100n))).toEqual({ kind: 'short', coveredMinor: 220n });
});

test('portions add up to the amount, and none is above what is left', () => {
  const amounts = fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 3_000n }), amounts, (amountMinor, left) => {
      const given = payments(...left);
      const split = splitRefund(amountMinor, given);
      const heldMinor = left.reduce((sum, one) => sum + one, 0n);
      if (split.kind === 'short') {
        expect(split.coveredMinor).toBe(heldMinor);
        expect(heldMinor < amountMinor).toBe(true);
        return;
      }
      expect(split.portions.reduce((sum, one) => sum + one.amountMinor, 0n)).toBe(amountMinor);
      for (const portion of split.portions) {
        const payment = given.find(({ attemptId }) => attemptId === portion.attemptId);
        expect(portion.amountMinor > 0n && portion.amountMinor <= (payment?.leftMinor ?? 0n)).toBe(true);
      }
    }),
  );
});
