import { parseStoredLines } from '@billfleet/contracts';
import { currencyExponent, explainPrice, minorToDecimal } from '@billfleet/domain';
import type { ExplainEngine } from './commands/explain.js';
import { CommandError, exitCodes } from './exit-codes.js';
import { openStore } from './open-store.js';

/** Explains an order of the database from its stored lines. */
export const explainOrder: ExplainEngine = async (config, idOrNumber, language) => {
  const { prices } = await import('@billfleet/store');
  const open = await openStore(config.databaseUrl);
  try {
    const order = await prices.findOrderPrice(open.store, idOrNumber);
    if (order === undefined) return undefined;
    const { id, number, status, currency, priceList: priceListId, quoteId } = order;
    const lines = parseStoredLines(order.lines);
    if (lines === undefined)
      throw new CommandError(exitCodes.violations, `order ${number} has lines that this version does not write`);
    const amountMinor = BigInt(order.amountMinor);
    const price = { currency, amountMinor, lines, priceListId, ...(quoteId === null ? {} : { quoteId }) };
    const text = explainPrice(price, language);
    return {
      ...{ orderId: id, number, status, workspaceId: order.workspaceId, language, currency, quoteId, priceListId },
      total: minorToDecimal(amountMinor, currencyExponent(currency) ?? 0),
      amountMinor: order.amountMinor,
      lines: text.lines.map((sentence, index) => ({
        amountMinor: String(lines[index]?.amountMinor ?? 0n),
        text: sentence,
      })),
      text: [...text.lines, text.total, text.source],
    };
  } finally {
    await open.close();
  }
};
