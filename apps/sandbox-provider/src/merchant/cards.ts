import type { ProviderFailure, StoredMethod } from '@billfleet/payments';

/** What a test card does when it pays, and when its stored token is charged later. */
type TestCard = {
  readonly number: string;
  readonly brand: string;
  readonly onPay: 'pays' | 'funds' | 'stolen';
  readonly onCharge: 'pays' | 'funds' | 'stolen' | 'closed' | 'asks' | 'slow';
  /** Its last month, where that is not the usual one. */
  readonly expiresOn?: string;
};

const EXPIRES_ON = '2034-12';

/** The numbers that the hosted page accepts. All others are refused, so that nobody types a real card here. */
export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', onPay: 'pays', onCharge: 'pays' },
  { number: '5555555555554444', brand: 'mastercard', onPay: 'pays', onCharge: 'pays' },
  { number: '4000000000000341', brand: 'visa', onPay: 'pays', onCharge: 'funds' },
  { number: '4000000000000069', brand: 'visa', onPay: 'pays', onCharge: 'pays', expiresOn: '2027-02' },
  { number: '4000002760003184', brand: 'visa', onPay: 'pays', onCharge: 'asks' },
  { number: '4000000000009987', brand: 'visa', onPay: 'pays', onCharge: 'stolen' },
  { number: '4000000000009979', brand: 'visa', onPay: 'pays', onCharge: 'closed' },
  { number: '4000000000009995', brand: 'visa', onPay: 'funds', onCharge: 'funds' },
  { number: '4000000000000002', brand: 'visa', onPay: 'stolen', onCharge: 'stolen' },
];

/** Tokens that exist from the start, for charges without a checkout before them. */
const testTokens: Readonly<
  Record<string, Pick<TestCard, 'onCharge' | 'brand' | 'expiresOn'> & { readonly last4: string }>
> = {
  tok_visa: { onCharge: 'pays', brand: 'visa', last4: '4242' },
  tok_mastercard: { onCharge: 'pays', brand: 'mastercard', last4: '4444' },
  tok_declined_funds: { onCharge: 'funds', brand: 'visa', last4: '4242' },
  tok_declined_stolen: { onCharge: 'stolen', brand: 'visa', last4: '4242' },
  tok_expiring: { onCharge: 'pays', brand: 'visa', last4: '0069', expiresOn: '2027-02' },
  tok_slow: { onCharge: 'slow', brand: 'visa', last4: '4242' },
};

const failures = {
  funds: {
    code: 'insufficient_funds',
    kind: 'decline-soft',
    message: 'The card has insufficient funds.',
  },
  stolen: { code: 'stolen_card', kind: 'decline-hard', message: 'The card was declined.' },
  closed: {
    code: 'do_not_try_again',
    kind: 'do-not-retry',
    message: 'The network of the card forbids to try again.',
  },
  asks: {
    code: 'authentication_required',
    kind: 'authentication',
    message: 'The bank wants its customer to confirm the payment.',
  },
  notATestCard: {
    code: 'not_a_test_card',
    kind: 'invalid',
    message: 'This is not one of the test cards of the sandbox.',
  },
} as const satisfies Record<string, ProviderFailure>;

/** What becomes of a card or token that is asked to pay. */
export type CardVerdict =
  | { readonly kind: 'pays'; readonly method: Omit<StoredMethod, 'token'> }
  | { readonly kind: 'slow'; readonly method: Omit<StoredMethod, 'token'> }
  | { readonly kind: 'refused'; readonly failure: ProviderFailure };

const judge = (
  what: TestCard['onCharge'],
  {
    brand,
    last4,
    expiresOn = EXPIRES_ON,
  }: { readonly brand: string; readonly last4: string; readonly expiresOn?: string | undefined },
): CardVerdict => {
  if (what !== 'pays' && what !== 'slow') return { kind: 'refused', failure: failures[what] };
  return { kind: what, method: { brand, last4, expiresOn } };
};

/** A payer types a card number. It is looked at here and kept nowhere. */
export function judgeCard(typed: string): CardVerdict {
  const digits = typed.replace(/[\s-]/g, '');
  const card = testCards.find((one) => one.number === digits);
  if (card === undefined) return { kind: 'refused', failure: failures.notATestCard };
  return judge(card.onPay, { ...card, last4: card.number.slice(-4) });
}

/**
 * A stored method is charged.
 * @param stored what was kept with the token, for tokens that a checkout made
 * @returns undefined for a token that nobody made
 */
export function judgeToken(token: string, stored: StoredMethod | undefined): CardVerdict | undefined {
  const known = Object.hasOwn(testTokens, token) ? testTokens[token] : undefined;
  if (known !== undefined) return judge(known.onCharge, known);
  if (stored === undefined) return undefined;
  const card = testCards.find((one) => one.number.endsWith(stored.last4) && one.brand === stored.brand);
  return judge(card?.onCharge ?? 'pays', { ...stored, expiresOn: card?.expiresOn });
}
