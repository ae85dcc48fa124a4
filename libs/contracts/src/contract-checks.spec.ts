import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseCatalogue } from './catalogue-file.js';
import { contractFaults } from './contract-checks.js';
import type { ContractTerms } from './contract-checks.js';

const outcome = parseCatalogue(readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8'));
if (outcome.kind === 'faulty') throw new Error(JSON.stringify(outcome.faults));
const { catalogue } = outcome;

const terms: ContractTerms = {
  ...{ plan: 'enterprise', currency: 'USD', monthlyPriceMinor: 3_800n, seatsMin: 50, periodMonths: [12, 24] },
  limits: { leads: { kind: 'unlimited' } },
};
const fieldsOf = (over: Partial<ContractTerms>): readonly string[] =>
  contractFaults(catalogue, { ...terms, ...over }).map(({ field }) => field);

describe('a contract', () => {
  test('that the catalogue can sell has no fault, with everything agreed or with the price alone', () => {
    expect(fieldsOf({})).toEqual([]);
    expect(contractFaults(catalogue, { plan: 'pro', currency: 'BRL', monthlyPriceMinor: 1n })).toEqual([]);
  });

  test.each<[string, Partial<ContractTerms>]>([
    ['plan', { plan: 'gold' }],
    ['monthlyPriceMinor', { monthlyPriceMinor: 0n }],
    // 10,000 seats for 24 months, of which 18 are paid: 555,555.56 would still be sold
    ['monthlyPriceMinor', { monthlyPriceMinor: 1_000_000n }],
    ['seatsMin', { seatsMin: 1_000_000 }],
    ['periodMonths[1]', { periodMonths: [12, 7] }],
    ['limits.wishes', { limits: { wishes: { kind: 'none' } } }],
  ])('is refused for its %s', (field, over) => {
    expect(fieldsOf(over)).toEqual([field]);
  });

  test('is told all its faults at once', () => {
    const all = {
      plan: 'gold',
      monthlyPriceMinor: 0n,
      periodMonths: [7],
      limits: { wishes: { kind: 'none' } },
    } as const;
    expect([...fieldsOf(all)].sort()).toEqual(['limits.wishes', 'monthlyPriceMinor', 'periodMonths[0]', 'plan']);
  });
});
