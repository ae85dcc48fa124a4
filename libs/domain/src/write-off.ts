import type { Refusal } from './refusal.js';

/** A payment whose money somebody outside of every provider holds, and what became of it, in minor units. */
export type HeldOutside = {
  readonly chargedMinor: bigint;
  readonly refundedMinor: bigint;
  readonly writtenOffMinor: bigint;
};

/** What the holder still has to hand over of a payment, and what can be given up of it; never below nothing. */
export function leftToWriteOff({ chargedMinor, refundedMinor, writtenOffMinor }: HeldOutside): bigint {
  const leftMinor = chargedMinor - refundedMinor - writtenOffMinor;
  return leftMinor > 0n ? leftMinor : 0n;
}

/** What is to be given up of a payment, in minor units of `currency`. */
export type WriteOffWish = { readonly amountMinor: bigint; readonly currency: string };

/** Why a write-off does not fit its payment; undefined where it does. Reads no clock. */
export function refuseWriteOff(
  { amountMinor, currency }: WriteOffWish,
  payment: HeldOutside & { readonly currency: string },
): Refusal<'write_off_currency_differs' | 'write_off_exceeds_held'> | undefined {
  if (currency !== payment.currency) {
    const wanted = `${payment.currency}, the currency of the payment`;
    return { code: 'write_off_currency_differs', field: 'currency', found: currency, wanted };
  }
  const leftMinor = leftToWriteOff(payment);
  if (amountMinor <= leftMinor) return undefined;
  const wanted = `at most ${leftMinor.toString()} minor units, which the holder still has`;
  return { code: 'write_off_exceeds_held', field: 'amountMinor', found: amountMinor.toString(), wanted };
}
