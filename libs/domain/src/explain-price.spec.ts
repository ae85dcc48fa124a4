import { describe, expect, test } from '@jest/globals';
import { civilDate } from './calendar.js';
import { explainPrice } from './explain-price.js';
import { prorate } from './proration.js';
import type { AddOnLine, RestLine, TermLine } from './quote-lines.js';
import { taxOf, taxOfReturn, withTax } from './tax.js';
import type { LineTax } from './tax.js';

const term: TermLine = {
  description: { kind: 'plan-seats', plan: 'pro', planName: 'Pro', periodMonths: 9 },
  quantity: 5,
  unitMinor: 36_000n,
  amountMinor: 180_000n,
  derivation: { seats: 5, monthlyMinor: 4_500n, payMonths: 8 },
};
const source = { currency: 'USD', priceListId: 'world-2026' };

function upgrade(percentOff?: string): RestLine {
  const [startsOn, endsOn] = [civilDate('2026-07-01'), civilDate('2027-01-01')];
  // 45.00 and 15.00 a month for six months; less 12.345 % they are 236.67 (rounded) and 78.89.
  const unitMinor = percentOff === undefined ? 18_000n : 15_778n;
  const [line] = prorate({
    term: { convention: 'day', timeZone: 'UTC', start: startsOn, end: endsOn },
    at: new Date('2026-10-02T00:00:00Z'),
    currency: 'USD',
    lines: [{ quantity: 3, unitMinor }],
  }).lines;
  if (line === undefined) throw new Error('one line goes in, one comes out');
  const share = percentOff === undefined ? { payMonths: 6 } : { payMonths: 6, percentOff };
  return {
    description: { kind: 'plan-upgrade', plan: 'pro', planName: 'Pro', fromPlan: 'base', fromPlanName: 'Base' },
    term: { startsOn, endsOn, periodMonths: 6 },
    ...{ quantity: 3, unitMinor, amountMinor: line.amountMinor },
    derivation: { monthlyMinor: 4_500n, fromMonthlyMinor: 1_500n, ...share, proration: line.derivation },
  };
}

describe('a price for a whole term', () => {
  test.each([
    ['en', 'Pro for 9 months: 5 seats × USD 45.00 a month × 8 paid months = USD 1800.00.', 'Total: USD 1800.00.'],
    ['es', 'Pro por 9 meses: 5 usuarios × USD 45,00 al mes × 8 meses pagados = USD 1800,00.', 'Total: USD 1800,00.'],
    ['pt-BR', 'Pro por 9 meses: 5 usuários × USD 45,00 por mês × 8 meses pagos = USD 1800,00.', 'Total: USD 1800,00.'],
  ] as const)('is one sentence in %s', (language, sentence, total) => {
    const explained = explainPrice({ ...source, amountMinor: 180_000n, lines: [term] }, language);
    expect(explained).toMatchObject({ lines: [sentence], total });
  });

  test('names one seat and one month as one', () => {
    const one: TermLine = {
      ...term,
      description: { ...term.description, periodMonths: 1 },
      ...{ quantity: 1, unitMinor: 4_500n, amountMinor: 4_500n },
      derivation: { seats: 1, monthlyMinor: 4_500n, payMonths: 1 },
    };
    const text = (language: 'en' | 'es' | 'pt-BR') =>
      explainPrice({ ...source, amountMinor: 4_500n, lines: [one] }, language).lines[0];
    expect(text('en')).toBe('Pro for 1 month: 1 seat × USD 45.00 a month × 1 paid month = USD 45.00.');
    expect(text('es')).toBe('Pro por 1 mes: 1 usuario × USD 45,00 al mes × 1 mes pagado = USD 45,00.');
    expect(text('pt-BR')).toBe('Pro por 1 mês: 1 usuário × USD 45,00 por mês × 1 mês pago = USD 45,00.');
  });

  test('rounds the price of a seat where a percentage is taken off, and says so', () => {
    const line: TermLine = {
      ...term,
      ...{ unitMinor: 15_778n, amountMinor: 78_890n },
      description: { ...term.description, periodMonths: 4 },
      derivation: { seats: 5, monthlyMinor: 4_500n, payMonths: 4, percentOff: '12.345' },
    };
    expect(explainPrice({ ...source, amountMinor: 78_890n, lines: [line] }, 'es').lines).toEqual([
      'Pro por 4 meses: USD 45,00 al mes × 4 meses pagados menos 12,345 % = USD 157,78, redondeado por usuario; ' +
        '5 usuarios × USD 157,78 = USD 788,90.',
    ]);
  });
});

