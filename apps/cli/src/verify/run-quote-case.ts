import type { VerifyCase } from '@billfleet/contracts';
import {
  civilDate,
  currencyExponent,
  currencyFor,
  decimalToMinor,
  quoteChange,
  quotePurchase,
} from '@billfleet/domain';
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
export function priceCase(one: QuoteCase, demo: Catalogue): Outcome {
  const { request, subscription, now } = one;
  const catalogue = taxedBy(one, demo);
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

/** The catalogue with the tax of the case for everybody; without one as it is. */
function taxedBy({ tax }: QuoteCase, catalogue: Catalogue): Catalogue {
  if (tax === undefined) return catalogue;
  const { percent } = tax;
  const rule = { id: 'case', regions: ['*'], validFrom: civilDate('1900-01-01'), percent, name: CASE_TAX };
  const applied =
    tax.kind === 'reverse-charge' ? { kind: tax.kind, otherwise: tax.prices } : ({ kind: tax.kind } as const);
  return { ...catalogue, taxes: [{ ...rule, ...applied }] };
}

const CASE_TAX = { en: 'tax', es: 'impuesto', 'pt-BR': 'imposto' };

type Held = NonNullable<QuoteCase['subscription']>;

function heldOf(held: Held, currency: string): SubscriptionToChange {
  const { plan, seats, periodMonths, priceListId, startsOn, endsOn, laterTerms, autoRenewal, nextPriceListId } = held;
  const { anchorOn = startsOn, scheduled, addOns, paid, paidPrice, paidTax } = held;
  return {
    ...{ plan, seats, periodMonths, anchorOn, autoRenewal, addOns },
    ...(priceListId === undefined ? {} : { priceListId }),
    ...(nextPriceListId === undefined ? {} : { nextPriceListId }),
    ...(scheduled === undefined ? {} : { scheduled: nextOf(scheduled) }),
    terms: [
      paidTerm({ startsOn, endsOn, periodMonths, paid, paidPrice, paidTax }, currency),
      ...laterTerms.map((term) => paidTerm(term, currency)),
    ],
  };
}

type CaseTerm = Pick<Held, 'paid' | 'paidPrice' | 'paidTax'> & Omit<PaidTerm, 'paidMinor' | 'paidTax'>;

function paidTerm({ paid, paidPrice, paidTax, ...days }: CaseTerm, currency: string): PaidTerm {
  const minor = (text: string): bigint => decimalToMinor(text, currencyExponent(currency) ?? 0) ?? 0n;
  if (paid === undefined) return days;
  const grossMinor = minor(paid);
  if (paidPrice === undefined || paidTax === undefined) return { ...days, paidMinor: grossMinor };
  const taxed = { priceMinor: minor(paidPrice), grossMinor, taxMinor: minor(paidTax), name: CASE_TAX };
  return { ...days, paidMinor: grossMinor, paidTax: taxed };
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
export function workspaceOf(
  { subscription, workspace, request, tax }: QuoteCase,
  catalogue: Catalogue,
): QuoteWorkspace {
  const demo = demoWorkspaces.find((known) => known.id === request.workspaceId);
  const { country, timeZone } = subscription ?? workspace ?? demo ?? { country: 'US', timeZone: 'UTC' };
  const company = tax?.kind === 'reverse-charge' ? { taxNumberCountry: country } : {};
  return { country, timeZone, currency: currencyFor(catalogue, country) ?? 'USD', ...company };
}

function compareQuote(expect: Expected, quote: PricedPurchase | PricedChange): readonly Difference[] {
  const decimal = decimalIn(quote.currency);
  const same = (text: string): string => {
    const minor = decimalToMinor(text, 2);
    return minor === undefined ? text : decimal(minor);
  };
  const shown = (minor: bigint | undefined) => (minor === undefined ? undefined : decimal(minor));
  const optional = (what: string, expected: string | undefined, found: string | undefined) =>
    expected === undefined ? [] : differ(what, expected, found ?? 'nothing');
  const { atRenewal } = quote;
  const renewal = atRenewal === undefined ? undefined : decimal(atRenewal.amountMinor);
  return [
    ...optional('currency', expect.currency, quote.currency),
    ...optional('total', expect.total === undefined ? undefined : same(expect.total), decimal(quote.amountMinor)),
    ...optional('net', expect.net === undefined ? undefined : same(expect.net), shown(quote.netMinor)),
    ...optional('tax', expect.tax === undefined ? undefined : same(expect.tax), shown(quote.taxMinor)),
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
    const taxed = (minor: bigint | undefined): string => (minor === undefined ? 'nothing' : decimal(minor));
    return [
      ...(line.quantity === undefined ? [] : differ(`${what}.quantity`, String(line.quantity), String(found.quantity))),
      ...(line.price === undefined ? [] : differ(`${what}.price`, same(line.price), decimal(found.unitMinor))),
      ...(line.net === undefined ? [] : differ(`${what}.net`, same(line.net), taxed(found.tax?.netMinor))),
      ...(line.tax === undefined ? [] : differ(`${what}.tax`, same(line.tax), taxed(found.tax?.taxMinor))),
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
