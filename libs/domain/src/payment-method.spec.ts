import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkPayment, installmentOptions, methodsFor } from './payment-method.js';
import type { InstallmentQuestion } from './payment-method.js';

const RUNS = 10_000;

const rules = [{ country: 'BR', max: 12, minMinor: 5_000n }];
const card: InstallmentQuestion = { country: 'BR', method: 'card', amountMinor: 75_000n, periodMonths: 12, rules };

test('methods follow the country', () => {
  expect(methodsFor('BR')).toEqual(['card', 'pix']);
  expect(methodsFor('US')).toEqual(['card', 'paypal']);
  expect(methodsFor('PT')).toEqual(['card', 'paypal']);
});

describe('paying at once', () => {
  test.each(['card', 'pix'] as const)('by %s is fine in Brazil', (method) => {
    expect(checkPayment({ ...card, method, installments: 1 })).toEqual({ kind: 'ok' });
  });

  test.each([
    ['US', 'pix'],
    ['BR', 'paypal'],
  ] as const)('in %s by %s is refused', (country, method) => {
    expect(checkPayment({ ...card, country, method, installments: 1 })).toMatchObject({
      kind: 'refused',
      code: 'method_not_available',
      field: 'method',
      found: method,
    });
  });
});

describe('instalments', () => {
  test.each([
    ['every part at the minimum', 60_000n, 12, 12],
    ['no part below the minimum', 59_999n, 12, 11],
    ['never more than the term has months', 1_000_000n, 6, 6],
    ['never more than the rule allows', 1_000_000n, 24, 12],
    ['an amount below the minimum is paid at once', 4_999n, 12, 1],
  ])('%s', (_case, amountMinor, periodMonths, most) => {
    const question = { ...card, amountMinor, periodMonths };
    expect(installmentOptions({ ...question, currency: 'BRL' }).map(({ count }) => count)).toEqual(
      Array.from({ length: most }, (_, index) => index + 1),
    );
    expect(checkPayment({ ...question, installments: most })).toEqual({ kind: 'ok' });
    expect(checkPayment({ ...question, installments: most + 1 })).toMatchObject({
      code: 'installments_out_of_range',
      found: String(most + 1),
      wanted: `a whole number from 1 to ${most}`,
    });
  });

  test.each([0, -1, 1.5, Number.NaN])('%p of them are refused', (installments) => {
    expect(checkPayment({ ...card, installments })).toMatchObject({ code: 'installments_out_of_range' });
  });

  test('are for cards, and for countries that know them', () => {
    const inBrazilByPix = checkPayment({ ...card, method: 'pix', installments: 2 });
    const elsewhere = checkPayment({ ...card, country: 'US', installments: 2 });
    expect(inBrazilByPix).toMatchObject({ code: 'installments_not_available', field: 'installments', found: '2' });
    expect(elsewhere).toMatchObject({ code: 'installments_not_available' });
  });

  test('of every option add up to the amount, and none is below the minimum', () => {
    const anyAmount = fc.bigInt({ min: 1n, max: 100_000_000n });
    fc.assert(
      fc.property(anyAmount, fc.constantFrom(6, 9, 12, 24), (amountMinor, periodMonths) => {
        const options = installmentOptions({ ...card, amountMinor, periodMonths, currency: 'BRL' });
        return options.every(({ count, amountsMinor }) => {
          const isSum = amountsMinor.reduce((sum, part) => sum + part) === amountMinor;
          return (
            isSum && amountsMinor.length === count && (count === 1 || amountsMinor.every((part) => part >= 5_000n))
          );
        });
      }),
      { numRuns: RUNS },
    );
  });
});
