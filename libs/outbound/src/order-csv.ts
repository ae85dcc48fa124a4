import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { orderWords } from '@billfleet/contracts';
import type { Language, WayPaid } from '@billfleet/contracts';
import { CURRENCY_EXPONENT, minorToDecimal } from '@billfleet/domain';
import type { Currency, OrderKind, ShownStatus } from '@billfleet/domain';
import { stringify } from 'csv-stringify';

/** An order as a line of the export is written from it. Amounts are minor units as text, instants ISO 8601 text. */
export type OrderToWrite = {
  readonly id: string;
  readonly number: string;
  readonly createdAt: string;
  readonly kind: OrderKind;
  readonly plan: string;
  readonly planName: string | null;
  readonly seats: number;
  readonly periodMonths: number;
  readonly addOn: { readonly id: string; readonly packages: number } | null;
  readonly addOnName: string | null;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly refundedMinor: string;
  readonly shown: ShownStatus;
  readonly paidBy: WayPaid;
  readonly installments: number;
};

/** How an export is written. */
export type OrderCsvOptions = {
  readonly language: Language;
  /** Days and hours are those of this zone. */
  readonly timeZone: string;
  /** Begins the file with a byte order mark, without which some spreadsheets take UTF-8 for another encoding. */
  readonly hasByteOrderMark: boolean;
};

const COLUMNS = [
  'number',
  'placed',
  'kind',
  'plan',
  'seats',
  'months',
  'addOn',
  'packages',
  'currency',
  'amount',
  'refunded',
  'status',
  'paidBy',
  'installments',
  'id',
] as const;

type Heads = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** `{zone}` is filled in. */
const HEADS: Readonly<Record<Language, Heads>> = {
  en: {
    number: 'Order',
    placed: 'Placed ({zone})',
    kind: 'What',
    plan: 'Plan',
    seats: 'Seats',
    months: 'Months',
    addOn: 'Add-on',
    packages: 'Packages',
    currency: 'Currency',
    amount: 'Amount',
    refunded: 'Refunded',
    status: 'Status',
    paidBy: 'Paid by',
    installments: 'Instalments',
    id: 'Id',
  },
  es: {
    number: 'Pedido',
    placed: 'Fecha ({zone})',
    kind: 'Qué',
    plan: 'Plan',
    seats: 'Usuarios',
    months: 'Meses',
    addOn: 'Complemento',
    packages: 'Paquetes',
    currency: 'Moneda',
    amount: 'Importe',
    refunded: 'Reembolsado',
    status: 'Estado',
    paidBy: 'Forma de pago',
    installments: 'Cuotas',
    id: 'Id',
  },
  'pt-BR': {
    number: 'Pedido',
    placed: 'Data ({zone})',
    kind: 'O quê',
    plan: 'Plano',
    seats: 'Usuários',
    months: 'Meses',
    addOn: 'Complemento',
    packages: 'Pacotes',
    currency: 'Moeda',
    amount: 'Valor',
    refunded: 'Reembolsado',
    status: 'Status',
    paidBy: 'Forma de pagamento',
    installments: 'Parcelas',
    id: 'Id',
  },
};

/**
 * Writes orders as CSV (RFC 4180, UTF-8) while they are read: no more than a few pages are in memory, and nothing is read on while the receiver
 * does not keep up. Amounts are exact decimals with a point. Texts that a spreadsheet would take for a formula are written with an apostrophe before
 * them. A page that cannot be read breaks the stream off, so that half an export is never taken for a whole one.
 */
export function orderCsv(pages: AsyncIterable<readonly OrderToWrite[]>, options: OrderCsvOptions): Readable {
  const { language, timeZone, hasByteOrderMark } = options;
  const heads = HEADS[language];
  const writer = stringify({
    bom: hasByteOrderMark,
    header: true,
    columns: COLUMNS.map((key) => ({ key, header: heads[key].replace('{zone}', timeZone) })),
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    escape_formulas: true,
  });
  // Whoever takes the stream hears of its end and its errors; there is nobody else to tell.
  void pipeline(Readable.from(linesOf(pages, options)), writer).catch(() => undefined);
  return writer;
}

async function* linesOf(pages: AsyncIterable<readonly OrderToWrite[]>, options: OrderCsvOptions) {
  // The Swedish way to write an instant is that of ISO 8601, which spreadsheets of every language read.
  const clock = new Intl.DateTimeFormat('sv', { timeZone: options.timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const words = orderWords(options.language);
  for await (const page of pages) {
    for (const order of page) {
      const decimal = (minor: string): string => minorToDecimal(BigInt(minor), CURRENCY_EXPONENT[order.currency]);
      const line: Readonly<Record<keyof Heads, string>> = {
        number: order.number,
        placed: clock.format(new Date(order.createdAt)),
        kind: words.kind[order.kind],
        plan: order.addOn === null ? (order.planName ?? order.plan) : '',
        seats: order.addOn === null ? String(order.seats) : '',
        months: order.addOn === null ? String(order.periodMonths) : '',
        addOn: order.addOnName ?? order.addOn?.id ?? '',
        packages: order.addOn === null ? '' : String(order.addOn.packages),
        currency: order.currency,
        amount: decimal(order.amountMinor),
        refunded: decimal(order.refundedMinor),
        status: words.status[order.shown],
        paidBy: words.paidBy[order.paidBy],
        installments: String(order.installments),
        id: order.id,
      };
      yield line;
    }
  }
}
