import { currencyExponent, minorToDecimal } from './currency-exponents.js';
import { invariant } from './invariant.js';
import type { ProrationDerivation } from './proration.js';
import type { ProrationConvention, TermFraction } from './term-fraction.js';

/** Languages in which a derivation can be told. */
export type DerivationLanguage = 'en' | 'es' | 'pt-BR';

/** Every language in which a derivation can be told. */
export const derivationLanguages = ['en', 'es', 'pt-BR'] as const satisfies readonly DerivationLanguage[];

/** Decimals of a minor unit that are shown of an amount that does not end; the dots after them say that it goes on. */
const EXTRA_PLACES = 4;

type Wording = {
  readonly decimalPoint: '.' | ',';
  readonly left: (term: ShownTerm) => string;
  readonly counting: Readonly<Record<ProrationConvention, (term: ShownTerm) => string>>;
  readonly exact: string;
  readonly rounded: (amount: string) => string;
  readonly capped: (amount: string) => string;
};

type ShownTerm = { readonly at: string; readonly end: string; readonly left: string; readonly whole: string };

const wordings: Readonly<Record<DerivationLanguage, Wording>> = {
  en: {
    decimalPoint: '.',
    left: ({ left, whole }) => `${left} of ${whole}`,
    counting: {
      day: ({ at, end }) => `days are left, from ${at}, which counts, to ${end}, which does not`,
      'day-inclusive': ({ at, end }) => `days are left, from ${at} to ${end}, both of which count`,
      second: ({ at, end }) => `seconds are left, from ${at} to ${end}`,
      'month-30-360': ({ at, end }) =>
        `days are left, from ${at}, which counts, to ${end}, which does not, each month taken as 30 days`,
    },
    exact: 'exactly',
    rounded: (amount) => `rounded to ${amount}`,
    capped: (amount) => `held to ${amount}, which is what was paid`,
  },
  es: {
    decimalPoint: ',',
    left: ({ left, whole }) => `${left} de ${whole}`,
    counting: {
      day: ({ at, end }) => `días restantes, desde el ${at}, incluido, hasta el ${end}, no incluido`,
      'day-inclusive': ({ at, end }) => `días restantes, desde el ${at} hasta el ${end}, ambos incluidos`,
      second: ({ at, end }) => `segundos restantes, desde ${at} hasta ${end}`,
      'month-30-360': ({ at, end }) =>
        `días restantes, desde el ${at}, incluido, hasta el ${end}, no incluido, con meses de 30 días`,
    },
    exact: 'exactamente',
    rounded: (amount) => `redondeado a ${amount}`,
    capped: (amount) => `limitado a ${amount}, que es lo que se pagó`,
  },
  'pt-BR': {
    decimalPoint: ',',
    left: ({ left, whole }) => `${left} de ${whole}`,
    counting: {
      day: ({ at, end }) => `dias restantes, de ${at}, incluído, até ${end}, não incluído`,
      'day-inclusive': ({ at, end }) => `dias restantes, de ${at} até ${end}, ambos incluídos`,
      second: ({ at, end }) => `segundos restantes, de ${at} até ${end}`,
      'month-30-360': ({ at, end }) =>
        `dias restantes, de ${at}, incluído, até ${end}, não incluído, com meses de 30 dias`,
    },
    exact: 'exatamente',
    rounded: (amount) => `arredondado para ${amount}`,
    capped: (amount) => `limitado a ${amount}, que é o que foi pago`,
  },
};

/**
 * Tells how a prorated amount came about as one sentence that a pocket calculator can follow. The text depends on nothing
 * but its input: dates are written as YYYY-MM-DD, instants in UTC, amounts as the currency code and plain digits.
 * @throws InvariantError for a currency that ISO 4217 does not have.
 */
export function derivationText(derivation: ProrationDerivation, language: DerivationLanguage): string {
  const { currency, quantity, unitMinor, term, exactMinor, roundedMinor, capMinor } = derivation;
  const places = currencyExponent(currency);
  invariant(places !== undefined, `a currency is a code of ISO 4217, found ${currency}`);
  const words = wordings[language];
  const amount = (minor: bigint): string => shown(minorToDecimal(minor, places), currency, words);
  const shownTerm = shownTermOf(term);
  const inputs = `${quantity} × ${amount(unitMinor)} × ${shownTerm.left}/${shownTerm.whole}`;
  const counted = `(${words.left(shownTerm)} ${words.counting[term.convention](shownTerm)}; ${term.timeZone})`;
  const rounding =
    exactMinor.denominator === 1n
      ? [`${words.exact} ${amount(roundedMinor)}`]
      : [shown(unending(exactMinor, places), currency, words), words.rounded(amount(roundedMinor))];
  const ending = capMinor === undefined ? rounding : [...rounding, words.capped(amount(-capMinor))];
  return `${inputs} ${counted} = ${ending.join(', ')}.`;
}

function shownTermOf({ at, end, left, whole }: TermFraction): ShownTerm {
  return { at, end, left: String(left), whole: String(whole) };
}

function shown(decimal: string, currency: string, words: Wording): string {
  return `${currency} ${decimal.replace('.', words.decimalPoint)}`;
}

/** Minor units as major units with a few more decimals than the currency has, cut and never rounded. */
function unending({ numerator, denominator }: ProrationDerivation['exactMinor'], places: number): string {
  const size = (numerator < 0n ? -numerator : numerator) * 10n ** BigInt(EXTRA_PLACES);
  const cut = minorToDecimal(size / denominator, places + EXTRA_PLACES);
  return `${numerator < 0n ? '-' : ''}${cut}${size % denominator === 0n ? '' : '…'}`;
}
