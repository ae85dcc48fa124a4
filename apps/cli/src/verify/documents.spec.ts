import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseCaseFile, parseCatalogue } from '@billfleet/contracts';
import { allocateMinor, civilDate, currencyExponent, decimalToMinor, derivationLanguages } from '@billfleet/domain';
import {
  derivationText,
  minorToDecimal,
  multiplyRational,
  periodsFrom,
  prorate,
  prorationConventions,
} from '@billfleet/domain';
import { parsePercent, quotePurchase, rational, termUnitMinor } from '@billfleet/domain';
import type { ProratedLine } from '@billfleet/domain';
import { checkoutRoot } from '../checkout.js';
import { runCase } from './run-case.js';

const read = (file: string): string => readFileSync(path.join(checkoutRoot(), file), 'utf8');
const money = read('docs/explanation/money.md');
const parsed = parseCatalogue(read('config/catalogue.yaml'));
if (parsed.kind === 'faulty') throw new Error('the demo catalogue is faulty');
const { catalogue } = parsed;

type Row = Readonly<Record<string, string>>;

/** The rows of every table of a document that has the heading, by the headings of their columns. */
function rowsOf(document: string, heading: string): readonly Row[] {
  const tables = document.split('\n\n').filter((block) => block.startsWith('|'));
  return tables.flatMap((table) => {
    const [headings = [], , ...rows] = table
      .trim()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim().replaceAll('`', '')),
      );
    if (!headings.includes(heading)) return [];
    return rows.map((row) => Object.fromEntries(headings.map((name, column) => [name, row[column] ?? ''])));
  });
}

const cell = (row: Row, name: string): string => row[name] ?? `no column ${name}`;

function amountIn(text: string): { currency: string; minor: bigint; places: number } {
  const [currency = '', decimal = ''] = text.split(' ');
  const places = currencyExponent(currency) ?? Number.NaN;
  const minor = decimalToMinor(decimal, places);
  if (minor === undefined) throw new Error(`no amount: ${text}`);
  return { currency, minor, places };
}

function prorateRow(row: Row): ProratedLine {
  const convention = prorationConventions.find((one) => one === cell(row, 'Convention'));
  if (convention === undefined) throw new Error(`no convention: ${cell(row, 'Convention')}`);
  const { currency, minor } = amountIn(cell(row, 'Price'));
  const [start, end] = [civilDate(cell(row, 'Start')), civilDate(cell(row, 'End'))];
  const { lines } = prorate({
    term: { convention, timeZone: cell(row, 'Time zone'), start, end },
    at: new Date(cell(row, 'At')),
    currency,
    lines: [{ quantity: Number(cell(row, 'Quantity')), unitMinor: minor }],
  });
  const [line] = lines;
  if (line === undefined) throw new Error('one line goes in, one comes out');
  return line;
}

const prorations = rowsOf(money, 'Convention');

describe('the worked numbers of money.md', () => {
  test('are there, for every convention', () => {
    expect(new Set(prorations.map((row) => row['Convention'])).size).toBe(prorationConventions.length);
    expect(prorations.length).toBeGreaterThanOrEqual(15);
  });

  test.each(prorations)('$Convention: $Quantity × $Price × $Left is $Amount', (row) => {
    const { amountMinor, derivation } = prorateRow(row);
    const { currency, places } = amountIn(cell(row, 'Amount'));
    const exact = multiplyRational(derivation.exactMinor, rational(1n, 10n ** BigInt(places)));
    expect(`${derivation.term.left}/${derivation.term.whole}`).toBe(row['Left']);
    expect([String(exact.numerator), `${exact.numerator}/${exact.denominator}`]).toContain(row['Exact']);
    expect(`${currency} ${minorToDecimal(amountMinor, places)}`).toBe(row['Amount']);
  });

  test.each(rowsOf(money, 'Monthly'))('$Plan costs $Monthly $Currency a month', (row) => {
    const country = row['Currency'] === 'BRL' ? 'BR' : 'US';
    const workspace = { country, currency: country === 'BR' ? 'BRL' : 'USD', timeZone: 'UTC' } as const;
    const now = new Date('2026-11-23T12:00:00Z');
    const terms = [6, 9, 12, 24].map((periodMonths) => {
      const outcome = quotePurchase({ catalogue, workspace, plan: cell(row, 'Plan'), seats: 1, periodMonths, now });
      if (outcome.kind === 'refused') throw new Error(outcome.code);
      expect(minorToDecimal(outcome.quote.unitPriceMinor, 2)).toBe(row['Monthly']);
      return minorToDecimal(outcome.quote.amountMinor, 2);
    });
    expect(terms).toEqual([6, 9, 12, 24].map((months) => row[`${String(months)} months`]));
  });

  test.each(rowsOf(money, 'Percent off'))('a percentage off $Term months', (row) => {
    const [months, percentOff] = [Number(row['Term']), cell(row, 'Percent off')];
    const monthlyMinor = decimalToMinor(cell(row, 'Seat and month'), 2);
    const percent = parsePercent(percentOff);
    if (monthlyMinor === undefined || percent === undefined) throw new Error('the row cannot be read');
    const left = rational(100n * percent.denominator - percent.numerator, 100n * percent.denominator);
    const exact = multiplyRational(rational(monthlyMinor * BigInt(months)), left);
    expect([String(exact.numerator), `${exact.numerator}/${exact.denominator}`]).toContain(row['In cents, exact']);
    const unitMinor = termUnitMinor(monthlyMinor, { months, payMonths: months, percentOff });
    expect(minorToDecimal(unitMinor, 2)).toBe(row['One seat']);
    expect(minorToDecimal(unitMinor * 7n, 2)).toBe(row['Seven seats']);
  });

  test.each(rowsOf(money, 'Anchor'))('every $Months months from $Anchor', (row) => {
    const starts = cell(row, 'Starts').split(', ');
    const periods = periodsFrom(civilDate(cell(row, 'Anchor')), Number(row['Months']), starts.length);
    expect(periods.map((period) => period.startsOn)).toEqual(starts);
  });

  test.each(rowsOf(money, 'Parts'))('$Total in parts', (row) => {
    const { minor, places } = amountIn(cell(row, 'Total'));
    const parts = cell(row, 'Parts').split(', ');
    expect(allocateMinor(minor, parts.length).map((part) => minorToDecimal(part, places))).toEqual(parts);
  });

  test('are told in the sentences that stand there', () => {
    const [first] = prorations;
    if (first === undefined) throw new Error('there is no row');
    const { derivation } = prorateRow(first);
    for (const language of derivationLanguages) {
      expect(money.split('\n')).toContain(`${language}: ${derivationText(derivation, language)}`);
    }
  });
});

describe('the examples of case-format.md', () => {
  const blocks = [...read('docs/reference/case-format.md').matchAll(/^```json\n([^]*?)^```$/gm)].map(
    ([, json = '']) => json,
  );

  test('are there for every kind', () => {
    const kinds = blocks.flatMap((json) => parseCaseFile(json).cases.map((one) => one.kind));
    expect(new Set(kinds).size).toBe(5);
  });

  test.each(blocks)('%.120s', (json) => {
    const { cases, faults } = parseCaseFile(json);
    expect(faults).toEqual([]);
    expect(cases.flatMap((one) => runCase(one, catalogue))).toEqual([]);
  });
});
