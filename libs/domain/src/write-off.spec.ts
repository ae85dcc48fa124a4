import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leftToWriteOff, refuseWriteOff } from './write-off.js';

const anyMinor = fc.bigInt({ min: 0n, max: 10_000n });
const anyPayment = fc.record({ chargedMinor: anyMinor, refundedMinor: anyMinor, writtenOffMinor: anyMinor });

describe('what can be written off of a payment', () => {
  test('is what its holder still has, and never more', () => {
    fc.assert(
      fc.property(anyPayment, fc.bigInt({ min: 1n, max: 10_000n }), (payment, amountMinor) => {
        const refusal = refuseWriteOff({ amountMinor, currency: 'USD' }, { ...payment, currency: 'USD' });
        const { chargedMinor, refundedMinor, writtenOffMinor } = payment;
        expect(refusal === undefined).toBe(refundedMinor + writtenOffMinor + amountMinor <= chargedMinor);
        expect(leftToWriteOff(payment) >= 0n).toBe(true);
      }),
    );
  });

  test('is in the currency of the payment', () => {
    const payment = { chargedMinor: 10n, refundedMinor: 0n, writtenOffMinor: 0n, currency: 'USD' };
    expect(refuseWriteOff({ amountMinor: 1n, currency: 'BRL' }, payment)?.code).toBe('write_off_currency_differs');
  });
});
