import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseCaseFile, parseCatalogue } from '@billfleet/contracts';
import {
  addMonths,
  allocateMinor,
  civilDate,
  currencyExponent,
  decimalToMinor,
  derivationLanguages,
} from '@billfleet/domain';
import {
  derivationText,
  minorToDecimal,
  multiplyRational,
  periodsFrom,
  prorate,
  prorationConventions,
} from '@billfleet/domain';
import {
  parsePercent,
  quoteChange,
  quotePurchase,
  rational,
  taxOf,
  taxOfReturn,
  termUnitMinor,
} from '@billfleet/domain';
import type { ChangeRequest, PricedChange, ProratedLine } from '@billfleet/domain';
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

type Held = { readonly plan: string; readonly seats: number; readonly country: string; readonly now: string } & {
  readonly months?: number;
  readonly paidMinor?: bigint;
};

/** Prices a change of a subscription that began on 15 October 2026, for 12 months unless it says otherwise. */
function changed(
  { plan, seats, country, now, months = 12, paidMinor = 0n }: Held,
  change: ChangeRequest,
): PricedChange {
  const startsOn = civilDate('2026-10-15');
  const workspace = { country, currency: country === 'BR' ? 'BRL' : 'USD', timeZone: 'UTC' } as const;
  const term = { startsOn, endsOn: addMonths(startsOn, months), periodMonths: months, paidMinor };
  const held = { plan, seats, periodMonths: months, anchorOn: startsOn, autoRenewal: true, terms: [term] } as const;
  const outcome = quoteChange({ catalogue, workspace, subscription: held, change, now: new Date(`${now}T12:00:00Z`) });
  if (outcome.kind === 'refused') throw new Error(`${outcome.code}: ${outcome.wanted}`);
  return outcome.quote;
}

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

  test.each(rowsOf(money, 'Add-on'))('$Packages × $Add-on for $Months months', (row) => {
    const packages = Number(row['Packages']);
    const bought = cell(row, 'On one seat of pro from 2026-10-15, bought');
    const addOn = cell(row, 'Add-on');
    const quote = changed(
      { plan: 'pro', seats: 1, country: cell(row, 'Country'), now: bought },
      { kind: 'add-on', addOn, packages, termMonths: Number(row['Months']) },
    );
    const [line] = quote.lines;
    const { monthlyMinor } = line?.derivation ?? {};
    expect(minorToDecimal(monthlyMinor ?? 0n, 2)).toBe(row['Package and month']);
    expect(`${quote.currency} ${minorToDecimal(quote.amountMinor, 2)}`).toBe(row['Costs']);
    expect(quote.addOn?.endsOn).toBe(row['Ends']);
  });

  test.each(rowsOf(money, 'Scheduled'))('a next term with $Scheduled', (row) => {
    const wish = cell(row, 'Scheduled');
    const [, plan] = /plan (\w+)/.exec(wish) ?? [];
    const [, seats] = /(\d+) seats/.exec(wish) ?? [];
    const [, months] = /(\d+) months/.exec(wish) ?? [];
    const next = {
      ...(plan === undefined ? {} : { plan }),
      ...(seats === undefined ? {} : { seats: Number(seats) }),
      ...(months === undefined ? {} : { periodMonths: Number(months) }),
    };
    const isNone = wish === 'nothing';
    const request = isNone ? ({ kind: 'renewal' } as const) : ({ kind: 'scheduled-change', ...next } as const);
    const quote = changed({ plan: 'pro', seats: 5, country: 'US', now: '2026-12-09' }, request);
    const shown = (minor: bigint | undefined): string => `${quote.currency} ${minorToDecimal(minor ?? 0n, 2)}`;
    expect(isNone ? 'none' : shown(quote.amountMinor)).toBe(row['Now']);
    expect(shown(quote.atRenewal?.amountMinor)).toBe(row['Next term']);
  });

  test.each(rowsOf(money, 'Added or returned'))('$Added or returned on $On', (row) => {
    const [count = '', what] = cell(row, 'Added or returned').split(' ');
    const paidMinor = decimalToMinor(cell(row, 'Paid so far'), 2);
    const kind = what === 'added' ? 'add-seats' : 'refund';
    const seats = paidMinor === 65_934n ? 5 : 3;
    const held = { plan: 'base', seats, country: 'US', now: cell(row, 'On'), months: 6, paidMinor: paidMinor ?? 0n };
    const quote = changed(held, { kind, seats: Number(count) });
    const [line] = quote.lines;
    if (line === undefined || !('proration' in line.derivation)) throw new Error('a rest is one prorated line');
    const { term, exactMinor } = line.derivation.proration;
    const exact = multiplyRational(exactMinor, rational(1n, 100n));
    expect(`${term.left}/${term.whole}`).toBe(row['Left']);
    expect([String(exact.numerator), `${exact.numerator}/${exact.denominator}`]).toContain(row['Exact']);
    expect(`${quote.currency} ${minorToDecimal(quote.amountMinor, 2)}`).toBe(row['Amount']);
  });

  test.each(rowsOf(money, 'Tax of it'))('$Tax of $Rate on $Price of the line', (row) => {
    const minor = (name: string): bigint => decimalToMinor(cell(row, name), 2) ?? -1n;
    const kinds = ['inclusive', 'exclusive', 'reverse-charge'] as const;
    const kind = kinds.find((one) => one === row['Tax']);
    const prices = row['Prices'] === 'inclusive' ? 'inclusive' : 'exclusive';
    if (kind === undefined) throw new Error('the row cannot be read');
    const rate = { rule: 'row', percent: cell(row, 'Rate').replace(' %', ''), name: { en: '', es: '', 'pt-BR': '' } };
    const { netMinor, taxMinor } = taxOf(minor('Price of the line'), { ...rate, kind, prices });
    expect([netMinor, taxMinor, netMinor + taxMinor]).toEqual([minor('Net'), minor('Tax of it'), minor('Charged')]);
  });

  test.each(rowsOf(money, 'Tax back'))('$Price given back of $Price paid', (row) => {
    const minor = (name: string): bigint => decimalToMinor(cell(row, name), 2) ?? 1n;
    const paid = {
      priceMinor: minor('Price paid'),
      grossMinor: minor('Charged so far'),
      taxMinor: minor('Of that tax'),
    };
    const back = taxOfReturn(minor('Price given back'), { ...paid, name: { en: '', es: '', 'pt-BR': '' } });
    expect([back.taxMinor, back.netMinor + back.taxMinor]).toEqual([minor('Tax back'), minor('Back in all')]);
  });

  test('has worked numbers of taxes', () => {
    expect([rowsOf(money, 'Tax of it').length, rowsOf(money, 'Tax back').length]).toEqual([9, 4]);
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
