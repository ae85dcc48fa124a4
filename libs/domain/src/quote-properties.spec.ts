import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { acme, smallCatalogue, smallSubscription } from '../../../test/support/small-catalogue.js';
import { addDays, addMonths, civilDate } from './calendar.js';
import type { Catalogue, PriceList } from './catalogue.js';
import type { ChangeRequest, ChangeWish, PaidTerm } from './change-ground.js';
import { MAX_AMOUNT_MINOR } from './money.js';
import type { PricedChange } from './priced-change.js';
import { quotePurchase } from './quote.js';
import { quoteChange } from './quote-change.js';
import { prorationConventions } from './term-fraction.js';

const RUNS = 10_000;
const SEATS_MAX = 1_000_000;
const PRICE_MAX_MINOR = 999_999_999n;
const DAY_MS = 86_400_000;

const anyPrice = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: 99_999n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: PRICE_MAX_MINOR }) },
);
const anyShare = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: 1, max: 99_999 }).map((parts) => (parts / 1_000).toFixed(3)),
);

const anySeats = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: SEATS_MAX }) },
);

/** Everything that a sale may be made of, drawn once for all properties. */
const anySale = fc.record({
  prices: fc.tuple(anyPrice, anyPrice, anyPrice, anyPrice),
  olderPrices: fc.tuple(anyPrice, anyPrice, anyPrice, anyPrice),
  percentOff: anyShare,
  convention: fc.constantFrom(...prorationConventions),
  timeZone: fc.constantFrom('UTC', 'America/Sao_Paulo', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu'),
  months: fc.constantFrom(6, 12),
  startsOn: fc.integer({ min: 0, max: 3_000 }).map((days) => addDays(civilDate('2026-01-01'), days)),
  terms: fc.integer({ min: 1, max: 2 }),
  seats: anySeats,
  added: anySeats,
  more: fc.integer({ min: 0, max: 1_000 }),
  atMs: fc.integer({ min: 0, max: 360 * DAY_MS }),
  delayMs: fc.oneof(fc.integer({ min: 0, max: 2 * DAY_MS }), fc.integer({ min: 0, max: 300 * DAY_MS })),
});
type Sale = typeof anySale extends fc.Arbitrary<infer Value> ? Value : never;

/** Plans that cost more from the first to the last, at every list. */
function rising(prices: Sale['prices']): Record<string, bigint> {
  const [base = 0n, advanced = 0n, pro = 0n, big = 0n] = [...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return { base, advanced: advanced + 1n, pro: pro + 2n, big: big + 3n };
}

const made = new WeakMap<Sale, Catalogue>();

function catalogueOf(sale: Sale): Catalogue {
  const catalogue = made.get(sale) ?? makeCatalogue(sale);
  made.set(sale, catalogue);
  return catalogue;
}

function makeCatalogue({ prices, olderPrices, percentOff }: Sale): Catalogue {
  const { big = 0n, ...own } = rising(prices);
  const { big: _, ...older } = rising(olderPrices);
  const at = (list: PriceList): PriceList => {
    if (list.contract !== undefined) {
      const { periodMonths: _months, seatsMin: _seats, ...contract } = list.contract;
      return { ...list, monthlyPriceMinorBySeat: { big }, contract };
    }
    return { ...list, monthlyPriceMinorBySeat: list.id === 'old' ? older : own };
  };
  return {
    ...smallCatalogue,
    seats: { min: 1, max: 3 * SEATS_MAX },
    priceLists: smallCatalogue.priceLists.map(at),
    periods: smallCatalogue.periods.map((period) =>
      percentOff === undefined ? period : { months: period.months, payMonths: period.months, percentOff },
    ),
  };
}

type Held = {
  readonly plan?: string;
  readonly seats?: number;
  readonly terms?: readonly PaidTerm[];
  readonly listId?: string;
};

function wishOf(sale: Sale, change: ChangeRequest, held: Held = {}, delayMs = 0): ChangeWish {
  const { months, startsOn, convention, timeZone, seats } = sale;
  const drawn = Array.from({ length: sale.terms }, (_, index): PaidTerm => ({
    ...{ startsOn: addMonths(startsOn, index * months), endsOn: addMonths(startsOn, (index + 1) * months) },
    ...{ periodMonths: months, paidMinor: 0n },
  }));
  const [first, ...others] = held.terms ?? drawn;
  if (first === undefined) throw new Error('there is at least one term');
  return {
    catalogue: catalogueOf(sale),
    workspace: { id: acme, country: 'US', currency: 'USD', timeZone },
    now: new Date(Date.parse(`${startsOn}T12:00:00Z`) + sale.atMs + delayMs),
    subscription: {
      ...{ ...smallSubscription, plan: held.plan ?? 'base', seats: held.seats ?? seats, periodMonths: months },
      ...{ priceListId: held.listId ?? 'new', anchorOn: startsOn, terms: [first, ...others] },
    },
    ...{ change, convention },
  };
}

const MONEY_REFUSALS = ['amount_out_of_range', 'subscription_ended', 'nothing_to_refund'];

/** The quote, or undefined where it is refused for what it costs, or because all is over by then. */
function priced(wish: ChangeWish): PricedChange | undefined {
  const outcome = quoteChange(wish);
  if (outcome.kind === 'quoted') return outcome.quote;
  if (!MONEY_REFUSALS.includes(outcome.code)) throw new Error(`${outcome.code}: ${outcome.wanted}`);
  return undefined;
}

/** Half away from zero, by plain division of whole numbers. */
function share(wholeMinor: bigint, left: bigint, whole: bigint): bigint {
  const size = (wholeMinor < 0n ? -wholeMinor : wholeMinor) * left;
  const rounded = size / whole + (2n * (size % whole) >= whole ? 1n : 0n);
  return wholeMinor < 0n ? -rounded : rounded;
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

/** Counts how many runs came to the point, so that a property that is never tried does not pass. */
function holds(property: (sale: Sale) => boolean | undefined): void {
  let tried = 0;
  fc.assert(
    fc.property(anySale, (sale) => {
      const isRight = property(sale);
      fc.pre(isRight !== undefined);
      tried += 1;
      return isRight;
    }),
    { numRuns: RUNS, maxSkipsPerRun: 20 },
  );
  expect(tried).toBeGreaterThanOrEqual(RUNS);
}

describe('every change', () => {
  const kinds: readonly ((sale: Sale) => ChangeRequest)[] = [
    () => ({ kind: 'upgrade', plan: 'pro' }),
    () => ({ kind: 'upgrade', plan: 'big' }),
    ({ added }) => ({ kind: 'add-seats', seats: added }),
    ({ added }) => ({ kind: 'upgrade-and-add-seats', plan: 'advanced', seats: added }),
    ({ months }) => ({ kind: 'extension', periodMonths: months }),
    () => ({ kind: 'renewal' }),
    ({ added }) => ({ kind: 'scheduled-change', seats: added, plan: 'pro' }),
  ];

  test('costs the sum of its lines, and each line is its share of seats × price, to the cent', () => {
    holds((sale) => {
      const change = kinds[sale.more % kinds.length]?.(sale) ?? { kind: 'renewal' };
      const quote = priced(wishOf(sale, change));
      if (quote === undefined) return undefined;
      const isSum = sum(quote.lines.map((line) => line.amountMinor)) === quote.amountMinor;
      const nextMinor = sum((quote.atRenewal?.lines ?? []).map((line) => line.amountMinor));
      const areShares = quote.lines.every(({ quantity, unitMinor, amountMinor, derivation }) => {
        const whole = BigInt(quantity) * unitMinor;
        if (!('proration' in derivation)) return amountMinor === whole;
        return amountMinor === share(whole, derivation.proration.term.left, derivation.proration.term.whole);
      });
      return isSum && areShares && quote.atRenewal?.amountMinor === nextMinor;
    });
  });
});

test('1 to 1,000,000 seats at any price below 10,000,000.00 cost exactly that, or are refused with exactly that', () => {
  holds((sale) => {
    const { seats, months, startsOn, timeZone } = sale;
    const catalogue = catalogueOf(sale);
    const monthlyMinor = catalogue.priceLists.find(({ id }) => id === 'new')?.monthlyPriceMinorBySeat['base'] ?? 0n;
    const rule = catalogue.periods.find((period) => period.months === months);
    const thousandths = BigInt((rule?.percentOff ?? '0.000').replace('.', ''));
    const unitMinor = share(monthlyMinor * BigInt(rule?.payMonths ?? 0), 100_000n - thousandths, 100_000n);
    const wantedMinor = unitMinor * BigInt(seats);
    const now = new Date(`${addDays(startsOn, 300)}T12:00:00Z`);
    const workspace = { country: 'US', currency: 'USD', timeZone } as const;
    const outcome = quotePurchase({ catalogue, workspace, plan: 'base', seats, periodMonths: months, now });
    if (outcome.kind === 'quoted') return outcome.quote.amountMinor === wantedMinor && wantedMinor <= MAX_AMOUNT_MINOR;
    const isBeyond = wantedMinor > MAX_AMOUNT_MINOR || wantedMinor === 0n;
    return isBeyond && outcome.code === 'amount_out_of_range' && outcome.found === String(wantedMinor);
  });
});

describe('an upgrade', () => {
  // Each line is rounded once, so in every paid term two steps may be one unit cheaper than one, and no more.
  test('in two steps costs no less than in one, but for one unit a term, on its list and to a contract', () => {
    holds((sale) => {
      const [middle, last] = sale.more % 2 === 0 ? (['advanced', 'pro'] as const) : (['pro', 'big'] as const);
      const once = priced(wishOf(sale, { kind: 'upgrade', plan: last }));
      const first = priced(wishOf(sale, { kind: 'upgrade', plan: middle }));
      const second = priced(wishOf(sale, { kind: 'upgrade', plan: last }, { plan: middle }));
      if (once === undefined || first === undefined || second === undefined) return undefined;
      return first.amountMinor + second.amountMinor >= once.amountMinor - BigInt(once.lines.length);
    });
  });
});

describe('added seats', () => {
  test('that are returned at the same instant cost nothing, and all that was paid for them suffices', () => {
    holds((sale) => {
      const quote = priced(wishOf(sale, { kind: 'add-seats', seats: sale.added }));
      if (quote === undefined) return undefined;
      const lines = new Map(quote.lines.map((line) => ['term' in line ? line.term.startsOn : '', line.amountMinor]));
      const { subscription } = wishOf(sale, { kind: 'renewal' });
      const terms = subscription.terms.map((term) => ({ ...term, paidMinor: lines.get(term.startsOn) ?? 0n }));
      const back = priced(wishOf(sale, { kind: 'refund', seats: sale.added }, { seats: quote.seats, terms }));
      const isCapped = back?.lines.some(
        ({ derivation }) => 'proration' in derivation && derivation.proration.capMinor !== undefined,
      );
      return back?.amountMinor === -quote.amountMinor && back.seats === sale.seats && isCapped === false;
    });
  });

  test('never cost less when there are more of them, and nor does a refund give less', () => {
    holds((sale) => {
      const [few, many] = [sale.added, sale.added + sale.more];
      const all = priced(wishOf(sale, { kind: 'add-seats', seats: many }));
      if (all === undefined) return undefined;
      const some = priced(wishOf(sale, { kind: 'add-seats', seats: few }));
      const paid = wishOf(sale, { kind: 'renewal' }).subscription.terms.map((term) => ({
        ...term,
        paidMinor: 10n ** 30n,
      }));
      const back = (seats: number): bigint =>
        priced(wishOf(sale, { kind: 'refund', seats }, { seats: many, terms: paid }))?.amountMinor ?? 0n;
      return (some?.amountMinor ?? 0n) <= all.amountMinor && back(many) <= back(few);
    });
  });
});

describe('a later change', () => {
  /*
   * By every convention, as long as the clocks of the workspace only go forward over midnight: days, days of 30 and seconds
   * only ever pass. `second` needs no such condition; the others do, see the next test.
   */
  test('never costs more, and a later refund never gives more', () => {
    holds((sale) => {
      const change: ChangeRequest =
        sale.more % 2 === 0 ? { kind: 'add-seats', seats: sale.added } : { kind: 'upgrade', plan: 'big' };
      const now = priced(wishOf(sale, change));
      if (now === undefined) return undefined;
      const later = priced(wishOf(sale, change, {}, sale.delayMs));
      const terms = wishOf(sale, change).subscription.terms.map((term) => ({ ...term, paidMinor: 10n ** 30n }));
      const back = (delayMs: number): bigint =>
        priced(wishOf(sale, { kind: 'refund' }, { terms }, delayMs))?.amountMinor ?? 0n;
      return (later?.amountMinor ?? 0n) <= now.amountMinor && back(sale.delayMs) >= back(0);
    });
  });

  test.each([
    ['day', 4_500n, 4_549n],
    ['day-inclusive', 4_524n, 4_573n],
    ['month-30-360', 4_500n, 4_550n],
  ] as const)(
    'may cost the price of one day more by %s where clocks go back over midnight',
    (convention, first, second) => {
      // In Newfoundland the clocks went back at 00:01 until 2011, so 6 November came back for an hour after the 7th had begun.
      const terms = [{ startsOn: civilDate('2010-08-07'), endsOn: civilDate('2011-02-07'), periodMonths: 6 }] as const;
      const at = (instant: string) => {
        const outcome = quoteChange({
          ...{ catalogue: smallCatalogue, convention, now: new Date(instant) },
          workspace: { country: 'US', currency: 'USD', timeZone: 'America/St_Johns' },
          subscription: { ...smallSubscription, priceListId: 'old', anchorOn: civilDate('2010-08-07'), terms },
          change: { kind: 'add-seats', seats: 1 },
        });
        return outcome.kind === 'quoted' ? outcome.quote.amountMinor : undefined;
      };
      expect([at('2010-11-07T02:30:59Z'), at('2010-11-07T02:31:00Z')]).toEqual([first, second]);
    },
  );
});
