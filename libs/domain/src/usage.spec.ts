import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Entitlement } from './entitlement.js';
import {
  countReport,
  emptyCount,
  freshMark,
  judgeUsage,
  mayAddRecords,
  projectUse,
  USAGE_MAX,
  usedPercent,
} from './usage.js';
import type { UsageCount, UsageMark, UsageVerdict } from './usage.js';

const RUNS = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const start = new Date('2026-10-05T15:00:00Z');
const after = (ms: number): Date => new Date(start.getTime() + ms);
const rules = { thresholdsPercent: [75, 90, 100], breachMs: DAY_MS };

const judge = (before: UsageMark, used: number, limit: Entitlement, now = start): UsageVerdict =>
  judgeUsage({ ...rules, before, used, limit, now });

/** An expectation of the test runner costs more than a whole life, so those of the properties are plain. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

describe('thresholds', () => {
  test.each([
    [74, null],
    [75, 75],
    [89, 75],
    [90, 90],
    [99, 90],
    [100, 100],
    [250, 100],
  ])('%d of 100, coming from nothing, tells %p', (used, crossedPercent) => {
    expect(judge(freshMark, used, { amount: 100 }).crossedPercent).toBe(crossedPercent);
  });

  test.each<[Entitlement, boolean]>([
    ['unlimited', true],
    ['none', false],
    [{ amount: 0 }, false],
  ])('there are none of a limit that is %p', (limit, isAllowed) => {
    expect(judge(freshMark, 1_000, limit)).toEqual({ mark: freshMark, crossedPercent: null, turn: null });
    expect(mayAddRecords(limit, null, start)).toBe(isAllowed);
    expect(usedPercent(1_000, limit)).toBeNull();
  });

  test('a limit that rises clears what it ends, and arms what it ends', () => {
    const full = judge(freshMark, 100, { amount: 100 }).mark;
    const risen = judge(full, 100, { amount: 120 }, after(HOUR_MS));
    expect(risen).toEqual({ mark: { ...freshMark, reachedPercent: 75 }, crossedPercent: null, turn: null });
    expect(judge(risen.mark, 110, { amount: 120 }).crossedPercent).toBe(90);
  });

  test('the clock of a breach runs on while the limit stays reached, and blocks once', () => {
    const full = judge(freshMark, 100, { amount: 100 });
    expect(full).toMatchObject({ mark: { breachEndsAt: after(DAY_MS), isBlocked: false }, turn: null });
    const later = judge(full.mark, 130, { amount: 110 }, after(DAY_MS - 1));
    expect(later.mark.breachEndsAt).toEqual(after(DAY_MS));
    const over = judge(later.mark, 130, { amount: 110 }, after(DAY_MS));
    expect(over.turn).toBe('blocked');
    expect(judge(over.mark, 131, { amount: 110 }, after(2 * DAY_MS)).turn).toBeNull();
    expect(judge(over.mark, 109, { amount: 110 }, after(2 * DAY_MS))).toMatchObject({
      mark: { breachEndsAt: null, isBlocked: false },
      turn: 'unblocked',
    });
  });

  /** Uses and limits, one after the other, hours apart. */
  const anyLife = fc.array(
    fc.record({
      used: fc.integer({ min: 0, max: 130 }),
      amount: fc.constantFrom(80, 100, 120),
      hours: fc.integer({ min: 0, max: 30 }),
    }),
    { maxLength: 15 },
  );
  const levelOf = (used: number, amount: number): number =>
    Math.max(0, ...rules.thresholdsPercent.filter((percent) => used / amount >= percent / 100));

  test('are told exactly once for each time that the use comes to them from below, in any sequence', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        let mark = freshMark;
        let [level, ms] = [0, 0];
        for (const { used, amount, hours } of life) {
          ms += hours * HOUR_MS;
          const next = levelOf(used, amount);
          const verdict = judge(mark, used, { amount }, after(ms));
          must(verdict.crossedPercent === (next > level ? next : null), 'a crossing is told');
          // Asking again, however often, tells nothing more.
          const again = judge(verdict.mark, used, { amount }, after(ms));
          must(again.crossedPercent === null && again.turn === null, 'nothing is told twice');
          [mark, level] = [verdict.mark, next];
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('blocks and their ends are told in turn, and only after a whole breach', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        let mark = freshMark;
        let [ms, fullSinceMs, isBlocked] = [0, Number.NaN, false];
        for (const { used, amount, hours } of life) {
          ms += hours * HOUR_MS;
          if (used < amount) fullSinceMs = Number.NaN;
          else if (Number.isNaN(fullSinceMs)) fullSinceMs = ms;
          const wanted = ms - fullSinceMs >= DAY_MS;
          const verdict = judge(mark, used, { amount }, after(ms));
          must(verdict.turn === (wanted === isBlocked ? null : wanted ? 'blocked' : 'unblocked'), 'a block is told');
          const may = mayAddRecords({ amount }, verdict.mark.breachEndsAt, after(ms));
          must(may === !wanted, 'new records are taken until then');
          [mark, isBlocked] = [verdict.mark, wanted];
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a count', () => {
  const reports = fc.array(fc.record({ value: fc.nat(), ms: fc.integer({ min: 0, max: 1_000 }) }), {
    minLength: 1,
    maxLength: 20,
  });
  const countAll = (list: readonly { readonly value: number; readonly ms: number }[]): UsageCount =>
    list.reduce<UsageCount>((count, { value, ms }) => {
      const outcome = countReport(count, { value, observedAt: after(ms) }, null);
      if (outcome.kind === 'overflow') throw new Error('overflow');
      return outcome.count;
    }, emptyCount);

  test('of values ends at the newest one, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 20 }), (instants) => {
        const list = instants.map((ms, index) => ({ ms, value: index }));
        const newest = list.reduce((left, right) => (right.ms > left.ms ? right : left));
        expect(countAll(list)).toMatchObject({ used: newest.value, observedAt: after(newest.ms) });
      }),
      { numRuns: RUNS },
    );
  });

  test('of values, repeated, stays as it is', () => {
    fc.assert(
      fc.property(reports, (list) => {
        const last = list.reduce((left, right) => (right.ms >= left.ms ? right : left));
        expect(countAll([...list, last]).used).toBe(countAll(list).used);
      }),
      { numRuns: RUNS },
    );
  });

  test('of changes is their sum, without those of an earlier month', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ change: fc.nat(), ms: fc.integer({ min: -500, max: 500 }) })), (list) => {
        let count: UsageCount = { ...emptyCount, since: start };
        for (const { change, ms } of list) {
          const outcome = countReport(count, { change, observedAt: after(ms) }, start);
          if (outcome.kind === 'overflow') throw new Error('overflow');
          must(outcome.isCounted === ms >= 0, 'an earlier month is over');
          count = outcome.count;
        }
        expect(count.used).toBe(list.filter(({ ms }) => ms >= 0).reduce((sum, { change }) => sum + change, 0));
      }),
      { numRuns: RUNS },
    );
  });

  test('never passes what can be counted', () => {
    const full: UsageCount = { ...emptyCount, used: USAGE_MAX };
    expect(countReport(full, { change: 1, observedAt: start }, null)).toEqual({ kind: 'overflow' });
  });
});

