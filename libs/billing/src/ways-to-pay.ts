import { checkPayment } from '@billfleet/domain';
import type { Catalogue, PaymentMethod, Refusal } from '@billfleet/domain';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Until when something that is ordered now may be paid, whichever way. */
export function orderPayableUntil({ pendingOrder }: Catalogue, now: Date): Date {
  return new Date(now.getTime() + pendingOrder.orderDays * DAY_MS);
}

/** Until when a way that is opened now takes money: a Pix code ends before its order does, which then gets another one. */
export function wayOpenUntil(
  method: PaymentMethod | null,
  { pendingOrder }: Catalogue,
  { now, orderEndsAt }: { readonly now: Date; readonly orderEndsAt: Date },
): Date {
  if (method !== 'pix') return orderEndsAt;
  const codeEndsAt = new Date(now.getTime() + pendingOrder.pixHours * HOUR_MS);
  return codeEndsAt < orderEndsAt ? codeEndsAt : orderEndsAt;
}

/** A way to pay, as somebody asked for it. */
export type WayToPay = {
  readonly method: PaymentMethod;
  readonly installments: number;
  readonly token?: string | undefined;
  readonly stored?: true | undefined;
};

/** What the way to pay is checked against: the amount, the months of what is bought, the rules of instalments. */
export type PayableAmount = {
  readonly amountMinor: bigint;
  readonly months: number;
  readonly rules: Catalogue['installments'];
};

/** Says why something cannot be paid this way by a workspace of a country, or undefined if it can. */
export function checkWayToPay(
  { method, installments, token, stored }: WayToPay,
  country: string,
  { amountMinor, months: periodMonths, rules }: PayableAmount,
  storedMethod: { readonly method: PaymentMethod } | undefined,
): Refusal | undefined {
  const check = checkPayment({ country, method, installments, amountMinor, periodMonths, rules });
  if (check.kind === 'refused') return check;
  if (token !== undefined && (method !== 'card' || stored === true)) {
    const found = stored === true ? 'a token besides the stored method' : method;
    return {
      code: 'token_not_available',
      field: 'token',
      found,
      wanted: 'the method card, and one of token and stored',
    };
  }
  if (stored === true && storedMethod?.method !== method) {
    const found = storedMethod === undefined ? 'no stored method' : `a stored ${storedMethod.method}`;
    return { code: 'stored_method_missing', field: 'stored', found, wanted: `a stored ${method}` };
  }
  return undefined;
}
