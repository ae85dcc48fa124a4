import { civilDate, civilDateIn, daysBetween, startOfDay } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { invariant, unreachable } from './invariant.js';
import { rational } from './rational.js';
import type { Rational } from './rational.js';

/**
 * How the part of a term that is left is counted.
 * - `day`: whole days of the calendar; the day of the change counts as left, the end day does not belong to the term.
 * - `day-inclusive`: as `day`, but the end is the last day of the term and counts.
 * - `second`: whole seconds that really pass, so days of 23 or 25 hours weigh what they last; the second of the change
 *   counts as left.
 * - `month-30-360`: as `day`, with every month counted as 30 days: day 31 is taken as day 30, and nothing else moves.
 */
export type ProrationConvention = 'day' | 'day-inclusive' | 'second' | 'month-30-360';

/** Every way of counting, the default first. */
export const prorationConventions = [
  'day',
  'day-inclusive',
  'second',
  'month-30-360',
] as const satisfies readonly ProrationConvention[];

/** One end of a term: a civil day, which means its beginning, or an instant. */
export type TermBoundary = CivilDate | Date;

/** A term, seen in a time zone. */
export type Term = {
  readonly convention: ProrationConvention;
  readonly timeZone: string;
  readonly start: TermBoundary;
  readonly end: TermBoundary;
};

/**
 * What is left of a term: `left` of `whole` days or seconds, and the same as a reduced fraction from 0 to 1. All fields are
 * plain text and numbers, so that it can be stored and checked by others. `start`, `end` and `at` are the ends of what
 * was counted: civil days, or instants in UTC where seconds are counted.
 */
export type TermFraction = {
  readonly convention: ProrationConvention;
  readonly timeZone: string;
  readonly start: string;
  readonly end: string;
  readonly at: string;
  readonly left: bigint;
  readonly whole: bigint;
  readonly fraction: Rational;
};

const MS_PER_SECOND = 1_000;
const DAY_ZERO = civilDate('1970-01-01');

/**
 * Counts what is left of a term at an instant, as the clocks of the term's time zone show it. Before the term the whole is
 * left, after it nothing.
 * @throws InvariantError when the term is empty; ask `termLength` first where it comes from outside.
 */
export function termFraction(term: Term, at: Date): TermFraction {
  const { convention, timeZone } = term;
  const [start, end, now] = [term.start, term.end, at].map((boundary) => placeOf(term, boundary));
  invariant(start !== undefined && end !== undefined && now !== undefined, 'three boundaries have three places');
  const whole = lengthOf(convention, start, end);
  invariant(whole >= 1n, () => `a term ends after it starts, found ${start.shown} to ${end.shown}`);
  const left = lengthOf(convention, now, end);
  const held = left < 0n ? 0n : left > whole ? whole : left;
  const shown = { start: start.shown, end: end.shown, at: now.shown };
  return { convention, timeZone, ...shown, left: held, whole, fraction: rational(held, whole) };
}

/** How many days or seconds a term has by its convention; less than 1 when it is empty or ends before it starts. */
export function termLength(term: Term): bigint {
  return lengthOf(term.convention, placeOf(term, term.start), placeOf(term, term.end));
}

/** Where a boundary lies, in the units of a convention from some fixed zero on, and how it is written. */
type Place = { readonly position: number; readonly shown: string };

function lengthOf(convention: ProrationConvention, from: Place, to: Place): bigint {
  return BigInt(to.position - from.position + (convention === 'day-inclusive' ? 1 : 0));
}

function placeOf({ convention, timeZone }: Term, boundary: TermBoundary): Place {
  switch (convention) {
    case 'day':
    case 'day-inclusive': {
      const day = dayOf(boundary, timeZone);
      return { position: daysBetween(DAY_ZERO, day), shown: day };
    }
    case 'second': {
      const position = secondOf(boundary, timeZone);
      return { position, shown: new Date(position * MS_PER_SECOND).toISOString().replace('.000Z', 'Z') };
    }
    case 'month-30-360': {
      const day = dayOf(boundary, timeZone);
      return { position: evenDayNumber(day), shown: day };
    }
    default:
      return unreachable(convention);
  }
}

function dayOf(boundary: TermBoundary, timeZone: string): CivilDate {
  return typeof boundary === 'string' ? boundary : civilDateIn(boundary, timeZone);
}

function secondOf(boundary: TermBoundary, timeZone: string): number {
  const instant = typeof boundary === 'string' ? startOfDay(boundary, timeZone) : boundary;
  return Math.floor(instant.getTime() / MS_PER_SECOND);
}

/** The number of a day in a calendar whose months all have 30 days. */
function evenDayNumber(date: CivilDate): number {
  const [year, month, day] = [date.slice(0, 4), date.slice(5, 7), date.slice(8, 10)].map(Number);
  invariant(
    year !== undefined && month !== undefined && day !== undefined,
    () => `a civil date has three parts: ${date}`,
  );
  return year * 360 + (month - 1) * 30 + Math.min(day, 30);
}
