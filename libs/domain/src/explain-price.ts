import { currencyExponent, minorToDecimal } from './currency-exponents.js';
import { derivationText } from './derivation-text.js';
import type { DerivationLanguage } from './derivation-text.js';
import { invariant } from './invariant.js';
import type { AddOnLine, QuoteLine, RestLine, TermLine } from './quote-lines.js';
import type { LineTax } from './tax.js';
import { termUnitMinor } from './term-price.js';

/** A price that was asked for or charged, with all that it was made from. Amounts are minor units. */
export type PriceToExplain = {
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly lines: readonly QuoteLine[];
  readonly priceListId: string;
  /** Without a quote the price was worked out when the order came. */
  readonly quoteId?: string;
};

/** A price in words: a sentence per line, one for the total, and one that says where the prices are from. */
export type ExplainedPrice = { readonly lines: readonly string[]; readonly total: string; readonly source: string };

type AddOnWords = { readonly name: string; readonly months: number };
type TermWords = { readonly plan: string; readonly months: number };
type PriceWords = { readonly price: string; readonly payMonths: number; readonly percentOff: string | undefined };
type TaxWords = {
  readonly tax: LineTax;
  readonly price: string;
  readonly net: string;
  readonly taxed: string;
  readonly gross: string;
  /** Name and rate, such as VAT of 19 %. */
  readonly name: string;
};
type SourceWords = { readonly priceListId: string; readonly quoteId: string | undefined; readonly currency: string };

type Wording = {
  readonly decimalPoint: '.' | ',';
  readonly term: (words: TermWords) => string;
  readonly upgrade: (from: string, to: string) => string;
  readonly added: (plan: string) => string;
  readonly returned: (plan: string) => string;
  readonly addOn: (words: AddOnWords) => string;
  readonly packages: (count: number) => string;
  readonly nothing: string;
  readonly seats: (count: number) => string;
  readonly termPrice: (words: PriceWords) => string;
  readonly rounded: string;
  readonly perSeat: string;
  readonly tax: (words: TaxWords) => string;
  readonly total: string;
  readonly source: (words: SourceWords) => string;
};

