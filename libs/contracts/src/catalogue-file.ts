import {
  civilDate,
  CURRENCY_EXPONENT,
  invariant,
  isCivilDate,
  isCurrency,
  parseDecimal,
  parsePercent,
  prorationConventions,
} from '@billfleet/domain';
import type { Catalogue, Contract, Currency, LimitRule, PeriodRule, PriceList, UsageRules } from '@billfleet/domain';
import { LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { crossCheck } from './catalogue-file-checks.js';
import { exampleFor, pathName, show, valueAt } from './catalogue-file-faults.js';
import type { CatalogueFault } from './catalogue-file-faults.js';
import { MAX_PACKAGES } from './catalogue-file-prices.js';
import { renewalShape } from './catalogue-file-renewal.js';
import { sellerShape } from './catalogue-file-sellers.js';
import { buildTaxes, taxShapes } from './catalogue-file-taxes.js';
import { choice, fields, hasFields, listOf, textLike, whole } from './catalogue-file-shapes.js';

export type { CatalogueFault } from './catalogue-file-faults.js';

/** A catalogue that may be sold from, or everything that is wrong with its file. */
export type CatalogueOutcome =
  | { readonly kind: 'valid'; readonly catalogue: Catalogue }
  | { readonly kind: 'faulty'; readonly faults: readonly CatalogueFault[] };

/** Longest catalogue that is looked at. */
const MAX_CHARACTERS = 1_000_000;
const PERCENT_WANTED = 'a percentage in quotes, more than 0 and less than 100, with at most 6 decimal places';

const id = textLike(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, a letter first, at most 40');
const name = textLike(/^\S(.{0,78}\S)?$/u, 'a text of 1 to 80 characters');
const limitName = textLike(/^[a-z][A-Za-z0-9]{0,39}$/, 'letters and digits, a small letter first, at most 40');
const country = textLike(/^[A-Z]{2}$/, 'a country code of two capital letters');
const amount = whole(0, 1_000_000_000);
const months = whole(1, 120);
/** Days after its due date for which an invoice may still be paid, where a file does not say. */
const OVERDUE_DAYS = 30;
/** The terms of a contract: each one that the catalogue sells. */
export const contractMonths = listOf(months, 1);
const decimalText = z.string({ error: 'a decimal text in quotes' });
const currencies = Object.keys(CURRENCY_EXPONENT).filter(isCurrency);
const currency = z.custom<Currency>((value) => typeof value === 'string' && isCurrency(value), {
  error: `one of ${currencies.join(', ')}`,
});

const limitKinds = {
  flat: fields({ kind: z.literal('flat'), amount }),
  perSeat: fields({ kind: z.literal('per-seat'), amount }),
  perSeatFrom: fields({
    kind: z.literal('per-seat-from'),
    included: amount,
    perSeat: amount,
    fromSeat: whole(1, 1_000_000),
  }),
  unlimited: fields({ kind: z.literal('unlimited') }),
  none: fields({ kind: z.literal('none') }),
};
const limitRule = z.discriminatedUnion(
  'kind',
  [limitKinds.flat, limitKinds.perSeat, limitKinds.perSeatFrom, limitKinds.unlimited, limitKinds.none],
  { error: 'one of flat, per-seat, per-seat-from, unlimited, none' },
) satisfies z.ZodType<LimitRule>;
/** Rules by the names of their limits. */
export const limitRules = z.record(z.string(), limitRule, { error: 'a mapping of limit names to rules' });

const planShape = fields({
  id,
  name,
  sold: choice(['self-service', 'on-request']),
  features: listOf(id, 0),
  limits: limitRules,
});
const workspaceId = z.uuid({ error: 'the id of a workspace, a UUID' }).toLowerCase();
const contractShape = fields({
  workspaceId,
  plan: id,
  monthlyPrice: decimalText,
  seatsMin: whole(1, 1_000_000).optional(),
  periodMonths: contractMonths.optional(),
  limits: limitRules.optional(),
  dueDays: whole(1, 365).optional(),
});
const periodShape = fields({
  months,
  payMonths: months.optional(),
  percentOff: z
    .string({ error: PERCENT_WANTED })
    .refine((text) => parsePercent(text) !== undefined, { error: PERCENT_WANTED })
    .optional(),
}).refine(({ payMonths, percentOff }) => payMonths !== undefined || percentOff !== undefined, {
  path: ['payMonths'],
  error: 'either payMonths or percentOff',
  when: hasFields,
});
const priceListShape = fields({
  id,
  region: textLike(/^([A-Z]{2}|\*)$/, "a country code of two capital letters, or '*' for every other country"),
  currency,
  validFrom: z.string({ error: 'a day as YYYY-MM-DD' }).refine(isCivilDate, { error: 'a day as YYYY-MM-DD' }),
  monthlyPriceBySeat: z.record(z.string(), decimalText, { error: 'a mapping of plan ids to prices' }).optional(),
  monthlyPriceByAddOn: z.record(z.string(), decimalText, { error: 'a mapping of add-on ids to prices' }).optional(),
  workspaceId: workspaceId.optional(),
  contract: contractShape.optional(),
});
const addOnShape = fields({
  id,
  name,
  limit: limitName,
  amount: whole(1, 1_000_000_000),
  termMonths: listOf(months, 1),
  packagesMax: whole(1, MAX_PACKAGES),
});

const fileShape = fields({
  version: textLike(/^\S{1,40}$/, 'a text in quotes of 1 to 40 characters without blanks'),
  seats: fields({ min: whole(1, 1_000_000), max: whole(1, 1_000_000) }),
  quoteMinutes: whole(1, 10_080),
  pendingOrder: fields({
    orderDays: whole(1, 365),
    pixHours: whole(1, 720),
    overdueDays: whole(0, 365).default(OVERDUE_DAYS),
  }),
  renewal: renewalShape,
  usage: fields({
    thresholdsPercent: listOf(whole(1, 100), 1),
    breachHours: whole(0, 720),
    creditLimit: limitName.optional(),
  }),
  proration: fields({ convention: choice(prorationConventions) }),
  periods: listOf(periodShape, 1),
  limits: listOf(fields({ name: limitName, label: name, resets: choice(['never', 'monthly']) }), 0),
  plans: listOf(planShape, 1),
  trial: fields({ days: whole(0, 365), limits: limitRules }),
  sellers: listOf(sellerShape, 1),
  priceLists: listOf(
    priceListShape.refine(
      ({ monthlyPriceBySeat, contract }) => monthlyPriceBySeat !== undefined || contract !== undefined,
      {
        path: ['monthlyPriceBySeat'],
        error: 'a mapping of plan ids to prices, or a contract',
        when: hasFields,
      },
    ),
    1,
  ),
  installments: listOf(fields({ country, max: whole(2, 36), min: decimalText }), 0),
  addOns: listOf(addOnShape, 0),
  taxes: taxShapes.optional(),
});

/**
 * Reads a catalogue from YAML text (YAML 1.2, one document, no aliases; prices as decimal text in major units). Nothing is guessed,
 * rounded or left out silently: unknown fields are faults, and all faults are told at once, those between entries too.
 */
export function parseCatalogue(yamlText: string): CatalogueOutcome {
  const read = readYaml(yamlText);
  if (read.kind === 'faulty') return read;
  const shaped = fileShape.safeParse(read.value);
  const shapeFaults = shaped.success ? [] : shaped.error.issues.flatMap((issue) => faultsOf(issue, read.value));
  const faults = [...shapeFaults, ...crossCheck(read.value)];
  if (shaped.success && faults.length === 0) return { kind: 'valid', catalogue: build(shaped.data) };
  return { kind: 'faulty', faults };
}

type YamlOutcome =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'faulty'; readonly faults: readonly CatalogueFault[] };

function readYaml(yamlText: string): YamlOutcome {
  if (yamlText.length > MAX_CHARACTERS) {
    return { kind: 'faulty', faults: [yamlFault('(file)', `more than ${String(MAX_CHARACTERS)} characters`)] };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter });
  const faults = [...document.errors, ...document.warnings].map((problem) =>
    yamlFault(placeName(problem.linePos?.[0]), problem.message.split('\n')[0] ?? problem.code),
  );
  visit(document, {
    // Aliases can hold themselves, or grow beyond all measure, and a catalogue reads better without them.
    Alias: (_key, alias) => {
      faults.push(yamlFault(placeName(lineCounter.linePos(alias.range?.[0] ?? 0)), `the alias *${alias.source}`));
    },
  });
  return faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'read', value: document.toJS() };
}

