import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson, parseCatalogue } from '@billfleet/contracts';
import {
  addDays,
  addMonths,
  civilDate,
  installmentOptions,
  periodsFrom,
  prorationConventions,
  quoteChange,
  quotePurchase,
  taxFor,
  taxOf,
  termUnitMinor,
} from '@billfleet/domain';
import type {
  Catalogue,
  ChangeOutcome,
  ChangeRequest,
  NextTerm,
  PaidTerm,
  PricedChange,
  PricedPurchase,
  PriceList,
  QuoteOutcome,
  QuoteWorkspace,
  SubscriptionToChange,
} from '@billfleet/domain';
import fc from 'fast-check';

/** A JSON document, as the API answers it. */
export type JsonFields = Record<string, unknown>;

/** The demo catalogue. */
export function demoCatalogue(): Catalogue {
  const parsed = parseCatalogue(readFileSync('config/catalogue.yaml', 'utf8'));
  if (parsed.kind === 'valid') return parsed.catalogue;
  throw new Error(JSON.stringify(parsed.faults));
}

/** A quote as the API answers it: hashed, with its instalments, amounts as text. */
export function asAnswered(
  quote: PricedPurchase | PricedChange,
  workspace: QuoteWorkspace,
  catalogue: Catalogue,
): JsonFields {
  const content = canonicalJson(quote);
  const { amountMinor, currency } = quote;
  const { country } = workspace;
  const { installments: rules } = catalogue;
  const periodMonths = quote.kind === 'add-on' ? (quote.addOn?.termMonths ?? 1) : quote.periodMonths;
  const asked = { country, method: 'card', amountMinor, currency, periodMonths, rules } as const;
  const installments = amountMinor > 0n ? installmentOptions(asked) : [];
  return {
    id: '0190a000-0000-7000-8000-000000000001',
    workspaceId: '0190a000-0000-7000-8000-000000000002',
    ...(JSON.parse(content) as JsonFields),
    installments: JSON.parse(canonicalJson(installments)) as unknown,
    hash: createHash('sha256').update(content).digest('hex'),
    expiresAt: '2026-11-23T12:30:00.000Z',
  };
}

const contractor = '0190a000-0000-7000-8000-0000000000c1';

const workspaces: readonly QuoteWorkspace[] = [
  { id: contractor, country: 'US', currency: 'USD', timeZone: 'America/New_York' },
  { country: 'US', currency: 'USD', timeZone: 'Pacific/Kiritimati' },
  { country: 'BR', currency: 'BRL', timeZone: 'America/Sao_Paulo' },
];

/** The catalogue, with a contract for one of the workspaces that the random quotes are for. */
function withContract(catalogue: Catalogue): Catalogue {
  const contract: PriceList = {
    ...{ id: 'contract', region: '*', currency: 'USD', validFrom: civilDate('2020-01-01'), workspaceId: contractor },
    monthlyPriceMinorBySeat: { enterprise: 4_799n },
    monthlyPriceMinorByAddOn: { 'ai-credits-5000': 1_999n },
    contract: { plan: 'enterprise', seatsMin: 10 },
  };
  return { ...catalogue, priceLists: [...catalogue.priceLists, contract] };
}

const changeKinds: readonly ChangeRequest['kind'][] = [
  'upgrade',
  'add-seats',
  'upgrade-and-add-seats',
  'extension',
  'renewal',
  'add-on',
  'scheduled-change',
  'refund',
];

const anyPlan = fc.constantFrom('base', 'advanced', 'pro');
const anyPeriod = fc.constantFrom(6, 9, 12, 24);
const anySeats = fc.integer({ min: 1, max: 4_000 });
const anyAddOn = fc.constantFrom('ai-credits-5000', 'ai-credits-15000', 'chats-api-5000');
const anyNext = fc.record(
  { plan: fc.constantFrom('base', 'advanced', 'pro', 'enterprise'), seats: anySeats, periodMonths: anyPeriod },
  { requiredKeys: [] },
);

