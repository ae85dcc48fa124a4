import { checkTax } from './check-tax.js';
import type { CheckedTax } from './check-tax.js';
import { countTerm, dayOf, isBeginningOfDay, wholeMonths } from './count-term.js';
import type { StoredTerm } from './count-term.js';
import type { Place, Sheet } from './sheet.js';

/** What a line is compared with: the document, or the next term in it, that it stands in. */
export type LineGround = { readonly currency: string | undefined; readonly plan: string | undefined };

/** What a derivation says of its period: the months that are paid, and a percentage that is taken off their price. */
export type PaidShare = { readonly payMonths: bigint; readonly percentOff: string };

/** What the document needs to know of a line that was recomputed; undefined where it could not be read. */
export type CheckedLine = {
  readonly path: string;
  readonly kind: string | undefined;
  readonly quantity: bigint | undefined;
  /** What it charges, tax and all. */
  readonly amountMinor: bigint | undefined;
  readonly tax?: CheckedTax | undefined;
  readonly monthlyMinor: bigint | undefined;
  readonly share: PaidShare | undefined;
  /** Months of the term that is priced; of an add-on the months that it is bought for. */
  readonly periodMonths: bigint | undefined;
  readonly addOn?: string | undefined;
  readonly fromPlan?: string | undefined;
  /** Of a prorated line: the paid term that it belongs to, and the day from which it is charged. */
  readonly term?: { readonly startsOn: string | undefined; readonly endsOn: string | undefined; readonly from: string };
};

const LINE = ['description', 'quantity', 'unitMinor', 'amountMinor', 'derivation', 'tax'];
const TERM_PRICE = ['seats', 'monthlyMinor', 'payMonths', 'percentOff'];
const REST_PRICE = ['monthlyMinor', 'fromMonthlyMinor', 'payMonths', 'percentOff', 'proration'];
const PRORATION = ['currency', 'quantity', 'unitMinor', 'term', 'exactMinor', 'rounding', 'roundedMinor'];
const COUNTED = ['convention', 'timeZone', 'start', 'end', 'at', 'left', 'whole', 'fraction'];

const ADD_ON_PRICE = ['packages', 'monthlyMinor', 'months'];
const DESCRIPTION: Readonly<Record<string, readonly string[]>> = {
  'plan-seats': ['kind', 'plan', 'planName', 'periodMonths'],
  'add-on': ['kind', 'addOn', 'addOnName', 'months'],
  'plan-upgrade': ['kind', 'plan', 'planName', 'fromPlan', 'fromPlanName'],
  'added-seats': ['kind', 'plan', 'planName'],
  'returned-seats': ['kind', 'plan', 'planName'],
};

const ADDED_MONTHS_MAX = 3;
const PERCENT = /^(0|[1-9]\d?)(\.\d{1,6})?$/;

const times = (...factors: readonly (bigint | undefined)[]): bigint | undefined =>
  factors.reduce<bigint | undefined>(
    (product, factor) => (product === undefined || factor === undefined ? undefined : product * factor),
    1n,
  );

/** Recomputes one line from its derivation and notes whatever differs. */
export function checkLine(sheet: Sheet, line: Place, ground: LineGround): CheckedLine {
  const description = sheet.object(line, 'description');
  const derivation = sheet.object(line, 'derivation');
  const kind = description && sheet.text(description, 'kind');
  const quantity = sheet.count(line, 'quantity');
  const unitMinor = sheet.amount(line, 'unitMinor');
  const amountMinor = sheet.amount(line, 'amountMinor');
  const tax = checkTax(sheet, line, amountMinor);
  const checked = { path: line.path, kind, quantity, amountMinor, tax };
  // The derivation comes to the price before tax.
  const amounts = { quantity, unitMinor, amountMinor: tax === undefined ? amountMinor : tax.priceMinor };
  const unread = { monthlyMinor: undefined, share: undefined, periodMonths: undefined };
  if (description === undefined || derivation === undefined) return { ...checked, ...unread };
  const parts = { line, description, derivation };
  const names = kind === undefined ? undefined : DESCRIPTION[kind];
  if (names === undefined || kind === undefined) {
    sheet.note(`${description.path}.kind`, `one of ${Object.keys(DESCRIPTION).join(', ')}`, kind);
    return { ...checked, ...unread };
  }
  sheet.onlyFields(description, names);
  sheet.text(description, kind === 'add-on' ? 'addOnName' : 'planName');
  if (kind === 'add-on') return { ...checked, ...checkAddOnPrice(sheet, parts, amounts) };
  sheet.equal(`${description.path}.plan`, ground.plan, sheet.text(description, 'plan'));
  if (kind === 'plan-seats') return { ...checked, ...checkTermPrice(sheet, parts, amounts) };
  return { ...checked, ...checkRestPrice(sheet, parts, { ...amounts, ...ground }) };
}