const wordings: Readonly<Record<DerivationLanguage, Wording>> = {
  en: {
    decimalPoint: '.',
    term: ({ plan, months }) => `${plan} for ${months} ${months === 1 ? 'month' : 'months'}`,
    upgrade: (from, to) => `Change from ${from} to ${to}`,
    added: (plan) => `Added seats of ${plan}`,
    returned: (plan) => `Returned seats of ${plan}`,
    addOn: ({ name, months }) => `${name} for ${months} ${months === 1 ? 'month' : 'months'}`,
    packages: (count) => `${count} ${count === 1 ? 'package' : 'packages'}`,
    nothing: 'Nothing is to be paid now',
    seats: (count) => `${count} ${count === 1 ? 'seat' : 'seats'}`,
    termPrice: ({ price, payMonths, percentOff }) =>
      `${price} a month × ${payMonths} paid ${payMonths === 1 ? 'month' : 'months'}` +
      (percentOff === undefined ? '' : ` less ${percentOff} %`),
    rounded: 'rounded for each seat',
    perSeat: 'for a seat and the whole term',
    tax: ({ tax, price, net, taxed, gross, name }) => {
      if (tax.kind === 'inclusive') return `${price} holds ${name}: ${net} and ${taxed} of tax.`;
      if (tax.kind === 'exclusive') return `${name} on ${net} is ${taxed}; together ${gross}.`;
      if (tax.kind === 'as-paid') return `${net} and ${taxed} of ${name} go back as they were paid; together ${gross}.`;
      const owed = `${name} is owed by the buyer (reverse charge)`;
      return tax.prices === 'inclusive' ? `${owed}; ${price} without it is ${gross}.` : `${owed}; ${gross} is charged.`;
    },
    total: 'Total',
    source: ({ quoteId, priceListId, currency }) =>
      `${quoteId === undefined ? 'Priced with the order, without a quote' : `From quote ${quoteId}`}, at price list ${priceListId}, in ${currency}.`,
  },
  es: {
    decimalPoint: ',',
    term: ({ plan, months }) => `${plan} por ${months} ${months === 1 ? 'mes' : 'meses'}`,
    upgrade: (from, to) => `Cambio de ${from} a ${to}`,
    added: (plan) => `Usuarios añadidos de ${plan}`,
    returned: (plan) => `Usuarios devueltos de ${plan}`,
    addOn: ({ name, months }) => `${name} por ${months} ${months === 1 ? 'mes' : 'meses'}`,
    packages: (count) => `${count} ${count === 1 ? 'paquete' : 'paquetes'}`,
    nothing: 'Ahora no hay nada que pagar',
    seats: (count) => `${count} ${count === 1 ? 'usuario' : 'usuarios'}`,
    termPrice: ({ price, payMonths, percentOff }) =>
      `${price} al mes × ${payMonths} ${payMonths === 1 ? 'mes pagado' : 'meses pagados'}` +
      (percentOff === undefined ? '' : ` menos ${percentOff} %`),
    rounded: 'redondeado por usuario',
    perSeat: 'por usuario y período completo',
    tax: ({ tax, price, net, taxed, gross, name }) => {
      if (tax.kind === 'inclusive') return `${price} incluye ${name}: ${net} y ${taxed} de impuesto.`;
      if (tax.kind === 'exclusive') return `${name} sobre ${net} es ${taxed}; en total ${gross}.`;
      if (tax.kind === 'as-paid')
        return `Se devuelven ${net} y ${taxed} de ${name} tal como se pagaron; en total ${gross}.`;
      const owed = `${name} corre a cargo del comprador (inversión del sujeto pasivo)`;
      return tax.prices === 'inclusive' ? `${owed}; ${price} sin él es ${gross}.` : `${owed}; se cobran ${gross}.`;
    },
    total: 'Total',
    source: ({ quoteId, priceListId, currency }) =>
      `${quoteId === undefined ? 'Calculado con el pedido, sin presupuesto' : `Según el presupuesto ${quoteId}`}, con la lista de precios ${priceListId}, en ${currency}.`,
  },
  'pt-BR': {
    decimalPoint: ',',
    term: ({ plan, months }) => `${plan} por ${months} ${months === 1 ? 'mês' : 'meses'}`,
    upgrade: (from, to) => `Mudança de ${from} para ${to}`,
    added: (plan) => `Usuários adicionados de ${plan}`,
    returned: (plan) => `Usuários devolvidos de ${plan}`,
    addOn: ({ name, months }) => `${name} por ${months} ${months === 1 ? 'mês' : 'meses'}`,
    packages: (count) => `${count} ${count === 1 ? 'pacote' : 'pacotes'}`,
    nothing: 'Não há nada a pagar agora',
    seats: (count) => `${count} ${count === 1 ? 'usuário' : 'usuários'}`,
    termPrice: ({ price, payMonths, percentOff }) =>
      `${price} por mês × ${payMonths} ${payMonths === 1 ? 'mês pago' : 'meses pagos'}` +
      (percentOff === undefined ? '' : ` menos ${percentOff} %`),
    rounded: 'arredondado por usuário',
    perSeat: 'por usuário e período completo',
    tax: ({ tax, price, net, taxed, gross, name }) => {
      if (tax.kind === 'inclusive') return `${price} inclui ${name}: ${net} e ${taxed} de imposto.`;
      if (tax.kind === 'exclusive') return `${name} sobre ${net} é ${taxed}; no total ${gross}.`;
      if (tax.kind === 'as-paid')
        return `São devolvidos ${net} e ${taxed} de ${name} como foram pagos; no total ${gross}.`;
      const owed = `${name} é devido pelo comprador (autoliquidação)`;
      return tax.prices === 'inclusive' ? `${owed}; ${price} sem ele é ${gross}.` : `${owed}; são cobrados ${gross}.`;
    },
    total: 'Total',
    source: ({ quoteId, priceListId, currency }) =>
      `${quoteId === undefined ? 'Calculado com o pedido, sem orçamento' : `Conforme o orçamento ${quoteId}`}, com a lista de preços ${priceListId}, em ${currency}.`,
  },
};

/**
 * Tells how a price came about, in sentences that a pocket calculator can follow from left to right. The text depends on
 * nothing but its input: amounts are the currency code and plain digits, dates are written as YYYY-MM-DD.
 * @throws InvariantError for a currency that ISO 4217 does not have.
 */
export function explainPrice(price: PriceToExplain, language: DerivationLanguage): ExplainedPrice {
  const { currency, amountMinor, lines, priceListId, quoteId } = price;
  const places = currencyExponent(currency);
  invariant(places !== undefined, `a currency is a code of ISO 4217, found ${currency}`);
  const words = wordings[language];
  const amount = (minor: bigint): string =>
    `${currency} ${minorToDecimal(minor, places).replace('.', words.decimalPoint)}`;
  const addends = lines.length > 1 ? `${lines.map((line) => amount(line.amountMinor)).join(' + ')} = ` : '';
  return {
    lines: lines.map(
      (line) => lineText(line, { words, amount, language }) + taxText(line, { words, amount, language }),
    ),
    total: lines.length === 0 ? `${words.nothing}.` : `${words.total}: ${addends}${amount(amountMinor)}.`,
    source: words.source({ priceListId, quoteId, currency }),
  };
}

