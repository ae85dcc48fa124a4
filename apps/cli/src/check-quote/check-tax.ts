import { canonical } from './sheet.js';
import type { Place, Sheet } from './sheet.js';

/** The tax of a line that was recomputed. `priceMinor`: what the derivation of the line has to come to. */
export type CheckedTax = {
  readonly priceMinor: bigint | undefined;
  readonly taxMinor: bigint | undefined;
  /** Rule, kind and rate, as one text: the same for every line that is charged. Undefined for what is given back as it was paid. */
  readonly rule: string | undefined;
};

const AMOUNTS = ['name', 'kind', 'percent', 'priceMinor', 'netMinor', 'taxMinor'];
const PERCENT = /^(0|[1-9]\d?)(\.\d{1,6})?$/;
const LANGUAGES = ['en', 'es', 'pt-BR'];

type TaxedLine = {
  readonly path: string;
  readonly amountMinor: bigint | undefined;
  readonly tax?: CheckedTax | undefined;
};

/** Recomputes what a line says of its tax, and that it charges net amount and tax; a line without tax charges what it comes to. */
export function checkTax(sheet: Sheet, line: Place, amountMinor: bigint | undefined): CheckedTax | undefined {
  if (!('tax' in line.fields)) return undefined;
  const tax = sheet.object(line, 'tax');
  if (tax === undefined) return { priceMinor: undefined, taxMinor: undefined, rule: undefined };
  const name = sheet.object(tax, 'name');
  if (name !== undefined) {
    sheet.onlyFields(name, LANGUAGES);
    for (const language of LANGUAGES) sheet.text(name, language);
  }
  const [priceMinor, netMinor] = [sheet.amount(tax, 'priceMinor'), sheet.amount(tax, 'netMinor')];
  const taxMinor = sheet.amount(tax, 'taxMinor');
  if (netMinor !== undefined && taxMinor !== undefined)
    sheet.equal(`${line.path}.amountMinor`, netMinor + taxMinor, amountMinor);
  const kind = sheet.text(tax, 'kind');
  const found = { netMinor, taxMinor };
  if (kind === 'as-paid') checkAsPaid(sheet, tax, priceMinor, found);
  else checkRule(sheet, tax, { kind, priceMinor }, found);
  const { rule, percent, prices } = tax.fields;
  return { priceMinor, taxMinor, rule: kind === 'as-paid' ? undefined : canonical([rule, kind, percent, prices]) };
}

/** The same rule for every charged line, and the totals as the sums. An order tells its tax even where there is none. */
export function checkTaxes(sheet: Sheet, at: Place, lines: readonly TaxedLine[]): void {
  const [first] = lines;
  for (const line of lines) {
    if (first?.tax !== undefined && line.tax !== undefined) {
      sheet.equal(`${line.path}.tax.rule`, first.tax.rule, line.tax.rule);
    }
    // What is given back may have been taxed in one paid term and not in another.
    if ((first?.tax === undefined) !== (line.tax === undefined) && (line.amountMinor ?? 0n) > 0n)
      sheet.note(`${line.path}.tax`, 'taxed as the other lines are', line.tax?.rule);
  }
  const isTaxed = lines.some((line) => line.tax !== undefined);
  const path = at.path === '' ? '' : `${at.path}.`;
  const isOrder = 'status' in at.fields;
  if (isOrder && !('taxMinor' in at.fields)) return;
  if (!isTaxed && !isOrder) {
    for (const name of ['netMinor', 'taxMinor'].filter((one) => one in at.fields))
      sheet.note(`${path}${name}`, 'nothing, since no line is taxed', at.fields[name]);
    return;
  }
  const sum = lines.reduce((so, line) => so + (line.tax?.taxMinor ?? 0n), 0n);
  sheet.equal(`${path}taxMinor`, sum, sheet.amount(at, 'taxMinor'));
  if (isOrder) return;
  const chargedMinor = lines.reduce((so, line) => so + (line.amountMinor ?? 0n), 0n);
  sheet.equal(`${path}netMinor`, chargedMinor - sum, sheet.amount(at, 'netMinor'));
}

