import { canonicalJson } from '@billfleet/contracts';
import type { Json, PlaceOrder } from '@billfleet/contracts';
import { invariant, orderKinds, quotePurchase, seatsInUseRefusal, startOfDay, stillFits } from '@billfleet/domain';
import type { Catalogue, CivilDate, Currency, OrderKind, PaymentMethod, QuoteBasis } from '@billfleet/domain';
import { monthsOf } from './create-quotes.js';
import type { NewOrder, Problem, Standing, StoredQuote, Workspace } from '@billfleet/store';
import { detailsOf } from './details-of-order.js';
import type { StoredDetails } from './details-of-order.js';
import { sha256 } from './ids.js';
import type { TaxedWorkspace } from './price-wish.js';
import { refuseClosed } from './closed-subscription.js';
import type { Command } from './requests-once.js';
import { refused, unknownWorkspace } from './requests-once.js';
import { earlierOf, termsOnAccount } from './terms-on-account.js';
import { checkWayToPay, orderPayableUntil, wayOpenUntil } from './ways-to-pay.js';

/** All that deciding about an order needs to know. */
export type PlacementFacts = {
  readonly command: Command<PlaceOrder>;
  readonly catalogue: Catalogue;
  readonly workspace: (TaxedWorkspace & StoredDetails) | undefined;
  /** The fleet orders by itself what was ordered before: its details were accepted then. */
  readonly isRepeat?: true;
  readonly standing: Standing | undefined;
  readonly quote: StoredQuote | undefined;
  readonly now: Date;
};

