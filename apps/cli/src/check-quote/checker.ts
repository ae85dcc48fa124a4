import { createHash } from 'node:crypto';
import { checkContent } from './check-content.js';
import { canonical, isFields, Sheet } from './sheet.js';
import type { Difference, Fields, Place } from './sheet.js';

export { canonical } from './sheet.js';
export type { Difference } from './sheet.js';

/** Fields that the API adds around a quote; the hash covers all others. */
const AROUND = new Set(['id', 'workspaceId', 'installments', 'detailsNeeded', 'hash', 'expiresAt']);

/**
 * Checks a quote or an order (it has a `status`), as the API answers it, against nothing but itself: each line from its
 * derivation, the total from the lines, the next term and what changes from what there was, instalments from the total, a
 * quote's hash from its content. Shares no code with the engine. Answers every difference; none means that each cent is
 * explained.
 */
export function checkPriced(document: unknown): readonly Difference[] {
  const sheet = new Sheet();
  if (!isFields(document)) {
    sheet.note('(document)', 'a quote or an order as a JSON object', document);
    return sheet.differences;
  }
  const top: Place = { path: '', fields: document };
  checkContent(sheet, top);
  if ('status' in document) sheet.count(top, 'installments');
  else {
    checkHash(sheet, top);
    if ('installments' in document) checkInstallments(sheet, top);
  }
  sheet.noteUnexplained(document);
  return sheet.differences;
}

/** Compares an order with the quote that it was made from: it charges what was quoted, to the cent. */
export function checkOrderOfQuote(order: Fields, quote: Fields): readonly Difference[] {
  const sheet = new Sheet();
  for (const name of ['kind', 'plan', 'seats', 'periodMonths', 'currency', 'amountMinor', 'lines']) {
    sheet.equal(`${name}, as in the quote`, canonical(quote[name]), canonical(order[name]));
  }
  sheet.equal('taxMinor, as in the quote', canonical(quote['taxMinor'] ?? '0'), canonical(order['taxMinor'] ?? '0'));
  return sheet.differences;
}

function checkHash(sheet: Sheet, top: Place): void {
  const content = Object.fromEntries(Object.entries(top.fields).filter(([name]) => !AROUND.has(name)));
  const hash = createHash('sha256').update(canonical(content)).digest('hex');
  sheet.equal('hash', hash, sheet.text(top, 'hash'));
}

/** 1, 2, 3 … parts; each equal, with what does not divide on the first. Where nothing is to be paid there are none. */
function checkInstallments(sheet: Sheet, top: Place): void {
  const total = sheet.amount(top, 'amountMinor');
  const options = sheet.objects(top, 'installments');
  if (total !== undefined && (options.length === 0) !== total <= 0n) {
    sheet.note(
      'installments',
      total > 0n ? 'at least one way to pay' : 'none, since nothing is to be paid',
      options.length,
    );
  }
  options.forEach((option, index) => {
    const parts = BigInt(index + 1);
    sheet.onlyFields(option, ['count', 'amountsMinor']);
    sheet.equal(`${option.path}.count`, parts, sheet.count(option, 'count'));
    sheet.explain(`${option.path}.amountsMinor`);
    if (total === undefined) return;
    const share = total / parts;
    const wanted = Array.from({ length: index + 1 }, (_, nth) =>
      String(nth === 0 ? total - share * (parts - 1n) : share),
    );
    sheet.equal(`${option.path}.amountsMinor`, JSON.stringify(wanted), canonical(option.fields['amountsMinor']));
  });
}
