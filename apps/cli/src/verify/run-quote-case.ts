import type { VerifyCase } from '@billfleet/contracts';
import { currencyExponent, currencyFor, decimalToMinor, quoteChange, quotePurchase } from '@billfleet/domain';
import type {
  Catalogue,
  ChangeRequest,
  NextTerm,
  PaidTerm,
  PricedChange,
  PricedPurchase,
  QuoteEffect,
  QuoteWorkspace,
  SubscriptionToChange,
} from '@billfleet/domain';
import { demoWorkspaces } from '../demo-workspaces.js';
import { decimalIn, differ, differAll } from './differences.js';
import type { Difference } from './differences.js';

type QuoteCase = Extract<VerifyCase, { kind: 'quote' }>;
type Expected = QuoteCase['expect'];
type Outcome =
  | { readonly kind: 'quoted'; readonly quote: PricedPurchase | PricedChange }
  | { readonly kind: 'refused'; readonly code: string; readonly field: string; readonly wanted: string };

/** Prices the request of a case from a catalogue and compares what the case says about it. */
export function runQuoteCase(one: QuoteCase, catalogue: Catalogue): readonly Difference[] {
  const { expect } = one;
  const outcome = priceCase(one, catalogue);
  if (outcome.kind === 'refused') {
    const found = `refused: ${outcome.code} (${outcome.field}: ${outcome.wanted} is wanted)`;
    if (expect.refused === undefined) return [{ what: 'quote', expected: 'a quote', found }];
    return differ('refused', expect.refused, outcome.code);
  }
  if (expect.refused !== undefined) {
    const found = `a quote of ${decimalIn(outcome.quote.currency)(outcome.quote.amountMinor)}`;
    return [{ what: 'refused', expected: expect.refused, found }];
  }
  return compareQuote(expect, outcome.quote);
}

/** Prices the request of a case. */
export function priceCase(one: QuoteCase, catalogue: Catalogue): Outcome {
  const { request, subscription, now } = one;
  const workspace = workspaceOf(one, catalogue);
  if (request.kind === 'purchase') {
    const { plan, seats, periodMonths } = request;
    const { trialEndsOn } = one.workspace ?? {};
    const trial = trialEndsOn === undefined ? {} : { trialEndsOn };
    return quotePurchase({ catalogue, workspace, plan, seats, periodMonths, now, ...trial });
  }
  if (subscription === null) throw new Error(`case ${one.id}: a change needs a subscription`);
  return quoteChange({
    ...{ catalogue, workspace, subscription: heldOf(subscription, workspace.currency), now },
    change: changeOf(request),
    convention: one.convention,
  });
}

type Held = NonNullable<QuoteCase['subscription']>;

function heldOf(held: Held, currency: string): SubscriptionToChange {
  const { plan, seats, periodMonths, priceListId, startsOn, endsOn, laterTerms, autoRenewal, nextPriceListId } = held;
  const { anchorOn = startsOn, scheduled, addOns, paid } = held;
  return {
    ...{ plan, seats, periodMonths, anchorOn, autoRenewal, addOns },
    ...(priceListId === undefined ? {} : { priceListId }),
    ...(nextPriceListId === undefined ? {} : { nextPriceListId }),
    ...(scheduled === undefined ? {} : { scheduled: nextOf(scheduled) }),
    terms: [
      paidTerm({ startsOn, endsOn, periodMonths, paid }, currency),
      ...laterTerms.map((term) => paidTerm(term, currency)),
    ],
  };
}

function paidTerm(
  { paid, ...days }: Omit<Held['laterTerms'][number], 'paid'> & { paid?: string | undefined },
  currency: string,
): PaidTerm {
  const paidMinor = paid === undefined ? undefined : decimalToMinor(paid, currencyExponent(currency) ?? 0);
  return { ...days, ...(paidMinor === undefined ? {} : { paidMinor }) };
}