type Amount = (minor: bigint) => string;

type Voice = { readonly words: Wording; readonly amount: Amount; readonly language: DerivationLanguage };

/** What of the price is tax, or comes on top of it, as a sentence after that of the line; nothing where it is not taxed. */
function taxText({ tax, amountMinor }: QuoteLine, { words, amount, language }: Voice): string {
  if (tax === undefined) return '';
  const rate = tax.percent === undefined ? '' : ` ${shownPercent(tax.percent, words) ?? ''} %`;
  const shown = { price: amount(tax.priceMinor), net: amount(tax.netMinor), taxed: amount(tax.taxMinor) };
  return ` ${words.tax({ tax, ...shown, gross: amount(amountMinor), name: `${tax.name[language]}${rate}` })}`;
}

/** A line comes to its price before tax. */
function lineText(taxed: QuoteLine, voice: Voice): string {
  const line = taxed.tax === undefined ? taxed : { ...taxed, amountMinor: taxed.tax.priceMinor };
  if ('proration' in line.derivation) return restText(line as RestLine, voice);
  if (line.description.kind === 'add-on') return addOnText(line as AddOnLine, voice);
  return termText(line as TermLine, voice.words, voice.amount);
}

function addOnText({ description, quantity, amountMinor, derivation }: AddOnLine, { words, amount }: Voice): string {
  const what = words.addOn({ name: description.addOnName, months: description.months });
  const price = words.termPrice({
    price: amount(derivation.monthlyMinor),
    payMonths: derivation.months,
    percentOff: undefined,
  });
  return `${what}: ${words.packages(quantity)} × ${price} = ${amount(amountMinor)}.`;
}

function termText(
  { description, quantity, unitMinor, amountMinor, derivation }: TermLine,
  words: Wording,
  amount: Amount,
): string {
  const { monthlyMinor, payMonths, percentOff } = derivation;
  const what = words.term({ plan: description.planName, months: description.periodMonths });
  const price = words.termPrice({
    price: amount(monthlyMinor),
    payMonths,
    percentOff: shownPercent(percentOff, words),
  });
  const seats = words.seats(quantity);
  if (percentOff === undefined) return `${what}: ${seats} × ${price} = ${amount(amountMinor)}.`;
  return `${what}: ${price} = ${amount(unitMinor)}, ${words.rounded}; ${seats} × ${amount(unitMinor)} = ${amount(amountMinor)}.`;
}

function restText({ description, unitMinor, derivation }: RestLine, { words, amount, language }: Voice): string {
  const { monthlyMinor, fromMonthlyMinor, payMonths, percentOff, proration } = derivation;
  const what =
    description.kind === 'plan-upgrade'
      ? words.upgrade(description.fromPlanName, description.planName)
      : description.kind === 'added-seats'
        ? words.added(description.planName)
        : words.returned(description.planName);
  // Of returned seats the price is told as it was charged; the sentence that follows gives it back.
  const priceMinor = description.kind === 'returned-seats' ? -unitMinor : unitMinor;
  const shown = shownPercent(percentOff, words);
  const priced = (price: string): string => words.termPrice({ price, payMonths, percentOff: shown });
  const ending = `${words.perSeat}; ${derivationText(proration, language)}`;
  if (percentOff === undefined) {
    const monthly =
      fromMonthlyMinor === undefined ? amount(monthlyMinor) : `(${amount(monthlyMinor)} − ${amount(fromMonthlyMinor)})`;
    return `${what}: ${priced(monthly)} = ${amount(priceMinor)} ${ending}`;
  }
  // Each of two prices is rounded on its own, so each is shown.
  const rounded = (perMonth: bigint, perTerm: bigint): string =>
    `${priced(amount(perMonth))} = ${amount(perTerm)}, ${words.rounded}`;
  if (fromMonthlyMinor === undefined) return `${what}: ${rounded(monthlyMinor, priceMinor)}, ${ending}`;
  const fromMinor = termUnitMinor(fromMonthlyMinor, { months: payMonths, payMonths, percentOff });
  const both = `${rounded(monthlyMinor, fromMinor + priceMinor)}; ${rounded(fromMonthlyMinor, fromMinor)}`;
  return `${what}: ${both}; ${amount(fromMinor + priceMinor)} − ${amount(fromMinor)} = ${amount(priceMinor)} ${ending}`;
}

const shownPercent = (percent: string | undefined, words: Wording): string | undefined =>
  percent?.replace('.', words.decimalPoint);
