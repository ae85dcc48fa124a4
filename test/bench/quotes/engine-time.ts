import { civilDate, periodsFrom, quoteChange } from '@billfleet/domain';
import type { Catalogue, ChangeWish, PaidTerm } from '@billfleet/domain';
import { median, percentile, rounded } from '../purchases/figures.js';

const LINES = 10;
const TERMS = LINES / 2;
const MONTHS = 6;
const WARM_UP_QUOTES = 5_000;
const SAMPLES = 201;
const QUOTES_PER_SAMPLE = 50;

/** What it takes to price one quote with ten lines, in microseconds. */
export type EngineTime = { readonly lines: number; readonly medianMicros: number; readonly p99Micros: number };

/** A subscription with five paid terms, upgraded and enlarged in the first of them: two prorated lines for each term. */
function wishOf(catalogue: Catalogue): ChangeWish {
  const anchorOn = civilDate('2026-07-01');
  const [first, ...others]: readonly PaidTerm[] = periodsFrom(anchorOn, MONTHS, TERMS).map((term) => ({
    ...term,
    periodMonths: MONTHS,
  }));
  if (first === undefined) throw new Error('a subscription has a term');
  return {
    catalogue,
    workspace: { country: 'US', currency: 'USD', timeZone: 'America/New_York' },
    subscription: {
      ...{ plan: 'base', seats: 7, periodMonths: MONTHS, anchorOn, autoRenewal: true },
      terms: [first, ...others],
    },
    change: { kind: 'upgrade-and-add-seats', plan: 'pro', seats: 3 },
    now: new Date('2026-10-02T12:00:00Z'),
  };
}

/** Prices the same quote over and over, with no server and no input or output. */
export function measureEngine(catalogue: Catalogue): EngineTime {
  const wish = wishOf(catalogue);
  const outcome = quoteChange(wish);
  if (outcome.kind === 'refused') throw new Error(`the quote of the bench is refused: ${outcome.code}`);
  const lines = outcome.quote.lines.length;
  for (let warm = 0; warm < WARM_UP_QUOTES; warm += 1) quoteChange(wish);
  const micros = Array.from({ length: SAMPLES }, () => {
    const startedAt = performance.now();
    for (let quote = 0; quote < QUOTES_PER_SAMPLE; quote += 1) quoteChange(wish);
    return ((performance.now() - startedAt) * 1_000) / QUOTES_PER_SAMPLE;
  });
  return { lines, medianMicros: rounded(median(micros), 1), p99Micros: rounded(percentile(micros, 0.99), 1) };
}
