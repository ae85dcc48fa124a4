import { prices } from '@billfleet/store';
import type { AuditResult, OrderPriceWithQuote, Queryable, QuotePrice } from '@billfleet/store';
import { checkOrderOfQuote, checkPriced } from './check-quote/checker.js';
import type { Difference } from './check-quote/checker.js';

const EXAMPLES_MAX = 5;
/** Many differences of one document tell no more than a few. */
const DIFFERENCES_MAX = 5;

/** A quote or an order with what differs. */
type Example = { readonly quoteId?: string; readonly orderId?: string; readonly differences: readonly Difference[] };

/** Audit C01: recomputes every stored quote and order from its own derivation, in chunks; changes nothing. */
export async function auditPrices(db: Queryable): Promise<AuditResult> {
  const examples: Example[] = [];
  let violations = 0;
  for await (const { differences, ...which } of wrongPrices(db)) {
    violations += 1;
    if (examples.length < EXAMPLES_MAX) examples.push({ ...which, differences: differences.slice(0, DIFFERENCES_MAX) });
  }
  return {
    id: 'C01',
    about: 'A quote or an order explains each of its cents, and an order charges what was quoted',
    kind: 'always',
    violations,
    examples,
  };
}

/** Every stored quote and order that does not explain itself, with all that differs. Changes nothing. */
export async function* wrongPrices(db: Queryable): AsyncGenerator<Example> {
  for await (const quotes of prices.everyQuotePrice(db)) {
    for (const quote of quotes) {
      const differences = quoteDifferences(quote);
      if (differences.length > 0) yield { quoteId: quote.id, differences };
    }
  }
  for await (const orders of prices.everyOrderPrice(db)) {
    for (const order of orders) {
      const differences = orderDifferences(order);
      if (differences.length > 0) yield { orderId: order.id, differences };
    }
  }
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
