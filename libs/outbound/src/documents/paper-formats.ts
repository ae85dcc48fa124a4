import { civilDateIn, currencyExponent, minorToDecimal } from '@billfleet/domain';
import { sayIn } from './document-messages.js';
import type { DocumentLanguage, Say } from './document-messages.js';
import { ownText } from './printable-text.js';

/** Writes facts on paper in one language; days are those of one time zone. */
export type Paper = {
  readonly language: DocumentLanguage;
  readonly say: Say;
  /** Minor units of a currency, with the separators of the language. */
  readonly money: (amountMinor: bigint, currency: string) => string;
  readonly day: (at: Date) => string;
  readonly count: (value: number) => string;
  readonly country: (code: string) => string;
  readonly plural: (value: number) => 'one' | 'other';
};

/** The formats of a language for the days of a time zone. */
export function paperFor(language: DocumentLanguage, timeZone: string): Paper {
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  // Spanish has no separator in numbers of four digits unless it is asked for; sums line up better with one.
  const grouping = { useGrouping: 'always' } as const;
  const counts = new Intl.NumberFormat(language, grouping);
  const countries = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
  const plurals = new Intl.PluralRules(language);
  return {
    language,
    say: sayIn(language),
    money: (amountMinor, currency) => {
      const format = new Intl.NumberFormat(language, { ...grouping, style: 'currency', currency });
      // Intl takes a decimal as text and then works exactly.
      return ownText(
        format.format(minorToDecimal(amountMinor, currencyExponent(currency) ?? 2) as Intl.StringNumericLiteral),
      );
    },
    // The domain reckons days; Intl only writes them.
    day: (at) => ownText(days.format(new Date(`${civilDateIn(at, timeZone)}T00:00:00Z`))),
    count: (value) => ownText(counts.format(value)),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
    plural: (value) => (plurals.select(value) === 'one' ? 'one' : 'other'),
  };
}