describe('a projection', () => {
  const use = { firstUsed: 0, since: start, used: 100, at: after(10 * DAY_MS), endsAt: after(30 * DAY_MS) };

  test.each([
    ['goes on as it did', {}, 300],
    ['grows only by what it grew', { firstUsed: 40 }, 220],
    ['may fall', { firstUsed: 130 }, 40],
    ['but not below nothing', { firstUsed: 1_000 }, 0],
    ['is what it is at the end', { at: after(30 * DAY_MS) }, 100],
    ['says nothing of less than a day', { at: after(DAY_MS - 1) }, null],
    ['says nothing of the past', { at: after(31 * DAY_MS) }, null],
    ['has an end', { used: USAGE_MAX }, USAGE_MAX],
    ['rounds half up', { used: 1, at: after(20 * DAY_MS) }, 2],
  ])('%s', (_name, over, projected) => {
    expect(projectUse({ ...use, ...over })).toBe(projected);
  });

  test('is the nearest whole number to the line', () => {
    const days = fc.integer({ min: 1, max: 700 });
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), days, days, (firstUsed, used, seen, left) => {
        const projected = projectUse({
          firstUsed,
          used,
          since: start,
          at: after(seen * DAY_MS),
          endsAt: after((seen + left) * DAY_MS),
        });
        const exact = used + ((used - firstUsed) * left) / seen;
        if (exact <= 0) expect(projected).toBe(0);
        else expect(Math.abs((projected ?? 0) - exact)).toBeLessThanOrEqual(0.5 + 1e-6);
      }),
      { numRuns: RUNS },
    );
  });
});

test('percent are whole and rounded down, however large the count', () => {
  fc.assert(
    fc.property(fc.nat(USAGE_MAX), fc.integer({ min: 1, max: USAGE_MAX }), (used, amount) => {
      const percent = usedPercent(used, { amount }) ?? -1;
      expect(BigInt(percent) * BigInt(amount) <= BigInt(used) * 100n).toBe(true);
      expect(BigInt(percent + 1) * BigInt(amount) > BigInt(used) * 100n).toBe(true);
    }),
    { numRuns: RUNS },
  );
});
