import { prices } from '@billfleet/store';
import type { AuditResult, OrderPriceWithQuote, Queryable, QuotePrice } from '@billfleet/store';
import { checkOrderOfQuote, checkPriced } from './check-quote/checker.js';
import type { Difference } from './check-quote/checker.js';

const EXAMPLES_MAX = 5;
/** Many differences of one document tell no more than a few. */
const DIFFERENCES_MAX = 5;

type Example = { readonly quoteId?: string; readonly orderId?: string; readonly differences: readonly Difference[] };

/** Audit C01: recomputes every stored quote and order from its own derivation, in chunks; changes nothing. */
export async function auditPrices(db: Queryable): Promise<AuditResult> {
  const examples: Example[] = [];
  let violations = 0;
  const note = (name: 'quoteId' | 'orderId', id: string, differences: readonly Difference[]): void => {
    if (differences.length === 0) return;
    violations += 1;
    if (examples.length < EXAMPLES_MAX)
      examples.push({ [name]: id, differences: differences.slice(0, DIFFERENCES_MAX) });
  };
  for await (const quotes of prices.everyQuotePrice(db)) {
    for (const quote of quotes) note('quoteId', quote.id, quoteDifferences(quote));
  }
  for await (const orders of prices.everyOrderPrice(db)) {
    for (const order of orders) note('orderId', order.id, orderDifferences(order));
  }
  return {
    id: 'C01',
    about: 'A quote or an order explains each of its cents, and an order charges what was quoted',
    kind: 'always',
    violations,
    examples,
  };
}

function quoteDifferences({ content, hash, currency, amountMinor }: QuotePrice): readonly Difference[] {
  const inColumns = { currency, amountMinor };
  const columns = Object.entries(inColumns).flatMap(([name, found]): Difference[] =>
    content[name] === found ? [] : [{ what: `${name} of the row`, expected: String(content[name]), found }],
  );
  return [...checkPriced({ ...content, hash }), ...columns];
}

function orderDifferences({ quoteContent, unitMinor, ...rest }: OrderPriceWithQuote): readonly Difference[] {
  // Only a purchase has one price of a seat for the term; of a change the column is a mere average.
  const order = rest.kind === 'purchase' ? { ...rest, unitMinor } : rest;
  return [...checkPriced(order), ...(quoteContent === null ? [] : checkOrderOfQuote(order, quoteContent))];
}
