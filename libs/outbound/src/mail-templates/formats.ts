import { formatDecimal } from '@billfleet/domain';
import type { CivilDate, Money } from '@billfleet/domain';
import type { MailPaymentMethod } from './facts.js';
import { languageOf } from './messages.js';
import type { Translate } from './messages.js';

/** Writes facts for one reader: in the locale and the time zone of the workspace. */
export type Formats = {
  readonly locale: string;
  readonly translate: Translate;
  readonly money: (amount: Money) => string;
  readonly day: (day: CivilDate) => string;
  readonly instant: (instant: Date) => string;
  /** A month of the calendar, given as 'YYYY-MM'. */
  readonly month: (month: string) => string;
  readonly count: (count: number) => string;
  readonly seats: (count: number) => string;
  readonly months: (count: number) => string;
  readonly method: (method: MailPaymentMethod) => string;
};

/** Pairs of locale and zone whose formats are kept; an end to what odd spellings can fill. */
const FORMATS_KEPT_MAX = 500;

/** Making the formats is a good part of the cost of a mail, so each is made once. They hold no state that could be seen. */
const kept = new Map<string, Formats>();

/**
 * The formats of a locale and an IANA time zone.
 * @throws RangeError when either of them does not exist.
 */
export function formatsFor(locale: string, timeZone: string): Formats {
  const key = `${locale} ${timeZone}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = makeFormats(locale, timeZone);
  if (kept.size >= FORMATS_KEPT_MAX) kept.clear();
  kept.set(key, made);
  return made;
}

function makeFormats(locale: string, timeZone: string): Formats {
  const language = languageOf(locale);
  const { translate } = language;
  const plural = new Intl.PluralRules(language.locale);
  const count = new Intl.NumberFormat(language.locale);
  // A civil day has no zone: it is laid on UTC midnight and read back there.
  const days = new Intl.DateTimeFormat(language.locale, { dateStyle: 'long', timeZone: 'UTC' });
  const monthsOfYear = new Intl.DateTimeFormat(language.locale, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const instants = new Intl.DateTimeFormat(language.locale, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
  const counted = (noun: 'seats' | 'months', value: number): string =>
    translate(plural.select(value) === 'one' ? `common.${noun}.one` : `common.${noun}.other`, {
      count: count.format(value),
    });
  return {
    locale: language.locale,
    translate,
    money: (amount) => formatMoney(amount, language.locale),
    day: (day) => days.format(new Date(`${day}T00:00:00Z`)),
    instant: (at) => instants.format(at),
    month: (month) => monthsOfYear.format(new Date(`${month}-01T00:00:00Z`)),
    count: (value) => count.format(value),
    seats: (value) => counted('seats', value),
    months: (value) => counted('months', value),
    method: ({ kind, last4 }) =>
      kind === 'card' && last4 !== undefined ? translate('method.cardEnding', { last4 }) : translate(`method.${kind}`),
  };
}

/** Intl takes a decimal as text and then works exactly; a number would round amounts that a double cannot hold. */
function formatMoney(amount: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency });
  return format.format(formatDecimal(amount) as Intl.StringNumericLiteral);
}