const draw = fc.record({
  kind: fc.constantFrom('purchase', ...changeKinds),
  workspace: fc.constantFrom(...workspaces),
  plan: anyPlan,
  wanted: fc.constantFrom('advanced', 'pro', 'enterprise'),
  seats: anySeats,
  added: anySeats,
  period: anyPeriod,
  nextPeriod: anyPeriod,
  terms: fc.integer({ min: 1, max: 4 }),
  startsIn: fc.integer({ min: 0, max: 500 }),
  secondsIn: fc.integer({ min: 0, max: 200 * 86_400 }),
  trialDays: fc.integer({ min: -5, max: 40 }),
  convention: fc.constantFrom(...prorationConventions),
  /** Percent of the full price that was paid for a term: less of it caps what a refund gives back. */
  paidPercent: fc.constantFrom(100, 100, 60, 20, 0),
  olderTerms: fc.boolean(),
  isMoved: fc.boolean(),
  scheduled: fc.option(anyNext, { nil: undefined }),
  next: anyNext,
  addOn: anyAddOn,
  packages: fc.integer({ min: 1, max: 20 }),
  addOnMonths: fc.constantFrom(3, 6, 9, 12),
  held: fc.array(fc.record({ addOn: anyAddOn, packages: fc.integer({ min: 1, max: 9 }), runsOut: fc.boolean() }), {
    maxLength: 2,
  }),
});

/** What a random quote is made of, before it is known whether it can be priced. */
type Draw = typeof draw extends fc.Arbitrary<infer Value> ? Value : never;

/** Quotes of every kind, period and convention that the demo catalogue can price, as the API answers them. */
export function randomQuotes(catalogue: Catalogue): fc.Arbitrary<JsonFields> {
  const sold = withContract(catalogue);
  return draw
    .map((one) => ({ one, outcome: price(one, sold) }))
    .filter(({ outcome }) => outcome.kind === 'quoted')
    .map(({ one, outcome }) => {
      if (outcome.kind === 'refused') throw new Error('refused ones are filtered out');
      return asAnswered(outcome.quote, one.workspace, sold);
    });
}

/** The catalogue with each kind of tax for every buyer: in the prices, on top of them, and owed by companies, both ways. */
export function taxedCatalogues(catalogue: Catalogue): readonly Catalogue[] {
  const rule = { id: 'tax', regions: ['*'], validFrom: civilDate('2020-01-01') };
  const rate = { percent: '19', name: { en: 'VAT', es: 'IVA', 'pt-BR': 'IVA' } };
  const finer = { ...rate, percent: '7.125' };
  return [
    { ...catalogue, taxes: [{ ...rule, ...rate, kind: 'exclusive' }] },
    { ...catalogue, taxes: [{ ...rule, ...finer, kind: 'inclusive' }] },
    { ...catalogue, taxes: [{ ...rule, ...rate, kind: 'reverse-charge', otherwise: 'exclusive' }] },
    { ...catalogue, taxes: [{ ...rule, ...finer, kind: 'reverse-charge', otherwise: 'inclusive' }] },
  ];
}

/** A number of any size up to a bound: as many small ones as large ones. */
const anySize = (max: bigint): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 1n, max: BigInt(String(max).length) }).chain((digits) => {
    const top = 10n ** digits - 1n;
    return fc.bigInt({ min: 1n, max: top < max ? top : max });
  });

const bounds = fc.record({
  seats: anySize(1_000_000n).map(Number),
  added: anySize(500_000n).map(Number),
  /** Thousandths of a percent that are taken off a term, in the place of free months. */
  percentOff: fc.option(fc.integer({ min: 1, max: 99_999 }), { nil: undefined }),
  prices: fc.tuple(anySize(999_999_999n), anySize(999_999_999n), anySize(999_999_999n)),
});

/** The same with any number of seats and at any price that may be told; what is too much to be booked is left out. */
export function anyPricedQuotes(catalogue: Catalogue): fc.Arbitrary<JsonFields> {
  return fc
    .tuple(draw, bounds)
    .map(([drawn, { prices, percentOff, ...seats }]) => {
      const [base, more, most] = prices;
      const monthlyPriceMinorBySeat = { base, advanced: base + more, pro: base + more + most };
      const priceLists = catalogue.priceLists.map((list) => ({ ...list, monthlyPriceMinorBySeat }));
      const periods = catalogue.periods.map((period) => {
        if (percentOff === undefined) return period;
        return { months: period.months, payMonths: period.months, percentOff: (percentOff / 1_000).toFixed(3) };
      });
      const sold = withContract({ ...catalogue, priceLists, periods, seats: { min: 1, max: 2_000_000 } });
      const one = { ...drawn, ...seats };
      return { one, sold, outcome: price(one, sold) };
    })
    .filter(({ outcome }) => outcome.kind === 'quoted')
    .map(({ one, sold, outcome }) => {
      if (outcome.kind === 'refused') throw new Error('refused ones are filtered out');
      return asAnswered(outcome.quote, one.workspace, sold);
    });
}

