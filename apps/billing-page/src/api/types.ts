import type { paths } from './schema.js';

/** What a route answers. */
export type Answered<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

/** What the first screen shows. */
export type Billing = Answered<'/v1/workspaces/{id}/billing'>;
/** A subscription as the first screen shows it. */
export type Subscription = NonNullable<Billing['subscription']>;
/** An order that awaits its payment. */
export type UnpaidOrder = Billing['unpaid'][number];
/** A way to pay. */
export type Method = UnpaidOrder['method'] & string;
/** What is on sale for the workspace. */
export type Offers = Answered<'/v1/workspaces/{id}/offers'>;
export type PlanOffer = Offers['plans'][number];
export type AddOnOffer = Offers['addOns'][number];
/** An amount, `unlimited`, or `none`. */
export type Limit = PlanOffer['limits'][string];
/** A quote that was stored. */
export type Quote = Answered<'/v1/quotes/{id}'>;
/** A price that was just asked for. */
export type PricedNow = paths['/v1/quotes']['post']['responses'][201]['content']['application/json'];
export type Usage = Answered<'/v1/workspaces/{id}/usage'>;
/** A change that raises a limit, with its price of today. */
export type LimitFix = Answered<'/v1/workspaces/{id}/usage/fixes'>['meters'][number]['fixes'][number];
export type Meter = Usage['meters'][number];
export type Order = Answered<'/v1/orders/{id}'>;
export type OrderKind = Order['kind'];

type Rational = { readonly numerator: string; readonly denominator: string };

/** How a prorated line came about, as the server worked it out. */
export type Proration = {
  readonly quantity: number;
  readonly unitMinor: string;
  readonly exactMinor: Rational;
  readonly roundedMinor: string;
  readonly term: {
    readonly convention: string;
    readonly start: string;
    readonly end: string;
    readonly at: string;
    readonly left: string;
    readonly whole: string;
  };
};

/** One line of a quote or an order. */
export type Line = {
  readonly description: {
    readonly kind: 'plan-seats' | 'plan-upgrade' | 'added-seats' | 'returned-seats' | 'add-on';
    readonly planName?: string;
    readonly fromPlanName?: string;
    readonly addOnName?: string;
    readonly periodMonths?: number;
    readonly months?: number;
  };
  readonly quantity: number;
  readonly unitMinor: string;
  readonly amountMinor: string;
  readonly derivation: {
    readonly monthlyMinor: string;
    readonly payMonths?: number;
    readonly months?: number;
    readonly percentOff?: string;
    readonly proration?: Proration;
  };
};

/** A try to pay, as an order shows it. */
export type Attempt = {
  readonly id: string;
  readonly status: 'submitting' | 'pending' | 'unknown' | 'succeeded' | 'declined' | 'cancelled' | 'expired';
  readonly checkoutUrl: string | null;
  readonly pixCode: string | null;
  readonly expiresAt: string;
  readonly failure: { readonly code?: string; readonly kind?: string } | null;
};

/** The lines of a quote or an order; the document calls them objects only. */
export const linesOf = (lines: unknown): readonly Line[] => lines as readonly Line[];

/** The tries of an order, oldest first. */
export const attemptsOf = (order: Order): readonly Attempt[] => order.attempts as unknown as readonly Attempt[];
