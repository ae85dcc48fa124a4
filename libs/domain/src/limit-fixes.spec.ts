import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { smallCatalogue } from '../../../test/support/small-catalogue.js';
import { fixesFor } from './limit-fixes.js';
import type { LimitToRaise } from './limit-fixes.js';

const FIRST_PERCENT = Math.min(...smallCatalogue.usage.thresholdsPercent);
const question: LimitToRaise = {
  catalogue: smallCatalogue,
  ...{ plan: 'base', priceListId: 'new', seats: 4, limitName: 'credits', limit: 400, used: 390 },
};

test('each thing that helps is as small as it can be', () => {
  // 390 stand below 75 % from 521 on.
  const [seats, ...others] = fixesFor(question);
  expect(seats).toEqual({ change: { kind: 'add-seats', seats: 2 }, limitAfter: 600 });
  expect(others).toContainEqual({ change: { kind: 'upgrade', plan: 'big' }, limitAfter: 'unlimited' });
  expect(others.filter(({ change }) => change.kind === 'upgrade')).toHaveLength(1);
  expect(others.filter(({ change }) => change.kind === 'add-on').map(({ change }) => change)).toContainEqual(
    expect.objectContaining({ addOn: 'credits' }),
  );
});

const anyQuestion = fc
  .record({
    ...{ plan: fc.constantFrom('base', 'pro'), limitName: fc.constantFrom('credits', 'calls') },
    ...{ seats: fc.integer({ min: 1, max: 50 }), bought: fc.integer({ min: 0, max: 3 }) },
    percent: fc.integer({ min: FIRST_PERCENT, max: 300 }),
  })
  .map(({ bought, percent, ...rest }): LimitToRaise => {
    const planGives = rest.limitName === 'credits' ? rest.seats * 100 : 500;
    const limit = planGives + bought * 1_000;
    return { catalogue: smallCatalogue, priceListId: 'new', ...rest, limit, used: Math.ceil((limit * percent) / 100) };
  });

test('whatever is offered brings the use below the first threshold, and a seat or a package less would not', () => {
  const isLow = (used: number, limit: number | 'unlimited'): boolean =>
    limit === 'unlimited' || used * 100 < FIRST_PERCENT * limit;
  fc.assert(
    fc.property(anyQuestion, (asked) => {
      for (const { change, limitAfter } of fixesFor(asked)) {
        expect(isLow(asked.used, limitAfter)).toBe(true);
        const step = change.kind === 'add-seats' ? 100 : change.kind === 'add-on' ? addOnAmount(change.addOn) : 0;
        if (step > 0 && limitAfter !== 'unlimited') expect(isLow(asked.used, limitAfter - step)).toBe(false);
      }
    }),
  );
});

const addOnAmount = (id: string): number => smallCatalogue.addOns.find((one) => one.id === id)?.amount ?? 0;