type Parts = { readonly line: Place; readonly description: Place; readonly derivation: Place };
type Amounts = {
  readonly quantity: bigint | undefined;
  readonly unitMinor: bigint | undefined;
  readonly amountMinor: bigint | undefined;
};
type Price = Pick<CheckedLine, 'monthlyMinor' | 'share' | 'periodMonths' | 'term' | 'addOn' | 'fromPlan'>;

/** Packages × monthly price × months, exactly. */
function checkAddOnPrice(sheet: Sheet, { line, description, derivation }: Parts, amounts: Amounts): Price {
  sheet.onlyFields(line, LINE);
  sheet.onlyFields(derivation, ADD_ON_PRICE);
  const monthlyMinor = sheet.amount(derivation, 'monthlyMinor');
  const months = sheet.count(description, 'months');
  sheet.equal(`${derivation.path}.packages`, amounts.quantity, sheet.count(derivation, 'packages'));
  sheet.equal(`${derivation.path}.months`, months, sheet.count(derivation, 'months'));
  sheet.equal(`${line.path}.unitMinor`, times(monthlyMinor, months), amounts.unitMinor);
  sheet.equal(`${line.path}.amountMinor`, times(amounts.quantity, amounts.unitMinor), amounts.amountMinor);
  return { monthlyMinor, share: undefined, periodMonths: months, addOn: sheet.text(description, 'addOn') };
}

/** Seats × monthly price × paid months, exactly. */
function checkTermPrice(sheet: Sheet, { line, description, derivation }: Parts, amounts: Amounts): Price {
  sheet.onlyFields(line, LINE);
  sheet.onlyFields(derivation, TERM_PRICE);
  const monthlyMinor = sheet.amount(derivation, 'monthlyMinor');
  const share = readShare(sheet, derivation);
  const periodMonths = sheet.count(description, 'periodMonths');
  sheet.equal(`${derivation.path}.seats`, amounts.quantity, sheet.count(derivation, 'seats'));
  sheet.equal(`${line.path}.unitMinor`, termUnit(monthlyMinor, share), amounts.unitMinor);
  sheet.equal(`${line.path}.amountMinor`, times(amounts.quantity, amounts.unitMinor), amounts.amountMinor);
  checkPayMonths(sheet, derivation, share, periodMonths);
  return { monthlyMinor, share, periodMonths };
}

