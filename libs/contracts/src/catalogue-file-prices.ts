import {
  formatDecimal,
  isCurrency,
  MAX_AMOUNT_MINOR,
  money,
  parseDecimal,
  parsePercent,
  termUnitMinor,
} from '@billfleet/domain';
import type { PeriodRule } from '@billfleet/domain';
import type { CatalogueFault, Path } from './catalogue-file-faults.js';
import { fault, isPrivate } from './catalogue-file-loose.js';
import type { LooseFile } from './catalogue-file-loose.js';

/** What the shape of the file allows at most; what goes beyond is told of there. */
const MAX_SEATS = 1_000_000;
const MAX_MONTHS = 120;
/** The largest `packagesMax` of an add-on. */
export const MAX_PACKAGES = 10_000;

/** Finds prices that are missing, astray, of the wrong form, or that come to nothing or too much in some term. */
export function checkPrices(file: LooseFile): readonly CatalogueFault[] {
  return [...checkPlanPrices(file), ...checkAddOnPrices(file), ...checkSmallestParts(file)];
}

function checkPlanPrices(file: LooseFile): readonly CatalogueFault[] {
  const known = file.plans.flatMap((plan) => plan?.id ?? []);
  const idsSold = (sold: string) => file.plans.flatMap((plan) => (plan?.sold === sold ? (plan.id ?? []) : []));
  const onRequest = idsSold('on-request');
  return file.priceLists.flatMap((list, index) => {
    const path = ['priceLists', index, 'monthlyPriceBySeat'];
    const { monthlyPriceBySeat: prices, contract, currency } = list ?? {};
    if (contract !== undefined) {
      const place = ['priceLists', index, 'contract', 'monthlyPrice'];
      return checkSeatPrice(file, place, contract.monthlyPrice, currency);
    }
    if (prices === undefined) return [];
    // A private list may price some plans only, and those that have no price for everybody.
    const isOpen = !isPrivate(list);
    const missing = isOpen ? idsSold('self-service').filter((plan) => !Object.hasOwn(prices, plan)) : [];
    const empty = !isOpen && Object.keys(prices).length === 0;
    const isStray = (plan: string) => !known.includes(plan) || (isOpen && onRequest.includes(plan));
    const stray = Object.keys(prices).filter(isStray);
    return [
      ...(empty ? [fault(path, prices, 'a price for at least one plan')] : []),
      ...missing.map((plan) => fault([...path, plan], undefined, 'a price for each self-service plan')),
      ...stray.map((plan) =>
        fault([...path, plan], prices[plan], isOpen ? 'the id of a self-service plan' : 'the id of a plan'),
      ),
      ...Object.entries(prices).flatMap(([plan, price]) => checkSeatPrice(file, [...path, plan], price, currency)),
    ];
  });
}

function checkAddOnPrices(file: LooseFile): readonly CatalogueFault[] {
  const known = [...new Set(file.addOns.flatMap((addOn) => addOn?.id ?? []))];
  return file.priceLists.flatMap((list, index) => {
    const prices = list?.monthlyPriceByAddOn;
    if (prices === undefined || prices === null) return [];
    const path = ['priceLists', index, 'monthlyPriceByAddOn'];
    const missing = isPrivate(list) ? [] : known.filter((addOn) => !Object.hasOwn(prices, addOn));
    const stray = Object.keys(prices).filter((addOn) => !known.includes(addOn));
    return [
      ...missing.map((addOn) => fault([...path, addOn], undefined, 'a price for each add-on')),
      ...stray.map((addOn) => fault([...path, addOn], prices[addOn], 'the id of an add-on')),
      ...Object.entries(prices).flatMap(([addOn, price]) => [
        ...checkPrice([...path, addOn], price, list?.currency),
        ...checkLargestOrder(file, [...path, addOn], { addOn, price, currency: list?.currency }),
      ]),
    ];
  });
}

