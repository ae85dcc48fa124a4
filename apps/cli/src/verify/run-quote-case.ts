import type { VerifyCase } from '@billfleet/contracts';
import { currencyFor, decimalToMinor, quoteChange, quotePurchase } from '@billfleet/domain';
import type { Catalogue, PricedChange, PricedQuote, QuoteWorkspace, SubscriptionToChange } from '@billfleet/domain';
import { demoWorkspaces } from '../demo-workspaces.js';
import { decimalIn, differ, differAll } from './differences.js';
import type { Difference } from './differences.js';

type QuoteCase = Extract<VerifyCase, { kind: 'quote' }>;
type Expected = QuoteCase['expect'];
type Outcome =
  | { readonly kind: 'quoted'; readonly quote: PricedQuote | PricedChange }
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
    return quotePurchase({ catalogue, workspace, plan, seats, periodMonths, now });
  }
  if (subscription === null) throw new Error(`case ${one.id}: a change needs a subscription`);
  const { plan, seats, periodMonths, priceListId, anchorOn, startsOn, endsOn, laterTerms, autoRenewal } = subscription;
  const held: SubscriptionToChange = {
    ...{ plan, seats, periodMonths, anchorOn, autoRenewal },
    ...(priceListId === undefined ? {} : { priceListId }),
    terms: [{ startsOn, endsOn, periodMonths }, ...laterTerms],
  };
  return quoteChange({
    ...{ catalogue, workspace, subscription: held, now },
    change: request,
    convention: one.convention,
  });
}

/** Who asks: the subscription says it, or the case, or the id of a demo workspace; else somebody in the United States. */
export function workspaceOf({ subscription, workspace, request }: QuoteCase, catalogue: Catalogue): QuoteWorkspace {
  const demo = demoWorkspaces.find((known) => known.id === request.workspaceId);
  const { country, timeZone } = subscription ?? workspace ?? demo ?? { country: 'US', timeZone: 'UTC' };
  return { country, timeZone, currency: currencyFor(catalogue, country) ?? 'USD' };
}

function compareQuote(expect: Expected, quote: PricedQuote | PricedChange): readonly Difference[] {
  const decimal = decimalIn(quote.currency);
  const same = (text: string): string => {
    const minor = decimalToMinor(text, 2);
    return minor === undefined ? text : decimal(minor);
  };
  const change = quote.kind === 'purchase' ? undefined : quote;
  const optional = (what: string, expected: string | undefined, found: string | undefined) =>
    expected === undefined ? [] : differ(what, expected, found ?? 'nothing');
  return [
    ...optional('currency', expect.currency, quote.currency),
    ...optional('total', expect.total === undefined ? undefined : same(expect.total), decimal(quote.amountMinor)),
    ...(expect.lines ? compareLines(expect.lines, quote, { decimal, same }) : []),
    ...optional('startsOn', expect.startsOn, change?.startsOn),
    ...optional('endsOn', expect.endsOn, change?.endsOn),
    ...(expect.atRenewal === undefined
      ? []
      : differ('atRenewal', same(expect.atRenewal), change ? decimal(change.atRenewal.amountMinor) : 'nothing')),
  ];
}

function compareLines(
  expected: NonNullable<Expected['lines']>,
  quote: PricedQuote | PricedChange,
  { decimal, same }: { decimal: (minor: bigint) => string; same: (text: string) => string },
): readonly Difference[] {
  const amounts = expected.map((line) => same(typeof line === 'string' ? line : line.amount));
  const details = expected.flatMap((line, index) => {
    const found = quote.lines[index];
    if (typeof line === 'string' || found === undefined) return [];
    const what = `lines[${String(index)}]`;
    return [
      ...(line.quantity === undefined ? [] : differ(`${what}.quantity`, String(line.quantity), String(found.quantity))),
      ...(line.price === undefined ? [] : differ(`${what}.price`, same(line.price), decimal(found.unitMinor))),
    ];
  });
  return [
    ...differAll(
      'lines',
      amounts,
      quote.lines.map((line) => decimal(line.amountMinor)),
    ),
    ...details,
  ];
}