function yamlFault(name: string, found: string): CatalogueFault {
  return { name, found, wanted: 'one well-formed YAML document without aliases', example: exampleFor(['version']) };
}

function placeName(place: { readonly line: number; readonly col: number } | undefined): string {
  return place === undefined ? '(file)' : `line ${String(place.line)}, column ${String(place.col)}`;
}

function faultsOf(issue: z.core.$ZodIssue, root: unknown): readonly CatalogueFault[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  return paths.map((place) => ({
    name: pathName(place),
    found: show(valueAt(root, place)),
    wanted: issue.message,
    example: exampleFor(issue.code === 'unrecognized_keys' ? path : place),
  }));
}

function build(file: z.output<typeof fileShape>): Catalogue {
  const open = file.priceLists.filter((list) => list.workspaceId === undefined && list.contract === undefined);
  const currencyOf = (region: string) => open.find((list) => list.region === region)?.currency;
  return {
    version: file.version,
    limits: file.limits,
    plans: file.plans,
    sellers: file.sellers,
    priceLists: file.priceLists.map(buildPriceList),
    periods: file.periods.map(buildPeriod),
    addOns: file.addOns,
    installments: file.installments.map(({ min, ...rule }) => ({
      ...rule,
      minMinor: minor(min, currencyOf(rule.country)),
    })),
    ...(file.taxes === undefined ? {} : { taxes: buildTaxes(file.taxes) }),
    seats: file.seats,
    trial: file.trial,
    pendingOrder: file.pendingOrder,
    quoteMinutes: file.quoteMinutes,
    renewal: file.renewal,
    usage: buildUsage(file.usage),
    convention: file.proration.convention,
  };
}