/** A price, or the difference of two, for a whole term; then the part of it that is left. */
function checkRestPrice(sheet: Sheet, { line, description, derivation }: Parts, amounts: Amounts & LineGround): Price {
  sheet.onlyFields(line, [...LINE, 'term']);
  sheet.onlyFields(derivation, REST_PRICE);
  const isUpgrade = description.fields['kind'] === 'plan-upgrade';
  const monthlyMinor = sheet.amount(derivation, 'monthlyMinor');
  const fromMonthlyMinor = isUpgrade ? sheet.amount(derivation, 'fromMonthlyMinor') : 0n;
  if (!isUpgrade && 'fromMonthlyMinor' in derivation.fields) {
    sheet.note(`${derivation.path}.fromMonthlyMinor`, 'nothing', derivation.fields['fromMonthlyMinor']);
  }
  const fromPlan = isUpgrade ? sheet.text(description, 'fromPlan') : undefined;
  if (isUpgrade) sheet.text(description, 'fromPlanName');
  if (fromPlan !== undefined && fromPlan === amounts.plan) {
    sheet.note(`${description.path}.fromPlan`, 'another plan', amounts.plan);
  }
  const share = readShare(sheet, derivation);
  const [price, fromPrice] = [termUnit(monthlyMinor, share), termUnit(fromMonthlyMinor, share)];
  const more = price === undefined || fromPrice === undefined ? undefined : price - fromPrice;
  // Returned seats are given back at the price at which they are sold.
  const isReturned = description.fields['kind'] === 'returned-seats';
  sheet.equal(`${line.path}.unitMinor`, isReturned && more !== undefined ? -more : more, amounts.unitMinor);
  const term = sheet.object(line, 'term');
  const [startsOn, endsOn] = term ? [sheet.text(term, 'startsOn'), sheet.text(term, 'endsOn')] : [];
  const periodMonths = term && sheet.count(term, 'periodMonths');
  checkPayMonths(sheet, derivation, share, periodMonths);
  if (term !== undefined) sheet.onlyFields(term, ['startsOn', 'endsOn', 'periodMonths']);
  if (term !== undefined) checkLength(sheet, term, { startsOn, endsOn, periodMonths });
  const proration = sheet.object(derivation, 'proration');
  const counted = proration && checkProration(sheet, proration, amounts);
  const checked = { monthlyMinor, share, periodMonths, fromPlan };
  if (counted === undefined) return checked;
  const ends = [
    { name: 'start', day: startsOn, stored: counted.start },
    { name: 'end', day: endsOn, stored: counted.end },
  ];
  for (const { name, day, stored } of ends) {
    const what = `${derivation.path}.proration.term.${name}`;
    sheet.equal(what, day, dayOf(stored, counted) ?? 'no day');
    if (!isBeginningOfDay(stored, counted)) sheet.note(what, 'the beginning of a day', stored);
  }
  return { ...checked, term: { startsOn, endsOn, from: dayOf(counted.at, counted) ?? 'no day' } };
}

/** A paid term has its months; days of a trial may have been added, so it may be longer. */
function checkLength(
  sheet: Sheet,
  at: Place,
  term: { startsOn: string | undefined; endsOn: string | undefined; periodMonths: bigint | undefined },
): void {
  const { startsOn, endsOn, periodMonths } = term;
  if (startsOn === undefined || endsOn === undefined || periodMonths === undefined) return;
  const months = wholeMonths(startsOn, endsOn);
  if (months !== undefined && BigInt(months) >= periodMonths && BigInt(months - ADDED_MONTHS_MAX) <= periodMonths)
    return;
  sheet.note(`${at.path}.periodMonths`, `the months from ${startsOn} to ${endsOn}`, periodMonths);
}

/** Reads the months that are paid and the percentage that is taken off; an absent percentage is "0". */
export function readShare(sheet: Sheet, at: Place): PaidShare | undefined {
  const payMonths = sheet.count(at, 'payMonths');
  const percentOff = 'percentOff' in at.fields ? sheet.text(at, 'percentOff') : '0';
  if (percentOff !== undefined && !PERCENT.test(percentOff)) {
    sheet.note(at.path === '' ? 'percentOff' : `${at.path}.percentOff`, 'a percentage below 100', percentOff);
    return undefined;
  }
  return payMonths === undefined || percentOff === undefined ? undefined : { payMonths, percentOff };
}

/** Monthly price × paid months, less the percentage, rounded once; without a percentage it is whole by itself. */
export function termUnit(monthlyMinor: bigint | undefined, share: PaidShare | undefined): bigint | undefined {
  if (monthlyMinor === undefined || share === undefined) return undefined;
  const [whole = '', decimals = ''] = share.percentOff.split('.');
  const hundred = 100n * 10n ** BigInt(decimals.length);
  return roundedHalfAway(monthlyMinor * share.payMonths * (hundred - BigInt(`${whole}${decimals}`)), hundred);
}

function checkPayMonths(sheet: Sheet, at: Place, share: PaidShare | undefined, months: bigint | undefined): void {
  if (share === undefined || months === undefined) return;
  if (share.payMonths >= 1n && share.payMonths <= months) return;
  sheet.note(`${at.path}.payMonths`, `from 1 to the ${String(months)} months of the period`, share.payMonths);
}