describe('a price for the rest of a term', () => {
  test('goes from the monthly prices to the part that is left', () => {
    const line = upgrade();
    const added: RestLine = {
      ...line,
      description: { kind: 'added-seats', plan: 'pro', planName: 'Pro' },
      derivation: { monthlyMinor: 3_000n, payMonths: 6, proration: line.derivation.proration },
    };
    const price = { ...source, amountMinor: 53_414n, lines: [line, added], quoteId: 'q1' };
    const rest =
      '3 × USD 180.00 × 91/184 (91 of 184 days are left, from 2026-10-02, which counts, to 2027-01-01, which does not; ' +
      'UTC) = USD 267.065217…, rounded to USD 267.07.';
    expect(explainPrice(price, 'en')).toEqual({
      lines: [
        `Change from Base to Pro: (USD 45.00 − USD 15.00) a month × 6 paid months = USD 180.00 for a seat and the whole term; ${rest}`,
        `Added seats of Pro: USD 30.00 a month × 6 paid months = USD 180.00 for a seat and the whole term; ${rest}`,
      ],
      total: 'Total: USD 267.07 + USD 267.07 = USD 534.14.',
      source: 'From quote q1, at price list world-2026, in USD.',
    });
  });

  test('shows both prices of an upgrade where each is rounded on its own', () => {
    const [sentence] = explainPrice({ ...source, amountMinor: 0n, lines: [upgrade('12.345')] }, 'en').lines;
    expect(sentence).toMatch(
      /^Change from Base to Pro: USD 45\.00 a month × 6 paid months less 12\.345 % = USD 236\.67, rounded for each seat; USD 15\.00 a month × 6 paid months less 12\.345 % = USD 78\.89, rounded for each seat; USD 236\.67 − USD 78\.89 = USD 157\.78 for a seat and the whole term; 3 × USD 157\.78 × 91\/184 /,
    );
  });
});

describe('other lines', () => {
  const addOn: AddOnLine = {
    description: { kind: 'add-on', addOn: 'credits', addOnName: '5,000 credits', months: 3 },
    ...{ quantity: 2, unitMinor: 7_500n, amountMinor: 15_000n },
    derivation: { packages: 2, monthlyMinor: 2_500n, months: 3 },
  };
  const upgraded = upgrade();
  const returned: RestLine = {
    ...upgraded,
    description: { kind: 'returned-seats', plan: 'pro', planName: 'Pro' },
    unitMinor: -18_000n,
    derivation: { monthlyMinor: 3_000n, payMonths: 6, proration: upgraded.derivation.proration },
  };
  const told = (line: AddOnLine | RestLine, language: 'en' | 'es' | 'pt-BR') =>
    explainPrice({ ...source, amountMinor: line.amountMinor, lines: [line] }, language).lines[0];

  test('packages are told with their months', () => {
    expect(told(addOn, 'en')).toBe(
      '5,000 credits for 3 months: 2 packages × USD 25.00 a month × 3 paid months = USD 150.00.',
    );
    expect(told(addOn, 'es')).toBe(
      '5,000 credits por 3 meses: 2 paquetes × USD 25,00 al mes × 3 meses pagados = USD 150,00.',
    );
    expect(told(addOn, 'pt-BR')).toBe(
      '5,000 credits por 3 meses: 2 pacotes × USD 25,00 por mês × 3 meses pagos = USD 150,00.',
    );
  });

  test('returned seats are told at the price at which they are sold', () => {
    expect(told(returned, 'en')).toMatch(
      /^Returned seats of Pro: USD 30\.00 a month × 6 paid months = USD 180\.00 for a seat/,
    );
    expect(told(returned, 'es')).toMatch(/^Usuarios devueltos de Pro: USD 30,00 al mes/);
    expect(told(returned, 'pt-BR')).toMatch(/^Usuários devolvidos de Pro: USD 30,00 por mês/);
  });

  test('where there is none, nothing is to be paid', () => {
    const { lines, total } = explainPrice({ ...source, amountMinor: 0n, lines: [] }, 'en');
    expect([lines, total]).toEqual([[], 'Nothing is to be paid now.']);
  });
});

