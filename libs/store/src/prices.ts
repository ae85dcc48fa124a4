import type { Currency } from '@billfleet/domain';
import type { Queryable } from './store.js';

/** What an order charges and why, as stored; amounts inside of `lines` are text. */
export type OrderPrice = {
  readonly id: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly kind: string;
  readonly status: string;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: string;
  readonly quoteId: string | null;
  readonly currency: Currency;
  /** One seat for the whole term, in minor units. */
  readonly unitMinor: string;
  readonly amountMinor: string;
  /** The part of it that is tax. */
  readonly taxMinor: string;
  readonly installments: number;
  readonly lines: unknown;
  readonly createdAt: Date;
};

/** The content of a quote, as far as it is stored, with its hash. */
export type QuotePrice = {
  readonly id: string;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly hash: string;
};

/** An order's price, and the content of the quote that it was made from. */
export type OrderPriceWithQuote = OrderPrice & { readonly quoteContent: Readonly<Record<string, unknown>> | null };

const ORDER = `o.id, o.number::text as number, o.workspace_id as "workspaceId", o.kind, o.status, o.plan, o.seats, o.period_months as "periodMonths",
  o.price_list as "priceList", o.quote_id as "quoteId", o.currency, o.unit_minor::text as "unitMinor", o.amount_minor::text as "amountMinor", o.tax_minor::text as "taxMinor",
  o.installments, o.lines, o.created_at as "createdAt"`;
const CHUNK_ROWS = 1_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** One order's price, by the order's id or by its number. */
export async function findOrderPrice(db: Queryable, idOrNumber: string): Promise<OrderPrice | undefined> {
  const isNumber = /^\d{1,18}$/.test(idOrNumber);
  const rows = await db.query<OrderPrice>(
    `select ${ORDER} from orders o where ${isNumber ? 'o.number = $1::bigint' : 'o.id = $1::uuid'}`,
    [idOrNumber],
  );
  return rows[0];
}

/** Every stored quote, in chunks, so that memory stays bounded however many there are. */
export async function* everyQuotePrice(db: Queryable): AsyncGenerator<readonly QuotePrice[]> {
  yield* chunks<QuotePrice>(
    db,
    `select id, currency, amount_minor::text as "amountMinor", coalesce(content, '{}')::json as content, hash
     from quote left join quote_content using (hash) where id > $1 order by id limit $2`,
  );
}

/** Every order's price next to the content of its quote, in chunks. */
export async function* everyOrderPrice(db: Queryable): AsyncGenerator<readonly OrderPriceWithQuote[]> {
  yield* chunks<OrderPriceWithQuote>(
    db,
    `select ${ORDER}, c.content::json as "quoteContent"
     from orders o left join quote q on q.id = o.quote_id left join quote_content c on c.hash = q.hash where o.id > $1 order by o.id limit $2`,
  );
}

async function* chunks<Row extends { readonly id: string }>(
  db: Queryable,
  statement: string,
): AsyncGenerator<readonly Row[]> {
  for (let after = BEFORE_ALL; ;) {
    const rows = await db.query<Row>(statement, [after, CHUNK_ROWS]);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.id;
  }
}
