import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calendarOf, instantOf } from './calendar-of-run.js';
import { lateMoneyKinds } from './deeds.js';
import type { Deed } from './deeds.js';
import { drawLives } from './life-plan.js';
import type { LifePlan } from './life-plan.js';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const months = fc.integer({ min: 1, max: 40 });

const deedsOf = (lives: readonly LifePlan[]): readonly Deed[] =>
  lives.flatMap(({ steps }) => steps.map(({ deed }) => deed));

describe('the lives of a simulation', () => {
  test('are the same for the same seed, and others for another', () => {
    fc.assert(
      fc.property(seeds, months, (seed, length) => {
        expect(drawLives(seed, 4, length)).toEqual(drawLives(seed, 4, length));
        expect(drawLives(seed, 4, length)).not.toEqual(drawLives(seed + 1, 4, length));
      }),
      { numRuns: 30 },
    );
  });

  test('do not change when there are more of them, or when they go on for longer', () => {
    fc.assert(
      fc.property(seeds, months, (seed, length) => {
        const few = drawLives(seed, 3, length);
        expect(drawLives(seed, 7, length).slice(0, 3)).toEqual(few);
        const { moments } = calendarOf(length);
        const cut = drawLives(seed, 3, length + 5).map((life) => ({
          ...life,
          steps: life.steps.filter(({ moment }) => moment < moments),
        }));
        expect(cut).toEqual(few);
      }),
      { numRuns: 30 },
    );
  });

  test('have workspaces of their own, and one deed at a time, in order and before the end', () => {
    fc.assert(
      fc.property(seeds, months, (seed, length) => {
        const lives = drawLives(seed, 20, length);
        expect(new Set(lives.map(({ workspaceId }) => workspaceId)).size).toBe(20);
        for (const { steps } of lives) {
          const at = steps.map(({ moment }) => moment);
          expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
          expect(instantOf(at.at(-1) ?? 0).getTime()).toBeLessThan(calendarOf(length).endsAt.getTime());
        }
      }),
      { numRuns: 30 },
    );
  });

  test('hold everything that can happen to a subscription, in both countries', () => {
    const lives = drawLives(7, 300, 30);
    const kinds = new Set(deedsOf(lives).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      [
        ...['add-on', 'add-seats', 'auto-renewal', 'buy', 'cancel-open', 'extend', 'pay-another-way', 'pay-cancelled'],
        ...['pay-offline', 'pay-open', 'pay-replaced', 'reduce-seats', 'renew', 'replace-method', 'report-members'],
        ...['bank-ends', 'bank-opens', 'decide', 'refund', 'undo-order'],
        ...['report-usage', 'schedule', 'spend-credits', 'undo-schedule', 'upgrade', 'upgrade-and-add-seats'],
      ].sort(),
    );
    const methods = deedsOf(lives).flatMap((deed) => ('pay' in deed && deed.pay.by === 'page' ? deed.pay.method : []));
    expect(new Set(methods)).toEqual(new Set(['card', 'pix', 'paypal']));
    expect(new Set(lives.map(({ country }) => country))).toEqual(new Set(['US', 'BR']));
  });

  test('pay for orders that are gone on the evening of every tenth day only, and had ordered seats in the morning', () => {
    let late = 0;
    for (const { steps } of drawLives(7, 300, 30)) {
      for (const [at, { moment, deed }] of steps.entries()) {
        if (!lateMoneyKinds.includes(deed.kind)) continue;
        late += 1;
        expect(moment % 20).toBe(1);
        expect(steps[at - 1]).toMatchObject({ moment: moment - 1, deed: { kind: 'add-seats', pay: { by: 'page' } } });
      }
    }
    expect(late).toBeGreaterThan(100);
  });
});