/** An order without its id, or why there is none. */
export type Placement =
  | {
      readonly kind: 'placed';
      readonly order: Omit<NewOrder, 'id'>;
      readonly token: string | null;
      /** Until when the first way to pay takes money. */
      readonly wayEndsAt: Date;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

type Price = Pick<
  NewOrder,
  | 'kind'
  | 'plan'
  | 'seats'
  | 'periodMonths'
  | 'priceList'
  | 'currency'
  | 'unitMinor'
  | 'amountMinor'
  | 'taxMinor'
  | 'lines'
  | 'basis'
  | 'addOn'
> & {
  /** The months of what is bought. */
  readonly months: number;
  /** Whether the buyer owes the tax himself, because of the tax number of his invoice details. */
  readonly isReverseCharged: boolean;
  /** First day without the subscription that a change is about: later it could not be given any more. */
  readonly endsBefore?: CivilDate;
};
type Refused = { readonly kind: 'refused'; readonly problem: Problem };

/** Decides whether an order is accepted, at which price and until when it may be paid. Reads no clock and changes nothing. */
export function decidePlacement(facts: PlacementFacts): Placement {
  const { command, workspace, standing, catalogue, now } = facts;
  const { input } = command;
  if (workspace === undefined || (command.actorWorkspaceId !== null && command.actorWorkspaceId !== workspace.id)) {
    return unknownWorkspace(input.workspaceId);
  }
  const mayCollect = command.mayCollect ?? command.actorWorkspaceId === null;
  if (input.payment.collection === 'upstream' && !mayCollect) {
    return refused(403, {
      code: 'collection_not_allowed',
      field: 'payment.collection',
      found: 'upstream',
      wanted: 'provider: only the roles service and operator collect money themselves',
    });
  }
  const priced = input.quoteId === undefined ? priceInline(facts, workspace) : priceOfQuote(facts, workspace);
  if (priced.kind === 'refused') return priced;
  const { months: _months, isReverseCharged: _charged, endsBefore, ...price } = priced.price;
  const fault = checkStanding(price, standing) ?? checkPayer(input, workspace, priced.price, facts);
  if (fault !== undefined) return fault;
  const details = detailsOf(input, workspace, {
    isRepeat: facts.isRepeat === true,
    isReverseCharged: priced.price.isReverseCharged,
  });
  if (details.kind === 'refused') return refused(422, details.refusal);
  const { taxpayer, invoiceDetails } = details;
  const { payment } = input;
  const method: PaymentMethod | null = payment.collection === 'provider' ? payment.method : null;
  const onAccount =
    payment.collection === 'account' ? termsOnAccount(price.priceList, workspace.id, { catalogue, now }) : undefined;
  if (onAccount?.kind === 'refused') return onAccount;
  const unpaidEndsAt = onAccount?.expiresAt ?? orderPayableUntil(catalogue, now);
  const subscriptionEndsAt = endsBefore === undefined ? unpaidEndsAt : startOfDay(endsBefore, workspace.timeZone);
  const expiresAt = earlierOf(subscriptionEndsAt, unpaidEndsAt);
  return {
    kind: 'placed',
    token: tokenOf(input, standing),
    wayEndsAt: wayOpenUntil(method, catalogue, { now, orderEndsAt: expiresAt }),
    order: {
      ...price,
      workspaceId: workspace.id,
      quoteId: input.quoteId ?? null,
      collection: payment.collection,
      method,
      installments: payment.collection === 'provider' ? payment.installments : 1,
      taxpayer: taxpayer === null ? null : JSON.stringify(taxpayer),
      invoiceDetails: invoiceDetails === null ? null : JSON.stringify(invoiceDetails),
      placedBy: command.requestedBy ?? null,
      expiresAt,
      dueAt: onAccount === undefined ? null : earlierOf(onAccount.dueAt, expiresAt),
    },
  };
}

/** The token that is charged at once: one that came with the order, or the stored one; null where the payer goes to a page. */
function tokenOf({ payment }: PlaceOrder, standing: Standing | undefined): string | null {
  if (payment.collection !== 'provider') return null;
  if (payment.stored === true) return standing?.storedMethod?.token ?? null;
  return payment.token ?? null;
}

/** Whether an order of this kind may be placed by a workspace that stands so. */
function checkStanding(
  { kind, basis, seats }: Pick<Price, 'kind' | 'basis' | 'seats'>,
  standing: Standing | undefined,
): Refused | undefined {
  if (standing?.held?.status === 'closed') return refuseClosed('workspaceId');
  if (kind === 'purchase') {
    if (standing?.hasSubscription !== true) return undefined;
    return refused(409, {
      code: 'subscription_exists',
      field: 'workspaceId',
      found: 'a running subscription',
      wanted: 'a workspace without one',
    });
  }
  const held = standing?.held;
  const isOpen = held !== undefined && basis !== null;
  if (isOpen && stillFits({ kind, basis: JSON.parse(basis) as QuoteBasis }, held)) {
    // Members were added since the renewal was quoted with fewer seats: a new quote keeps seats for them.
    const isTooFew = kind === 'renewal' && seats < held.seats && seats < held.seatsInUse;
    return isTooFew ? refused(409, seatsInUseRefusal('quoteId', held.seatsInUse, seats)) : undefined;
  }
  return refused(409, {
    code: 'quote_outdated',
    field: 'quoteId',
    found: 'a quote that was made before the subscription changed',
    wanted: 'a new quote',
  });
}

type PriceOutcome = { readonly kind: 'priced'; readonly price: Price } | Refused;

function priceInline({ command, catalogue, now }: PlacementFacts, workspace: TaxedWorkspace): PriceOutcome {
  const wish = command.input.purchase;
  invariant(wish !== undefined, 'an order has a quote or a purchase');
  const { plan, seats, periodMonths } = wish;
  const priced = quotePurchase({ catalogue, workspace, plan, seats, periodMonths, now });
  if (priced.kind === 'refused') return refused(422, { ...priced, field: `purchase.${priced.field}` });
  const { quote } = priced;
  if (quote.currency !== wish.expectedCurrency || quote.amountMinor !== BigInt(wish.expectedAmountMinor)) {
    return refused(409, {
      code: 'price_differs',
      field: 'purchase.expectedAmountMinor',
      found: `${wish.expectedAmountMinor} ${wish.expectedCurrency}`,
      wanted: `${quote.amountMinor.toString()} ${quote.currency}`,
    });
  }
  return {
    kind: 'priced',
    price: priceOf('purchase', { ...quote, lines: JSON.parse(canonicalJson(quote.lines)) as readonly WrittenLine[] }),
  };
}

function priceOfQuote({ quote, now }: PlacementFacts, workspace: Workspace): PriceOutcome {
  if (quote?.workspaceId !== workspace.id) {
    return refused(404, {
      code: 'quote_unknown',
      field: 'quoteId',
      // The same words for a quote of somebody else, so that nobody can find out which ids exist.
      found: 'an id that is not known here',
      wanted: 'a quote of this workspace',
    });
  }
  const kind = orderKinds.find((one) => one === quote.kind);
  if (kind === undefined) {
    return refused(409, {
      code: 'quote_not_payable',
      field: 'quoteId',
      found: `a quote of the kind ${quote.kind}`,
      wanted: 'a quote of something that is paid for',
    });
  }
  if (quote.usedBy !== null) {
    return refused(409, {
      code: 'quote_used',
      field: 'quoteId',
      found: `used by order ${quote.usedBy}`,
      wanted: 'a quote that was not used yet',
    });
  }
  if (quote.expiresAt.getTime() <= now.getTime()) {
    return refused(409, {
      code: 'quote_expired',
      field: 'quoteId',
      found: `ended at ${quote.expiresAt.toISOString()}`,
      wanted: 'a new quote',
    });
  }
  invariant(sha256(canonicalJson(quote.content as Json)) === quote.hash, `quote ${quote.id} is not what was hashed`);
  if (quote.isFromElsewhere || quote.content['currency'] !== workspace.currency) {
    return refused(409, {
      code: 'quote_outdated',
      field: 'quoteId',
      found: 'a quote from before the workspace moved to another country',
      wanted: 'a new quote',
    });
  }
  return { kind: 'priced', price: priceOf(kind, contentOf(quote.content)) };
}

/** A line as it is written: amounts are text. */
type WrittenLine = {
  readonly amountMinor: string;
  readonly tax?: { readonly kind: string; readonly priceMinor: string };
};

/** What lines come to before any tax was looked at. */
const priceMinorOf = (lines: readonly WrittenLine[]): bigint =>
  lines.reduce((sum, { tax, amountMinor }) => sum + BigInt(tax?.priceMinor ?? amountMinor), 0n);

/** A stored quote read back: amounts were written as text. */
type QuoteContent = {
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly taxMinor?: bigint;
  readonly lines: readonly WrittenLine[];
  readonly basis?: QuoteBasis;
  readonly addOn?: { readonly id: string; readonly packages: number; readonly termMonths: number };
};

const contentOf = (content: Record<string, unknown>): QuoteContent => {
  const stored = content as Omit<QuoteContent, 'amountMinor' | 'taxMinor'> & { amountMinor: string; taxMinor?: string };
  return { ...stored, amountMinor: BigInt(stored.amountMinor), taxMinor: BigInt(stored.taxMinor ?? '0') };
};

/** Kinds that are about the days that are paid already: after those there is nothing to give. */
const WITHIN_PAID_DAYS: readonly OrderKind[] = ['upgrade', 'add-seats', 'upgrade-and-add-seats', 'add-on'];

function priceOf(kind: OrderKind, quote: QuoteContent): Price {
  const { basis, addOn, amountMinor, seats, taxMinor = 0n } = quote;
  // Only a purchase has one price of a seat for the term, before any tax.
  const unitMinor = kind === 'purchase' ? priceMinorOf(quote.lines) / BigInt(seats) : null;
  return {
    kind,
    plan: quote.plan,
    seats,
    periodMonths: quote.periodMonths,
    priceList: quote.priceListId,
    currency: quote.currency,
    unitMinor,
    amountMinor,
    taxMinor,
    isReverseCharged: quote.lines.some((line) => line.tax?.kind === 'reverse-charge'),
    lines: canonicalJson(quote.lines),
    basis: basis === undefined ? null : canonicalJson(basis),
    addOn: addOn === undefined ? null : canonicalJson(addOn),
    months: monthsOf(quote),
    ...(basis !== undefined && WITHIN_PAID_DAYS.includes(kind) ? { endsBefore: basis.endsOn } : {}),
  };
}

function checkPayer(
  { payment }: PlaceOrder,
  workspace: Workspace,
  { amountMinor, months }: Price,
  facts: PlacementFacts,
): Refused | undefined {
  if (payment.collection !== 'provider') return undefined;
  const priced = { amountMinor, months, rules: facts.catalogue.installments };
  const wrongWay = checkWayToPay(payment, workspace.country, priced, facts.standing?.storedMethod);
  return wrongWay === undefined ? undefined : refused(422, { ...wrongWay, field: `payment.${wrongWay.field}` });
}
