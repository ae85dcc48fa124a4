import {
  addDays,
  beancountBalance,
  beancountOpening,
  beancountTransaction,
  CURRENCY_EXPONENT,
  minorToDecimal,
} from '@billfleet/domain';
import type { CivilDate, WrittenTransaction } from '@billfleet/domain';
import type { BooksSpan, TrialBalanceRow } from '@billfleet/store';
import { stringify } from 'csv-stringify/sync';

/** Books that are to be written out: what the accounts hold around them, and the transactions page by page. */
export type BooksToWrite = {
  readonly span: BooksSpan;
  readonly balances: readonly TrialBalanceRow[];
  readonly pages: AsyncIterable<readonly WrittenTransaction[]>;
};

const FACTS = ['workspace', 'order', 'attempt', 'refund', 'chargeback', 'month', 'provider', 'reference'] as const;
const COLUMNS = [
  'transaction',
  'booked_on',
  'kind',
  'about',
  'account',
  'currency',
  'amount',
  'amount_minor',
  ...FACTS,
];

/** What a spreadsheet would run is kept from it by an apostrophe. Amounts may begin with a minus. */
const plain = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** One line per posting, with a heading; amounts in major units with a point, and in minor units. */
export async function* csvOf({ pages }: BooksToWrite): AsyncGenerator<string> {
  yield stringify([COLUMNS]);
  for await (const page of pages) {
    yield stringify(
      page.flatMap(({ id, bookedOn, kind, about, facts, postings }) =>
        postings.map(({ account, currency, amountMinor }) => [
          ...[id, bookedOn, kind, plain(about), account, currency],
          ...[minorToDecimal(amountMinor, CURRENCY_EXPONENT[currency]), amountMinor.toString()],
          ...FACTS.map((name) => plain(facts[name] ?? '')),
        ]),
      ),
    );
  }
}

/**
 * The same for Beancount: accounts, what they held before as one transaction, the transactions, and what they have to hold after them, which its reader
 * checks.
 */
export async function* beancountOf({ span, balances, pages }: BooksToWrite): AsyncGenerator<string> {
  yield beancountOpening(
    balances.map(({ account }) => account),
    balances.map(({ currency }) => currency),
  );
  const opening = balances.filter(({ openingMinor }) => openingMinor !== 0n);
  if (span.from !== null && opening.length > 0) {
    const postings = opening.map(({ openingMinor: amountMinor, ...row }) => ({ ...row, amountMinor }));
    const known = { id: 'opening', kind: 'opening', about: 'what was there before', facts: {} };
    yield beancountTransaction({ ...known, bookedOn: addDays(span.from, -1), postings });
  }
  let lastDay: CivilDate | undefined = span.from ?? undefined;
  for await (const page of pages) {
    yield page.map(beancountTransaction).join('');
    lastDay = page.at(-1)?.bookedOn ?? lastDay;
  }
  const day = span.before ?? (lastDay === undefined ? undefined : addDays(lastDay, 1));
  if (day !== undefined)
    yield balances
      .map(({ closingMinor, ...row }) => beancountBalance(day, { ...row, amountMinor: closingMinor }))
      .join('');
}