function price(one: Draw, catalogue: Catalogue): QuoteOutcome | ChangeOutcome {
  const { kind, plan, seats, period, convention } = one;
  const workspace = buyerOf(one);
  const startsOn = addDays(civilDate('2026-07-01'), one.startsIn);
  const now = new Date(Date.parse(`${startsOn}T12:00:00Z`) + one.secondsIn * 1_000);
  if (kind === 'purchase') {
    const trialEndsOn = addDays(startsOn, Math.floor(one.secondsIn / 86_400) + one.trialDays);
    return quotePurchase({ catalogue, workspace, plan, seats, periodMonths: period, now, trialEndsOn });
  }
  const subscription = subscriptionOf(one, catalogue);
  return quoteChange({ catalogue, workspace, now, convention, change: changeOf(kind, one), subscription });
}

/** Who buys; some are companies with a tax number, which matters where there is a rule of reverse charge. */
function buyerOf({ workspace, isMoved }: Draw): QuoteWorkspace {
  return { ...workspace, taxNumberCountry: isMoved ? workspace.country : null };
}

function subscriptionOf(one: Draw, catalogue: Catalogue): SubscriptionToChange {
  const { kind, workspace, plan, seats, period, held, scheduled, paidPercent } = one;
  const startsOn = addDays(civilDate('2026-07-01'), one.startsIn);
  const market = workspace.country === 'BR' ? 'brazil' : 'general';
  const older = one.olderTerms ? { priceListId: `${market}-before-2026-09` } : {};
  const rule = catalogue.periods.find(({ months }) => months === period);
  if (rule === undefined) throw new Error(`the catalogue does not sell ${String(period)} months`);
  const fullMinor = termUnitMinor(3_000n, rule) * BigInt(seats);
  const priceMinor = (fullMinor * BigInt(paidPercent)) / 100n;
  const tax = taxFor(catalogue.taxes ?? [], buyerOf(one), startsOn);
  const paid = tax === undefined ? undefined : taxOf(priceMinor, tax);
  const grossMinor = paid === undefined ? priceMinor : paid.netMinor + paid.taxMinor;
  const [first, ...others]: readonly PaidTerm[] = periodsFrom(startsOn, period, one.terms).map((term) => ({
    ...{ ...term, ...older },
    ...{ periodMonths: period, paidMinor: grossMinor },
    ...(paid === undefined
      ? {}
      : { paidTax: { priceMinor, grossMinor, taxMinor: paid.taxMinor, name: paid.name, percent: '19' } }),
  }));
  if (first === undefined) throw new Error('there is at least one term');
  const { endsOn } = others.at(-1) ?? first;
  return {
    ...{ plan, seats, periodMonths: one.nextPeriod, anchorOn: startsOn },
    ...{ terms: [first, ...others], autoRenewal: kind === 'renewal' },
    ...(one.isMoved ? { nextPriceListId: `${market}-2026-09` } : {}),
    ...(scheduled === undefined ? {} : { scheduled: sellable(scheduled, one) }),
    addOns: held.map(({ addOn, packages, runsOut }) => ({
      ...{ addOn, packages },
      endsOn: runsOut ? addMonths(startsOn, 3) : endsOn,
    })),
  };
}

/** A next term that the workspace may have: only one of them has a contract, for ten seats and more. */
function sellable(next: NextTerm, { workspace }: Draw): NextTerm {
  const isContract = next.plan === 'enterprise';
  return isContract && workspace.id !== contractor ? { ...next, plan: 'pro' } : next;
}

function changeOf(kind: ChangeRequest['kind'], one: Draw): ChangeRequest {
  const { wanted, added, period } = one;
  switch (kind) {
    case 'upgrade':
      return { kind, plan: wanted };
    case 'add-seats':
      return { kind, seats: added };
    case 'upgrade-and-add-seats':
      return { kind, plan: wanted, seats: added };
    case 'extension':
      return { kind, periodMonths: period };
    case 'renewal':
      return { kind };
    case 'add-on':
      return { kind, addOn: one.addOn, packages: one.packages, termMonths: one.addOnMonths };
    case 'scheduled-change':
      return { kind, ...one.next };
    case 'refund':
      return one.added <= one.seats ? { kind, seats: one.added } : { kind };
  }
}
