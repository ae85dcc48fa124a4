import type { QuoteRequest } from '@billfleet/contracts';
import {
  addDays,
  civilDateIn,
  compare,
  quoteChange,
  quotePurchase,
  seatsAtRenewal,
  seatsInUseRefusal,
} from '@billfleet/domain';
import type {
  Catalogue,
  ChangeRequest,
  NextTerm,
  PaidTerm,
  PricedChange,
  PricedPurchase,
  QuoteWorkspace,
  Refusal,
  SubscriptionToChange,
} from '@billfleet/domain';
import type { SubscriptionFacts, Workspace } from '@billfleet/store';

/** A quote of any kind. */
export type AnyQuote = PricedPurchase | PricedChange;

/** A priced wish, or why it has no price; `status` is the HTTP status of the refusal. */
export type WishOutcome =
  | { readonly kind: 'quoted'; readonly quote: AnyQuote }
  | { readonly kind: 'refused'; readonly status: number; readonly refusal: Refusal };

/** A workspace with what its taxes depend on. */
export type TaxedWorkspace = Workspace & Pick<QuoteWorkspace, 'taxNumberCountry'>;

/** What a wish is priced from. `held`: the workspace's subscription; a purchase is priced without it. */
export type WishFacts = {
  readonly request: QuoteRequest;
  readonly catalogue: Catalogue;
  readonly workspace: TaxedWorkspace;
  readonly held: SubscriptionFacts | undefined;
  readonly now: Date;
};

/** Prices whatever a workspace wishes. Reads no clock and changes nothing. */
export function priceWish(facts: WishFacts): WishOutcome {
  const { request, held } = facts;
  if (request.kind === 'purchase') return pricePurchase(facts, request);
  if (held === undefined) {
    const found = 'a workspace that never had a subscription';
    return refuse(409, { code: 'subscription_missing', field: 'workspaceId', found, wanted: 'a purchase first' });
  }
  if (held.status === 'closed') {
    const found = 'a subscription that was closed for good';
    return refuse(409, { code: 'subscription_closed', field: 'workspaceId', found, wanted: 'a new workspace' });
  }
  return blocked(facts, held) ?? priceChange(facts, held, changeOf(request));
}

function pricePurchase(
  { catalogue, workspace, now }: WishFacts,
  { plan, seats, periodMonths }: Extract<QuoteRequest, { kind: 'purchase' }>,
): WishOutcome {
  const trial = workspace.trialEndsOn === null ? {} : { trialEndsOn: workspace.trialEndsOn };
  const priced = quotePurchase({ catalogue, workspace, plan, seats, periodMonths, now, ...trial });
  return priced.kind === 'quoted' ? priced : refuse(422, priced);
}

function priceChange(
  { catalogue, workspace, now }: WishFacts,
  held: SubscriptionFacts,
  change: ChangeRequest,
): WishOutcome {
  const priced = quoteChange({ catalogue, workspace, now, change, subscription: subscriptionOf(held) });
  if (priced.kind === 'quoted') return priced;
  const { code } = priced;
  const isState = code === 'subscription_ended' || code === 'auto_renewal_on' || code === 'nothing_to_refund';
  return refuse(isState ? 409 : 422, priced);
}

/** The same wish without the workspace, which the domain knows already. */
function changeOf(request: Exclude<QuoteRequest, { kind: 'purchase' }>): ChangeRequest {
  if (request.kind === 'scheduled-change') {
    const { plan, seats, periodMonths } = request;
    return {
      kind: request.kind,
      ...(plan === undefined ? {} : { plan }),
      ...(seats === undefined ? {} : { seats }),
      ...(periodMonths === undefined ? {} : { periodMonths }),
    };
  }
  if (request.kind === 'refund') {
    return { kind: request.kind, ...(request.seats === undefined ? {} : { seats: request.seats }) };
  }
  return request;
}

/** Whether plan or seats would have to change in the middle of what is paid already, or a renewal is asked for long before its time. */
function blocked({ request, workspace, catalogue, now }: WishFacts, held: SubscriptionFacts): WishOutcome | undefined {
  const pending = held.terms.find((term) => term.pending);
  if (pending !== undefined && request.kind !== 'add-on') {
    return refuse(409, {
      code: 'next_term_differs',
      field: 'workspaceId',
      found: `a paid term from ${pending.startsOn} on with ${pending.plan} and ${String(pending.seats)} seats`,
      wanted: `the same wish from ${pending.startsOn} on`,
    });
  }
  if (request.kind === 'scheduled-change') return fewerThanInUse(request.seats, held);
  if (request.kind !== 'renewal') return undefined;
  const opensOn = addDays(held.endsOn, -catalogue.renewal.reminderDays);
  const today = civilDateIn(now, workspace.timeZone);
  if (compare(today, opensOn) >= 0) return undefined;
  const wanted = `a day from ${opensOn} on; an extension before that`;
  return refuse(409, { code: 'renewal_too_early', field: 'kind', found: today, wanted });
}

/** Fewer seats for the next term are taken once nobody uses those that go away. */
function fewerThanInUse(seats: number | undefined, held: SubscriptionFacts): WishOutcome | undefined {
  if (seats === undefined || seats >= held.seats || seats >= held.seatsInUse) return undefined;
  return refuse(422, seatsInUseRefusal('seats', held.seatsInUse, seats));
}

/** What was scheduled, with seats for all who were added since: nobody is shut out by a renewal that comes by itself. */
function scheduledOf({ scheduled, seats: present, seatsInUse }: SubscriptionFacts): NextTerm | null {
  if (scheduled?.seats === undefined) return scheduled;
  return { ...scheduled, seats: seatsAtRenewal(scheduled.seats, present, seatsInUse) };
}

/** A subscription as the domain prices its changes. */
export function subscriptionOf(held: SubscriptionFacts): SubscriptionToChange {
  const scheduled = scheduledOf(held);
  const { plan, seats, periodMonths, priceListId, anchorOn, endsOn, autoRenewal, addOns } = held;
  const terms = held.terms.map((term): PaidTerm => ({
    startsOn: term.startsOn,
    endsOn: term.endsOn,
    periodMonths: term.periodMonths,
    priceListId: term.priceListId,
    paidMinor: BigInt(term.paidMinor),
    ...paidTaxOf(term.paidTax),
  }));
  // Every subscription began with a paid term; the term of one that was ended by hand may lie behind its end.
  const [first = { startsOn: anchorOn, endsOn, periodMonths }, ...others] = terms;
  return {
    ...{ plan, seats, periodMonths, priceListId, anchorOn, autoRenewal, addOns },
    terms: [first, ...others],
    ...(scheduled === null ? {} : { scheduled }),
    ...(held.nextPriceListId === null ? {} : { nextPriceListId: held.nextPriceListId }),
  };
}

function paidTaxOf(paid: SubscriptionFacts['terms'][number]['paidTax']): Pick<PaidTerm, 'paidTax'> {
  if (paid === null) return {};
  const { priceMinor, grossMinor, taxMinor, name, percent } = paid;
  const minor = { priceMinor: BigInt(priceMinor), grossMinor: BigInt(grossMinor), taxMinor: BigInt(taxMinor) };
  return { paidTax: { ...minor, name, ...(percent === null ? {} : { percent }) } };
}

function refuse(status: number, { code, field, found, wanted }: Refusal): WishOutcome {
  return { kind: 'refused', status, refusal: { code, field, found, wanted } };
}