function checkSmallestParts(file: LooseFile): readonly CatalogueFault[] {
  return file.installments.flatMap((rule, index) => {
    const currency = file.priceLists.find((list) => !isPrivate(list) && list?.region === rule?.country)?.currency;
    return rule === undefined ? [] : checkPrice(['installments', index, 'min'], rule.min, currency);
  });
}

/** Only what is a text in a known currency: anything else is told of where the shape is checked. */
function checkPrice(path: Path, price: unknown, currency: string | undefined): readonly CatalogueFault[] {
  if (typeof price !== 'string' || currency === undefined || !isCurrency(currency)) return [];
  if (positiveMinor(price, currency) !== undefined) return [];
  return [fault(path, price, `a positive decimal text with the decimal places of ${currency}`)];
}

/** A price of a seat has to be sound by itself and in every term: some minor units for one seat, not too many for all. */
function checkSeatPrice(file: LooseFile, path: Path, price: unknown, currency: string | undefined) {
  const alone = checkPrice(path, price, currency);
  const monthlyMinor = positiveMinor(price, currency);
  if (monthlyMinor === undefined || currency === undefined || !isCurrency(currency)) return alone;
  const seats = BigInt(inRange(file.seats?.max, MAX_SEATS) ?? 1);
  const units = soundPeriods(file).map((period) => ({ period, unitMinor: termUnitMinor(monthlyMinor, period) }));
  const vanishing = units.find(({ unitMinor }) => unitMinor <= 0n);
  const exceeding = units.find(({ unitMinor }) => unitMinor * seats > MAX_AMOUNT_MINOR);
  const most = formatDecimal(money(MAX_AMOUNT_MINOR, currency));
  return [
    ...alone,
    ...(vanishing === undefined
      ? []
      : [fault(path, price, `a price that leaves more than nothing for ${String(vanishing.period.months)} months`)]),
    ...(exceeding === undefined
      ? []
      : [
          fault(
            path,
            price,
            `a price at which ${String(seats)} seats for ${String(exceeding.period.months)} months cost at most ${most}`,
          ),
        ]),
  ];
}

/** The most packages that one order may have, for the longest term. */
function checkLargestOrder(
  file: LooseFile,
  path: Path,
  {
    addOn,
    price,
    currency,
  }: { readonly addOn: string; readonly price: unknown; readonly currency: string | undefined },
): readonly CatalogueFault[] {
  const monthlyMinor = positiveMinor(price, currency);
  if (monthlyMinor === undefined || currency === undefined || !isCurrency(currency)) return [];
  const sold = file.addOns.find((one) => one?.id === addOn);
  const packages = inRange(sold?.packagesMax, MAX_PACKAGES) ?? 1;
  const longest = Math.max(0, ...(sold?.termMonths ?? []).map((months) => inRange(months, MAX_MONTHS) ?? 0));
  if (monthlyMinor * BigInt(longest) * BigInt(packages) <= MAX_AMOUNT_MINOR) return [];
  const most = formatDecimal(money(MAX_AMOUNT_MINOR, currency));
  const wanted = `a price at which ${String(packages)} packages for ${String(longest)} months cost at most ${most}`;
  return [fault(path, price, wanted)];
}

function soundPeriods(file: LooseFile): readonly PeriodRule[] {
  return file.periods.flatMap((period): readonly PeriodRule[] => {
    const months = inRange(period?.months, MAX_MONTHS);
    const percentOff = period?.percentOff;
    if (months === undefined) return [];
    if (percentOff !== undefined) {
      return parsePercent(percentOff) === undefined ? [] : [{ months, payMonths: months, percentOff }];
    }
    const payMonths = inRange(period?.payMonths, months);
    return payMonths === undefined ? [] : [{ months, payMonths }];
  });
}

function inRange(value: unknown, most: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most ? value : undefined;
}

function positiveMinor(price: unknown, currency: string | undefined): bigint | undefined {
  if (typeof price !== 'string' || currency === undefined || !isCurrency(currency)) return undefined;
  const parsed = parseDecimal(price, currency);
  return parsed !== undefined && parsed.amountMinor > 0n ? parsed.amountMinor : undefined;
}
