/** Languages that the page speaks. */
export const locales = ['en', 'es', 'pt-BR'] as const;
export type Locale = (typeof locales)[number];

/** The language of ours that fits best to a wish such as `pt-PT`; undefined for one that we do not speak. */
export function closestLocale(wish: string): Locale | undefined {
  const [language = ''] = wish.toLowerCase().split('-');
  if (language === 'pt') return 'pt-BR';
  return locales.find((one) => one === language);
}

/** How a person reads numbers, amounts and days. Days are civil days; instants are shown by the clocks of `timeZone`. */
export type Formats = {
  readonly money: (amountMinor: string, currency: string) => string;
  readonly count: (value: number) => string;
  readonly percent: (wholePercent: number) => string;
  readonly day: (civilDay: string) => string;
  readonly instant: (instant: string | Date) => string;
  readonly time: (instant: string | Date) => string;
  readonly month: (yearAndMonth: string) => string;
  readonly ago: (instant: string, now: Date) => string;
  /** A country by its code of two letters. */
  readonly country: (code: string) => string;
};

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Minor units as decimal text of the currency's major units, exactly: no number is ever made of it. */
export function decimalOf(amountMinor: string, places: number): string {
  const isNegative = amountMinor.startsWith('-');
  const digits = (isNegative ? amountMinor.slice(1) : amountMinor).padStart(places + 1, '0');
  const cut = digits.length - places;
  const decimal = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return isNegative ? `-${decimal}` : decimal;
}

/** Formats for a language and a time zone, all by `Intl`. */
export function formatsFor(locale: Locale, timeZone: string): Formats {
  const money = (amountMinor: string, currency: string): string => {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    const places = format.resolvedOptions().maximumFractionDigits ?? 2;
    return format.format(decimalOf(amountMinor, places) as `${number}`);
  };
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: 'percent' });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  const months = new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', timeZone: 'UTC' });
  const countries = new Intl.DisplayNames(locale, { type: 'region' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    money,
    count: (value) => numbers.format(value),
    percent: (wholePercent) => percents.format(wholePercent / 100),
    day: (civilDay) => days.format(new Date(`${civilDay}T00:00:00Z`)),
    instant: (instant) => instants.format(new Date(instant)),
    time: (instant) => times.format(new Date(instant)),
    month: (yearAndMonth) => months.format(new Date(`${yearAndMonth}-01T00:00:00Z`)),
    country: (code) => countries.of(code) ?? code,
    ago: (instant, now) => {
      const seconds = Math.max(0, Math.round((now.getTime() - new Date(instant).getTime()) / 1_000));
      if (seconds < HOUR_S) return relative.format(-Math.floor(seconds / MINUTE_S), 'minute');
      if (seconds < DAY_S) return relative.format(-Math.floor(seconds / HOUR_S), 'hour');
      return relative.format(-Math.floor(seconds / DAY_S), 'day');
    },
  };
}
