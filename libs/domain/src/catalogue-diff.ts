import type { AddOn, Catalogue, LimitRule, LimitRules, PeriodRule, PriceList } from './catalogue.js';
import { minorToDecimal } from './currency-exponents.js';
import { unreachable } from './invariant.js';
import { CURRENCY_EXPONENT } from './money.js';
import type { Currency } from './money.js';
import { rational, roundHalfAwayFromZero } from './rational.js';
import type { Seller } from './seller.js';
import type { TaxRule } from './tax.js';

/** The parts of a catalogue, in the order in which changes are told. */
export const catalogueSections = [
  'plans',
  'priceLists',
  'periods',
  'limits',
  'addOns',
  'sellers',
  'taxes',
  'rules',
] as const;

/** One of the parts of a catalogue. */
export type CatalogueSection = (typeof catalogueSections)[number];

/**
 * One thing that differs between two catalogues. `from` and `to` are written for people; prices are decimal text with
 * their currency. `percent` is how much a price moved, with two decimal places, rounded half away from zero.
 */
export type CatalogueChange = {
  readonly section: CatalogueSection;
  readonly what: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly from?: string;
  readonly to?: string;
  readonly percent?: string;
};

/** Tells everything that differs between two catalogues, entry by entry. The order of entries in a file does not matter. */
export function diffCatalogues(older: Catalogue, newer: Catalogue): readonly CatalogueChange[] {
  const before = new Map(entriesOf(older).map((entry) => [keyOf(entry), entry]));
  const after = new Map(entriesOf(newer).map((entry) => [keyOf(entry), entry]));
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    compareEntries(before.get(key), after.get(key)),
  );
  return catalogueSections.flatMap((section) => changes.filter((change) => change.section === section));
}

type Entry = {
  readonly section: CatalogueSection;
  readonly what: string;
  readonly text: string;
  readonly price?: { readonly amountMinor: bigint; readonly currency: Currency };
};

const keyOf = (entry: Entry): string => `${entry.section}\n${entry.what}`;

function compareEntries(before: Entry | undefined, after: Entry | undefined): readonly CatalogueChange[] {
  if (before === undefined) {
    return after === undefined ? [] : [{ section: after.section, what: after.what, kind: 'added', to: after.text }];
  }
  const { section, what, text } = before;
  if (after === undefined) return [{ section, what, kind: 'removed', from: text }];
  if (text === after.text) return [];
  const percent = percentBetween(before, after);
  const change = { section, what, kind: 'changed', from: text, to: after.text } as const;
  return [percent === undefined ? change : { ...change, percent }];
}

function percentBetween({ price: before }: Entry, { price: after }: Entry): string | undefined {
  if (before === undefined || after?.currency !== before.currency) return undefined;
  const hundredths = roundHalfAwayFromZero(
    rational((after.amountMinor - before.amountMinor) * 10_000n, before.amountMinor),
  );
  return `${hundredths > 0n ? '+' : ''}${minorToDecimal(hundredths, 2)}`;
}

function entriesOf(catalogue: Catalogue): readonly Entry[] {
  return [
    ...catalogue.plans.flatMap((plan): Entry[] => [
      { section: 'plans', what: plan.id, text: `${plan.name}, ${plan.sold}` },
      { section: 'plans', what: `${plan.id} features`, text: [...plan.features].sort().join(', ') },
    ]),
    ...catalogue.priceLists.flatMap(listEntries),
    ...catalogue.periods.map((period): Entry => ({
      section: 'periods',
      what: `${period.months} months`,
      text: periodText(period),
    })),
    ...limitEntries(catalogue),
    ...catalogue.addOns.map((addOn): Entry => ({ section: 'addOns', what: addOn.id, text: addOnText(addOn) })),
    ...catalogue.sellers.map((seller): Entry => ({ section: 'sellers', what: seller.id, text: sellerText(seller) })),
    ...(catalogue.taxes ?? []).map((rule): Entry => ({ section: 'taxes', what: rule.id, text: taxText(rule) })),
    ...ruleEntries(catalogue),
  ];
}

function taxText(rule: TaxRule): string {
  const where = `${[...rule.regions].sort().join(', ')}, from ${rule.validFrom}`;
  if (rule.kind === 'none') return `none, ${where}`;
  const otherwise = rule.kind === 'reverse-charge' ? `, ${rule.otherwise} for others` : '';
  return `${rule.name.en} ${rule.percent} % ${rule.kind}${otherwise}, ${where}`;
}

function priceEntry(what: string, amountMinor: bigint, currency: Currency): Entry {
  const text = `${minorToDecimal(amountMinor, CURRENCY_EXPONENT[currency])} ${currency}`;
  return { section: 'priceLists', what, text, price: { amountMinor, currency } };
}

