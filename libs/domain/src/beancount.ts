import type { CivilDate } from './calendar.js';
import { CURRENCY_EXPONENT } from './money.js';
import type { Currency } from './money.js';
import { minorToDecimal } from './currency-exponents.js';

/** One side of a transaction as books are written out: the account as the books name it, a debit positive. */
export type WrittenPosting = { readonly account: string; readonly currency: Currency; readonly amountMinor: bigint };

/** A transaction as books are written out. Texts may hold anything. */
export type WrittenTransaction = {
  readonly id: string;
  readonly bookedOn: CivilDate;
  readonly kind: string;
  /** What people know it by, such as the number of its order. */
  readonly about: string;
  /** What else is known of it, by lower-case names. */
  readonly facts: Readonly<Record<string, string>>;
  readonly postings: readonly WrittenPosting[];
};

const ROOTS: Readonly<Record<string, string>> = {
  receivable: 'Assets:Receivable',
  deferred_revenue: 'Liabilities:Deferred-Revenue',
  tax_payable: 'Liabilities:Tax-Payable',
  customer_credit: 'Liabilities:Customer-Credit',
  revenue: 'Income:Revenue',
  provider_fees: 'Expenses:Provider-Fees',
  chargeback_losses: 'Expenses:Chargeback-Losses',
  write_offs: 'Expenses:Write-Offs',
};

/** The name that Beancount knows an account by: cash of a provider is an asset of its own. */
export function beancountAccount(account: string): string {
  const known = ROOTS[account];
  if (known !== undefined) return known;
  const [, provider = 'Other'] = account.split(':');
  const words = provider.split(/[^a-z0-9]+/i).filter((word) => word.length > 0);
  return `Assets:Cash:${words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('-') || 'Other'}`;
}

/** Text in quotes on one line. */
const quoted = (text: string): string => `"${text.replace(/[\\"]/g, (mark) => `\\${mark}`).replace(/\p{Cc}/gu, ' ')}"`;

const amountOf = ({ amountMinor, currency }: WrittenPosting): string =>
  `${minorToDecimal(amountMinor, CURRENCY_EXPONENT[currency])} ${currency}`;

/** What comes before everything: the accounts, open since before all. */
export function beancountOpening(accounts: readonly string[], currencies: readonly string[]): string {
  const names = [...new Set(accounts.map(beancountAccount))].sort();
  const lines = [
    'option "title" "Billfleet"',
    ...[...new Set(currencies)].sort().map((currency) => `option "operating_currency" "${currency}"`),
    '',
    ...names.map((name) => `1970-01-01 open ${name}`),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** One transaction. */
export function beancountTransaction({ id, bookedOn, kind, about, facts, postings }: WrittenTransaction): string {
  const known = Object.entries({ ...facts, transaction: id }).filter(([, value]) => value !== '');
  const lines = [
    `${bookedOn} * ${quoted(kind)} ${quoted(about)}`,
    ...known.map(([name, value]) => `  ${name}: ${quoted(value)}`),
    ...postings.map((posting) => `  ${beancountAccount(posting.account)}  ${amountOf(posting)}`),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** What an account has to hold at the begin of a day; a reader that finds something else refuses the books. */
export const beancountBalance = (on: CivilDate, posting: WrittenPosting): string =>
  `${on} balance ${beancountAccount(posting.account)}  ${amountOf(posting)}\n`;