/** Quantity × price × left / whole, rounded once, half away from zero; a credit held to what was paid. */
function checkProration(sheet: Sheet, proration: Place, amounts: Amounts & LineGround): StoredTerm | undefined {
  sheet.onlyFields(proration, [...PRORATION, 'capMinor', 'amountMinor']);
  const at = (name: string): string => `${proration.path}.${name}`;
  sheet.equal(at('currency'), amounts.currency, sheet.text(proration, 'currency'));
  sheet.equal(at('quantity'), amounts.quantity, sheet.count(proration, 'quantity'));
  sheet.equal(at('unitMinor'), amounts.unitMinor, sheet.amount(proration, 'unitMinor'));
  sheet.equal(at('rounding'), 'half-away-from-zero', sheet.text(proration, 'rounding'));
  const rounded = sheet.amount(proration, 'roundedMinor');
  const due = sheet.amount(proration, 'amountMinor');
  sheet.equal(`${at('amountMinor')}, as in the line`, amounts.amountMinor, due);
  sheet.equal(at('amountMinor'), checkCap(sheet, proration, rounded), due);
  const term = sheet.object(proration, 'term');
  const stored = term && readTerm(sheet, term);
  if (term === undefined || stored === undefined) return undefined;
  const counted = countTerm(stored);
  if (counted === undefined) {
    sheet.note(term.path, 'a term that can be counted by its convention', JSON.stringify(stored));
    return undefined;
  }
  sheet.equal(`${term.path}.left`, counted.left, sheet.amount(term, 'left'));
  sheet.equal(`${term.path}.whole`, counted.whole, sheet.amount(term, 'whole'));
  checkFraction(sheet, sheet.object(term, 'fraction'), counted.left, counted.whole);
  const price = times(amounts.quantity, amounts.unitMinor);
  if (price !== undefined) {
    checkFraction(sheet, sheet.object(proration, 'exactMinor'), price * counted.left, counted.whole);
    sheet.equal(at('roundedMinor'), roundedHalfAway(price * counted.left, counted.whole), rounded);
  }
  return stored;
}

/** What is due: the rounded amount, or what was paid where a credit would have been larger. */
function checkCap(sheet: Sheet, proration: Place, rounded: bigint | undefined): bigint | undefined {
  if (!('capMinor' in proration.fields)) return rounded;
  const cap = sheet.amount(proration, 'capMinor');
  if (cap === undefined || rounded === undefined) return undefined;
  if (cap >= 0n && rounded < -cap) return -cap;
  sheet.note(`${proration.path}.capMinor`, `nothing, since ${String(rounded)} is not a credit above it`, cap);
  return rounded;
}

function readTerm(sheet: Sheet, term: Place): StoredTerm | undefined {
  sheet.onlyFields(term, COUNTED);
  const [convention, timeZone] = [sheet.text(term, 'convention'), sheet.text(term, 'timeZone')];
  const [start, end, at] = [sheet.text(term, 'start'), sheet.text(term, 'end'), sheet.text(term, 'at')];
  if (convention === undefined || timeZone === undefined) return undefined;
  if (start === undefined || end === undefined || at === undefined) return undefined;
  return { convention, timeZone, start, end, at };
}

/** A stored fraction stands in lowest terms with a positive denominator. */
function checkFraction(sheet: Sheet, at: Place | undefined, numerator: bigint, denominator: bigint): void {
  if (at === undefined) return;
  sheet.onlyFields(at, ['numerator', 'denominator']);
  const divisor = commonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  sheet.equal(`${at.path}.numerator`, numerator / divisor, sheet.amount(at, 'numerator'));
  sheet.equal(`${at.path}.denominator`, denominator / divisor, sheet.amount(at, 'denominator'));
}

const commonDivisor = (left: bigint, right: bigint): bigint =>
  right === 0n ? left : commonDivisor(right, left % right);

function roundedHalfAway(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const [whole, rest] = [size / denominator, size % denominator];
  const rounded = 2n * rest >= denominator ? whole + 1n : whole;
  return numerator < 0n ? -rounded : rounded;
}