describe('a taxed line', () => {
  const rate = { rule: 'vat', percent: '19.5', name: { en: 'VAT', es: 'IVA', 'pt-BR': 'IVA' } };
  const told = (tax: LineTax, language: 'en' | 'es' | 'pt-BR' = 'en'): string => {
    const line = withTax(term, tax);
    const { lines, total } = explainPrice({ ...source, amountMinor: line.amountMinor, lines: [line] }, language);
    const [first = ''] = lines;
    return `${first.slice(first.indexOf('. ') + 2)} ${total}`;
  };
  const kinds = ['exclusive', 'inclusive'] as const;

  test('says what comes on top, what is in the price, and who owes it', () => {
    const [onTop, within] = kinds.map((kind) => taxOf(180_000n, { ...rate, kind, prices: kind }));
    const [owed, owedWithin] = kinds.map((prices) => taxOf(180_000n, { ...rate, kind: 'reverse-charge', prices }));
    if (!onTop || !within || !owed || !owedWithin) throw new Error('there are two of each');
    expect([onTop, within, owed, owedWithin].map((tax) => told(tax))).toEqual([
      'VAT 19.5 % on USD 1800.00 is USD 351.00; together USD 2151.00. Total: USD 2151.00.',
      'USD 1800.00 holds VAT 19.5 %: USD 1506.28 and USD 293.72 of tax. Total: USD 1800.00.',
      'VAT 19.5 % is owed by the buyer (reverse charge); USD 1800.00 is charged. Total: USD 1800.00.',
      'VAT 19.5 % is owed by the buyer (reverse charge); USD 1800.00 without it is USD 1506.28. Total: USD 1506.28.',
    ]);
    expect(told(onTop, 'es')).toBe(
      'IVA 19,5 % sobre USD 1800,00 es USD 351,00; en total USD 2151,00. Total: USD 2151,00.',
    );
    expect(told(onTop, 'pt-BR')).toBe(
      'IVA 19,5 % sobre USD 1800,00 é USD 351,00; no total USD 2151,00. Total: USD 2151,00.',
    );
  });

  test('that goes back says that its tax goes back as it was paid', () => {
    const paid = { priceMinor: 180_000n, grossMinor: 215_100n, taxMinor: 35_100n, name: rate.name };
    expect(told(taxOfReturn(-90_000n, paid))).toBe(
      'USD -900.00 and USD -175.50 of VAT go back as they were paid; together USD -1075.50. Total: USD -1075.50.',
    );
  });
});

test('a price without a quote says so in every language', () => {
  const told = (language: 'en' | 'es' | 'pt-BR') =>
    explainPrice({ ...source, amountMinor: 180_000n, lines: [term] }, language).source;
  expect(told('en')).toBe('Priced with the order, without a quote, at price list world-2026, in USD.');
  expect(told('es')).toBe('Calculado con el pedido, sin presupuesto, con la lista de precios world-2026, en USD.');
  expect(told('pt-BR')).toBe('Calculado com o pedido, sem orçamento, com a lista de preços world-2026, em USD.');
});
