import type { CivilRange } from './calendar.js';
import type { AddOn, PeriodRule, Plan, PriceList } from './catalogue.js';
import { invariant } from './invariant.js';
import { prorate } from './proration.js';
import type { ProrationDerivation } from './proration.js';
import type { ProrationConvention } from './term-fraction.js';
import type { LineTax } from './tax.js';
import { paidShare, termUnitMinor } from './term-price.js';

/** Days that were paid as one term of `periodMonths` calendar months; trial days may have been added to them. */
export type TermDays = CivilRange & { readonly periodMonths: number };

type Amounts = {
  readonly quantity: number;
  readonly unitMinor: bigint;
  /** What is charged, tax and all. */
  readonly amountMinor: bigint;
  /** How much of it is tax; left out where nothing is taxed, and the amount then is what the derivation comes to. */
  readonly tax?: LineTax;
};

/** All seats for a whole term. `unitMinor` is the price of one seat for the term; the derivation says how it came about. */
export type TermLine = Amounts & {
  readonly description: {
    readonly kind: 'plan-seats';
    readonly plan: string;
    readonly planName: string;
    readonly periodMonths: number;
  };
  readonly derivation: {
    readonly seats: number;
    readonly monthlyMinor: bigint;
    readonly payMonths: number;
    readonly percentOff?: string;
  };
};

/** Packages of an add-on for so many months. `unitMinor` is the price of one package for all of them. */
export type AddOnLine = Amounts & {
  readonly description: {
    readonly kind: 'add-on';
    readonly addOn: string;
    readonly addOnName: string;
    readonly months: number;
  };
  readonly derivation: { readonly packages: number; readonly monthlyMinor: bigint; readonly months: number };
};

/** How a prorated line came about: the price of one seat for a whole term, and then the part of the term. */
export type RestDerivation = {
  readonly monthlyMinor: bigint;
  /** The monthly price that was paid already, where a plan changes. */
  readonly fromMonthlyMinor?: bigint;
  readonly payMonths: number;
  readonly percentOff?: string;
  readonly proration: ProrationDerivation;
};

/**
 * A line that charges, or gives back, the rest of a term. `unitMinor` is the price, or difference of prices, for the whole
 * term; negative where seats are returned.
 */
export type RestLine = Amounts & {
  readonly description:
    | {
        readonly kind: 'plan-upgrade';
        readonly plan: string;
        readonly planName: string;
        readonly fromPlan: string;
        readonly fromPlanName: string;
      }
    | { readonly kind: 'added-seats' | 'returned-seats'; readonly plan: string; readonly planName: string };
  readonly term: TermDays;
  readonly derivation: RestDerivation;
};

/** One line of a quote. */
export type QuoteLine = TermLine | AddOnLine | RestLine;

/** What a plan costs a seat and month at a price list. @throws InvariantError when the list does not price the plan. */
export function monthlyOf(priceList: PriceList, plan: Plan): bigint {
  const monthlyMinor = priceList.monthlyPriceMinorBySeat[plan.id];
  invariant(monthlyMinor !== undefined, () => `price list ${priceList.id} has no price for the plan ${plan.id}`);
  return monthlyMinor;
}

/** Prices all seats for a whole term at a price list: exact, and rounded only where a percentage is taken off. */
export function termLine(priceList: PriceList, plan: Plan, period: PeriodRule, seats: number): TermLine {
  const monthlyMinor = monthlyOf(priceList, plan);
  const unitMinor = termUnitMinor(monthlyMinor, period);
  return {
    description: { kind: 'plan-seats', plan: plan.id, planName: plan.name, periodMonths: period.months },
    quantity: seats,
    unitMinor,
    amountMinor: unitMinor * BigInt(seats),
    derivation: { seats, monthlyMinor, ...paidShare(period) },
  };
}

/** Prices packages of an add-on for so many months: packages × monthly price × months, exactly. */
export function addOnLine(addOn: AddOn, monthlyMinor: bigint, packages: number, months: number): AddOnLine {
  const unitMinor = monthlyMinor * BigInt(months);
  return {
    description: { kind: 'add-on', addOn: addOn.id, addOnName: addOn.name, months },
    quantity: packages,
    unitMinor,
    amountMinor: unitMinor * BigInt(packages),
    derivation: { packages, monthlyMinor, months },
  };
}

/** What the rest of a term is priced from. */
export type RestToPrice = {
  readonly description: RestLine['description'];
  readonly term: TermDays;
  readonly period: PeriodRule;
  readonly monthlyMinor: bigint;
  readonly fromMonthlyMinor?: bigint;
  readonly quantity: number;
  readonly currency: string;
  readonly timeZone: string;
  readonly convention: ProrationConvention;
  readonly now: Date;
  /** Of returned seats: what was paid for the term; no more than that is given back. */
  readonly paidMinor?: bigint;
};

/** Prices the rest of one term, rounded once. Returned seats are given back by the same rule by which added ones are charged. */
export function restLine(rest: RestToPrice): RestLine {
  const { description, period, monthlyMinor, fromMonthlyMinor, quantity, currency, now, paidMinor } = rest;
  const { startsOn, endsOn, periodMonths } = rest.term;
  // Each price is the one that is shown for a whole term, so an upgrade on the first day costs just their difference.
  const priceMinor = termUnitMinor(monthlyMinor, period) - termUnitMinor(fromMonthlyMinor ?? 0n, period);
  const unitMinor = description.kind === 'returned-seats' ? -priceMinor : priceMinor;
  const term = { convention: rest.convention, timeZone: rest.timeZone, start: startsOn, end: endsOn };
  const toProrate = { quantity, unitMinor, ...(paidMinor === undefined ? {} : { paidMinor }) };
  const [line] = prorate({ term, at: now, currency, lines: [toProrate] }).lines;
  invariant(line !== undefined, 'one line was prorated');
  const prices = { monthlyMinor, ...(fromMonthlyMinor === undefined ? {} : { fromMonthlyMinor }) };
  return {
    description,
    term: { startsOn, endsOn, periodMonths },
    quantity,
    unitMinor,
    amountMinor: line.amountMinor,
    derivation: { ...prices, ...paidShare(period), proration: line.derivation },
  };
}

/** The sum of lines, in minor units. */
export function sumOfLines(lines: readonly { readonly amountMinor: bigint }[]): bigint {
  return lines.reduce((sum, line) => sum + line.amountMinor, 0n);
}