function nextOf({ plan, seats, periodMonths }: { [Name in keyof NextTerm]: NextTerm[Name] | undefined }): NextTerm {
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(seats === undefined ? {} : { seats }),
    ...(periodMonths === undefined ? {} : { periodMonths }),
  };
}

function changeOf(request: Exclude<QuoteCase['request'], { kind: 'purchase' }>): ChangeRequest {
  if (request.kind === 'scheduled-change') return { kind: request.kind, ...nextOf(request) };
  if (request.kind !== 'refund') return request;
  return { kind: request.kind, ...(request.seats === undefined ? {} : { seats: request.seats }) };
}

/** Who asks: the subscription says it, or the case, or the id of a demo workspace; else somebody in the United States. */
export function workspaceOf({ subscription, workspace, request }: QuoteCase, catalogue: Catalogue): QuoteWorkspace {
  const demo = demoWorkspaces.find((known) => known.id === request.workspaceId);
  const { country, timeZone } = subscription ?? workspace ?? demo ?? { country: 'US', timeZone: 'UTC' };
  return { country, timeZone, currency: currencyFor(catalogue, country) ?? 'USD' };
}

function compareQuote(expect: Expected, quote: PricedPurchase | PricedChange): readonly Difference[] {
  const decimal = decimalIn(quote.currency);
  const same = (text: string): string => {
    const minor = decimalToMinor(text, 2);
    return minor === undefined ? text : decimal(minor);
  };
  const optional = (what: string, expected: string | undefined, found: string | undefined) =>
    expected === undefined ? [] : differ(what, expected, found ?? 'nothing');
  const { atRenewal } = quote;
  const renewal = atRenewal === undefined ? undefined : decimal(atRenewal.amountMinor);
  return [
    ...optional('currency', expect.currency, quote.currency),
    ...optional('total', expect.total === undefined ? undefined : same(expect.total), decimal(quote.amountMinor)),
    ...(expect.lines ? compareLines('lines', expect.lines, quote.lines, { decimal, same }) : []),
    ...optional('startsOn', expect.startsOn, quote.startsOn),
    ...optional('endsOn', expect.endsOn, quote.endsOn),
    ...optional('atRenewal', expect.atRenewal === undefined ? undefined : renewalText(expect.atRenewal, same), renewal),
    ...(expect.renewalLines
      ? compareLines('renewalLines', expect.renewalLines, atRenewal?.lines ?? [], { decimal, same })
      : []),
    ...(expect.changes ? differAll('changes', expect.changes.map(effectText), quote.changes.map(effectText)) : []),
  ];
}

/** Null says that nothing is left to be renewed. */
const renewalText = (expected: string | null, same: (text: string) => string): string =>
  expected === null ? 'nothing' : same(expected);

const effectText = ({ on, what, from, to }: { [Name in keyof QuoteEffect]: string | null }): string =>
  `${on ?? 'never'}: ${what ?? 'nothing'} from ${from ?? 'nothing'} to ${to ?? 'nothing'}`;

function compareLines(
  name: string,
  expected: NonNullable<Expected['lines']>,
  lines: PricedChange['lines'],
  { decimal, same }: { decimal: (minor: bigint) => string; same: (text: string) => string },
): readonly Difference[] {
  const amounts = expected.map((line) => same(typeof line === 'string' ? line : line.amount));
  const details = expected.flatMap((line, index) => {
    const found = lines[index];
    if (typeof line === 'string' || found === undefined) return [];
    const what = `${name}[${String(index)}]`;
    return [
      ...(line.quantity === undefined ? [] : differ(`${what}.quantity`, String(line.quantity), String(found.quantity))),
      ...(line.price === undefined ? [] : differ(`${what}.price`, same(line.price), decimal(found.unitMinor))),
    ];
  });
  return [
    ...differAll(
      name,
      amounts,
      lines.map((line) => decimal(line.amountMinor)),
    ),
    ...details,
  ];
}