type Found = { readonly netMinor: bigint | undefined; readonly taxMinor: bigint | undefined };

/** Net price, then the tax of it, each rounded once; a buyer who owes the tax himself is charged none. */
function checkRule(
  sheet: Sheet,
  tax: Place,
  { kind, priceMinor }: { readonly kind: string | undefined; readonly priceMinor: bigint | undefined },
  found: Found,
): void {
  sheet.onlyFields(tax, [...AMOUNTS, 'rule', 'prices']);
  sheet.text(tax, 'rule');
  const [percent, prices] = [sheet.text(tax, 'percent'), sheet.text(tax, 'prices')];
  if (kind !== 'inclusive' && kind !== 'exclusive' && kind !== 'reverse-charge')
    sheet.note(`${tax.path}.kind`, 'inclusive, exclusive, reverse-charge or as-paid', kind);
  else if (kind !== 'reverse-charge') sheet.equal(`${tax.path}.prices`, kind, prices);
  if (prices !== 'inclusive' && prices !== 'exclusive')
    sheet.note(`${tax.path}.prices`, 'inclusive or exclusive', prices);
  const isPercent = percent !== undefined && PERCENT.test(percent) && Number(percent) > 0;
  if (!isPercent) sheet.note(`${tax.path}.percent`, 'a percentage above 0 and below 100', percent);
  if (!isPercent || priceMinor === undefined) return;
  const [whole = '', decimals = ''] = percent.split('.');
  const parts = BigInt(`${whole}${decimals}`);
  const hundred = 100n * 10n ** BigInt(decimals.length);
  const share = roundedHalfAway(priceMinor * parts, prices === 'inclusive' ? hundred + parts : hundred);
  sheet.equal(`${tax.path}.netMinor`, prices === 'inclusive' ? priceMinor - share : priceMinor, found.netMinor);
  sheet.equal(`${tax.path}.taxMinor`, kind === 'reverse-charge' ? 0n : share, found.taxMinor);
}

/** What was charged and what of it was tax, in the proportion of the price that is given back; never more than was paid. */
function checkAsPaid(sheet: Sheet, tax: Place, priceMinor: bigint | undefined, found: Found): void {
  sheet.onlyFields(tax, [...AMOUNTS, 'paid']);
  if ('percent' in tax.fields) sheet.text(tax, 'percent');
  const paid = sheet.object(tax, 'paid');
  if (paid === undefined) return;
  sheet.onlyFields(paid, ['priceMinor', 'grossMinor', 'taxMinor']);
  const [price, gross] = [sheet.amount(paid, 'priceMinor'), sheet.amount(paid, 'grossMinor')];
  const taxPaid = sheet.amount(paid, 'taxMinor');
  if (price === undefined || gross === undefined || taxPaid === undefined || priceMinor === undefined) return;
  if (priceMinor > 0n || -priceMinor > price) sheet.note(`${tax.path}.priceMinor`, 'no more than was paid', priceMinor);
  if (taxPaid < 0n || taxPaid > gross) sheet.note(`${paid.path}.taxMinor`, 'a part of what was paid', taxPaid);
  if (price <= 0n) return;
  const [grossBack, taxBack] = [
    roundedHalfAway(priceMinor * gross, price),
    roundedHalfAway(priceMinor * taxPaid, price),
  ];
  sheet.equal(`${tax.path}.taxMinor`, taxBack, found.taxMinor);
  sheet.equal(`${tax.path}.netMinor`, grossBack - taxBack, found.netMinor);
}

function roundedHalfAway(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const [whole, rest] = [size / denominator, size % denominator];
  const rounded = 2n * rest >= denominator ? whole + 1n : whole;
  return numerator < 0n ? -rounded : rounded;
}
