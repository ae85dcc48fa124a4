import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Language } from '@billfleet/contracts';
import { stringify } from 'csv-stringify';

/** A line as it is written. Of a crossing `amount` is the threshold in percent and `after` what was used; else they are credits. */
export type UsageToWrite = {
  readonly at: string;
  readonly label: string;
  readonly kind: 'crossing' | 'grant' | 'spend' | 'expire';
  readonly amount: number;
  readonly after: number;
  readonly limitAmount: number | null;
  readonly action: string | null;
};

/** How the file is written; days and hours are those of the zone. */
export type UsageCsvOptions = { readonly language: Language; readonly timeZone: string };

const COLUMNS = ['at', 'limit', 'what', 'amount', 'used', 'left', 'of', 'action'] as const;

type Words = Readonly<Record<(typeof COLUMNS)[number] | UsageToWrite['kind'], string>>;

/** `{zone}` and `{percent}` are filled in. */
const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    ...{ at: 'When ({zone})', limit: 'Limit', what: 'What', amount: 'Credits', used: 'Used', left: 'Left', of: 'Of' },
    ...{ action: 'For', crossing: '{percent} % reached', grant: 'Granted', spend: 'Spent', expire: 'Ended' },
  },
  es: {
    ...{
      at: 'Fecha ({zone})',
      limit: 'Límite',
      what: 'Qué',
      amount: 'Créditos',
      used: 'Usado',
      left: 'Quedan',
      of: 'De',
    },
    ...{ action: 'Para', crossing: '{percent} % alcanzado', grant: 'Otorgados', spend: 'Gastados', expire: 'Vencidos' },
  },
  'pt-BR': {
    ...{
      at: 'Data ({zone})',
      limit: 'Limite',
      what: 'O quê',
      amount: 'Créditos',
      used: 'Usado',
      left: 'Restam',
      of: 'De',
    },
    ...{ action: 'Para', crossing: '{percent} % atingido', grant: 'Concedidos', spend: 'Gastos', expire: 'Vencidos' },
  },
};

/**
 * Writes what is kept of a use as CSV (RFC 4180, UTF-8) while it is read. Texts that a spreadsheet would take for a formula are written with an
 * apostrophe before them. A page that cannot be read breaks the stream off, so that half an export is never taken for a whole one.
 */
export function usageCsv(
  pages: AsyncIterable<readonly UsageToWrite[]>,
  { language, timeZone }: UsageCsvOptions,
): Readable {
  const words = WORDS[language];
  const writer = stringify({
    header: true,
    columns: COLUMNS.map((key) => ({ key, header: words[key].replace('{zone}', timeZone) })),
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    escape_formulas: true,
  });
  // The Swedish way to write an instant is that of ISO 8601, which spreadsheets of every language read.
  const clock = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  async function* lines() {
    for await (const page of pages) for (const line of page) yield written(line, words, clock);
  }
  // Whoever takes the stream hears of its end and its errors; there is nobody else to tell.
  void pipeline(Readable.from(lines()), writer).catch(() => undefined);
  return writer;
}

function written(
  { at, label, kind, amount, after, limitAmount, action }: UsageToWrite,
  words: Words,
  clock: Intl.DateTimeFormat,
): Readonly<Record<(typeof COLUMNS)[number], string | number>> {
  const isCrossing = kind === 'crossing';
  return {
    at: clock.format(new Date(at)),
    limit: label,
    what: words[kind].replace('{percent}', String(amount)),
    amount: isCrossing ? '' : amount,
    used: isCrossing ? after : '',
    left: isCrossing ? '' : after,
    of: limitAmount ?? '',
    action: action ?? '',
  };
}
