/** Plans that are sold to everybody. */
export type PlanId = 'base' | 'advanced' | 'pro';
/** Terms that are sold, in months. */
export type PeriodMonths = 6 | 9 | 12 | 24;

/** How an order is paid: by a token that pays or is declined, by what is stored, or on a page that waits for its payer. */
export type Pay =
  | { readonly by: 'token'; readonly token: CardToken; readonly installments: number }
  | { readonly by: 'stored' }
  | { readonly by: 'page'; readonly method: 'card' | 'pix' | 'paypal' };

/** Tokens of the sandbox. */
export type CardToken = 'tok_visa' | 'tok_mastercard' | 'tok_declined_funds' | 'tok_declined_stolen';

/** Who pays on a page: with a card that pays, one whose later charges are declined, one without funds, a stolen one. */
export type PayerOnPage = 'pays' | 'declines-later' | 'no-funds' | 'stolen';

/** How a bank ends what it has in hand: for us, or against us. */
export type BankVerdict = 'won' | 'lost';

/** Money of the newest paid order goes back, or a bank takes it. */
export type MoneyBackDeed =
  /** Staff give it out of goodwill; `percent`: how much of its price, where it is an amount. */
  | { readonly kind: 'refund'; readonly what: 'all-left' | 'unused-days' | 'amount'; readonly percent: number }
  /** It is undone within its own day. */
  | { readonly kind: 'undo-order' }
  | { readonly kind: 'bank-opens' }
  | { readonly kind: 'bank-ends'; readonly verdict: BankVerdict }
  /** Staff decide about the workspace. */
  | { readonly kind: 'decide'; readonly decision: 'keep' | 'close' };

/** What the people of a workspace do. */
export type Deed =
  | MoneyBackDeed
  | {
      readonly kind: 'buy';
      readonly plan: PlanId;
      readonly seats: number;
      readonly periodMonths: PeriodMonths;
      readonly pay: Pay;
    }
  | { readonly kind: 'upgrade'; readonly plan: PlanId; readonly pay: Pay }
  | { readonly kind: 'add-seats'; readonly seats: number; readonly pay: Pay }
  | { readonly kind: 'upgrade-and-add-seats'; readonly plan: PlanId; readonly seats: number; readonly pay: Pay }
  | { readonly kind: 'extend'; readonly periodMonths: PeriodMonths; readonly pay: Pay }
  | { readonly kind: 'renew'; readonly pay: Pay }
  | { readonly kind: 'add-on'; readonly packages: number; readonly termMonths: 3 | 6; readonly pay: Pay }
  /** Pays what is open on its page. */
  | { readonly kind: 'pay-open'; readonly as: PayerOnPage }
  /** Pays what is open another way than was chosen first. */
  | { readonly kind: 'pay-another-way'; readonly pay: Pay }
  /** Staff note down that what is open was paid outside. */
  | { readonly kind: 'pay-offline' }
  /** Takes back what is open. */
  | { readonly kind: 'cancel-open' }
  /** Takes it back, and pays its page before the provider has heard of it. */
  | { readonly kind: 'pay-cancelled' }
  /** Orders other seats, pays the page of the order that is replaced by this, and leaves the new one. */
  | { readonly kind: 'pay-replaced'; readonly seats: number }
  | { readonly kind: 'auto-renewal'; readonly on: boolean }
  | { readonly kind: 'replace-method'; readonly token: CardToken }
  | {
      readonly kind: 'schedule';
      readonly plan: PlanId;
      readonly seats: number;
      readonly periodMonths: PeriodMonths;
    }
  | { readonly kind: 'undo-schedule' }
  /** Staff take seats back; `refund`: and give the money for their rest. */
  | { readonly kind: 'reduce-seats'; readonly seats: number; readonly refund: boolean }
  | { readonly kind: 'report-usage'; readonly value: number }
  | { readonly kind: 'spend-credits'; readonly amount: number }
  | { readonly kind: 'report-members'; readonly active: number; readonly disabled: number };

/** The name of a deed. */
export type DeedKind = Deed['kind'];
/** Deeds that need the provider not to hear of the end of an order for a moment. */
export const lateMoneyKinds: readonly DeedKind[] = ['pay-cancelled', 'pay-replaced'];
/** Deeds that are about the newest unpaid order of a workspace, and nothing where there is none. */
export const openOrderKinds: readonly DeedKind[] = [
  'pay-open',
  'pay-another-way',
  'pay-offline',
  'cancel-open',
  ...lateMoneyKinds,
];
/** Deeds that are about paid orders of a workspace, and nothing where there is none. */
export const moneyBackKinds: readonly DeedKind[] = ['refund', 'undo-order', 'bank-opens', 'bank-ends', 'decide'];