function listEntries(list: PriceList): readonly Entry[] {
  const { id, region, currency, validFrom, workspaceId, contract } = list;
  const owner = workspaceId === undefined ? '' : `, only for workspace ${workspaceId}`;
  const agreed =
    contract === undefined
      ? ''
      : `, contract for ${contract.plan}, from ${contract.seatsMin ?? 1} seats, ${contract.periodMonths?.join(' or ') ?? 'any'} months${contract.dueDays === undefined ? '' : `, on account within ${contract.dueDays} days`}`;
  return [
    { section: 'priceLists', what: id, text: `region ${region}, ${currency}, from ${validFrom}${owner}${agreed}` },
    ...Object.entries(list.monthlyPriceMinorBySeat).map(([plan, price]) =>
      priceEntry(`${id} ${plan}`, price, currency),
    ),
    // The word between keeps a price apart from that of a plan which had the same id in the other catalogue.
    ...Object.entries(list.monthlyPriceMinorByAddOn).map(([addOn, price]) =>
      priceEntry(`${id} add-on ${addOn}`, price, currency),
    ),
    ...ruleTexts(`contract ${id}`, contract?.limits ?? {}),
  ];
}

function periodText({ payMonths, percentOff }: PeriodRule): string {
  return percentOff === undefined ? `pays ${payMonths} months` : `${percentOff} % off`;
}

function addOnText({ name, limit, amount, termMonths, packagesMax }: AddOn): string {
  const terms = [...termMonths].sort((left, right) => left - right).join(', ');
  return `${name}, ${amount} more of ${limit} a package, 1 to ${packagesMax} packages, for ${terms} months`;
}

function sellerText({ legalName, taxId, address, region, currency, numberPrefix, timeZone }: Seller): string {
  return `${legalName}, ${taxId.kind} ${taxId.value}, ${address.join(', ')}; region ${region}, ${currency}, numbers ${numberPrefix}, days of ${timeZone}`;
}

function limitEntries(catalogue: Catalogue): readonly Entry[] {
  return [
    ...catalogue.limits.map(({ name, label, resets }): Entry => ({
      section: 'limits',
      what: name,
      text: `${label}, resets ${resets}`,
    })),
    ...catalogue.plans.flatMap((plan) => ruleTexts(plan.id, plan.limits)),
    ...ruleTexts('free trial', catalogue.trial.limits),
  ];
}

/** Owners are told apart by their number of words: a plan's id is one, and the ids of lists may be the same. */
function ruleTexts(owner: string, limits: LimitRules): readonly Entry[] {
  return Object.entries(limits).map(([name, rule]) => ({
    section: 'limits',
    what: `${owner} ${name}`,
    text: limitText(rule),
  }));
}

function limitText(rule: LimitRule): string {
  switch (rule.kind) {
    case 'flat':
      return `${rule.amount}`;
    case 'per-seat':
      return `${rule.amount} per seat`;
    case 'per-seat-from':
      return `${rule.included}, and ${rule.perSeat} for each seat from number ${rule.fromSeat} on`;
    case 'unlimited':
    case 'none':
      return rule.kind;
    default:
      return unreachable(rule);
  }
}

function ruleEntries(catalogue: Catalogue): readonly Entry[] {
  const { seats, trial, pendingOrder, renewal, usage } = catalogue;
  const texts: Readonly<Record<string, string>> = {
    version: catalogue.version,
    seats: `${seats.min} to ${seats.max}`,
    quote: `${catalogue.quoteMinutes} minutes`,
    trial: `${trial.days} days`,
    'unpaid order': `${pendingOrder.orderDays} days`,
    'unpaid order on account': `${pendingOrder.overdueDays} days after it was due`,
    'Pix code': `${pendingOrder.pixHours} hours`,
    reminder: `${renewal.reminderDays} days before the end`,
    charge: `${renewal.chargeDays} days before the end`,
    'charges while declined': `after ${renewal.dunning.chargeHours.join(', ')} hours`,
    ...Object.fromEntries(
      Object.entries(renewal.dunning.onDecline).map(([declined, answer]) => [`decline ${declined}`, answer]),
    ),
    grace: `${renewal.graceDays} days after the end`,
    'expiring card': `told ${renewal.cardDays} days before the end`,
    'data kept': `${renewal.dataDays} days after the end, warned ${renewal.dataWarningDays.join(', ')} days before`,
    'hours of reminders': `${renewal.mailHours.from} to ${renewal.mailHours.to}`,
    proration: catalogue.convention,
    'usage warnings': `at ${usage.thresholdsPercent.join(', ')} %`,
    'reached limit': `new records for ${usage.breachHours} more hours`,
    credits: usage.creditLimit ?? 'none',
    ...Object.fromEntries(
      catalogue.installments.map((rule) => [
        `instalments ${rule.country}`,
        `at most ${rule.max}, none below ${rule.minMinor} minor units`,
      ]),
    ),
  };
  return Object.entries(texts).map(([what, text]) => ({ section: 'rules', what, text }));
}