function buildUsage({ creditLimit, ...rules }: z.output<typeof fileShape>['usage']): UsageRules {
  return { ...rules, ...(creditLimit === undefined ? {} : { creditLimit }) };
}

function buildPeriod({ months: length, payMonths, percentOff }: z.output<typeof periodShape>): PeriodRule {
  if (percentOff === undefined) return { months: length, payMonths: payMonths ?? length };
  return { months: length, payMonths: length, percentOff };
}

function buildPriceList(list: z.output<typeof priceListShape>): PriceList {
  const { id: listId, region, currency: listCurrency, contract } = list;
  const prices = contract === undefined ? list.monthlyPriceBySeat : { [contract.plan]: contract.monthlyPrice };
  const owner = contract?.workspaceId ?? list.workspaceId;
  return {
    id: listId,
    region,
    currency: listCurrency,
    validFrom: civilDate(list.validFrom),
    monthlyPriceMinorBySeat: minorById(prices, listCurrency),
    monthlyPriceMinorByAddOn: minorById(list.monthlyPriceByAddOn, listCurrency),
    ...(owner === undefined ? {} : { workspaceId: owner }),
    ...(contract === undefined ? {} : { contract: buildContract(contract) }),
  };
}

function buildContract({ plan, seatsMin, periodMonths, limits, dueDays }: z.output<typeof contractShape>): Contract {
  return {
    plan,
    ...(seatsMin === undefined ? {} : { seatsMin }),
    ...(periodMonths === undefined ? {} : { periodMonths }),
    ...(limits === undefined ? {} : { limits }),
    ...(dueDays === undefined ? {} : { dueDays }),
  };
}

function minorById(prices: Readonly<Record<string, string>> = {}, priceCurrency: Currency) {
  return Object.fromEntries(Object.entries(prices).map(([sold, price]) => [sold, minor(price, priceCurrency)]));
}

function minor(price: string, priceCurrency: Currency | undefined): bigint {
  const parsed = priceCurrency === undefined ? undefined : parseDecimal(price, priceCurrency);
  invariant(parsed !== undefined, `the price ${price} should have been refused before`);
  return parsed.amountMinor;
}
