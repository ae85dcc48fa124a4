import { canonicalJson } from '@billfleet/contracts';
import type { Json } from '@billfleet/contracts';
import { invariant, stillFits } from '@billfleet/domain';
import type { QuoteBasis } from '@billfleet/domain';
import type { HeldRow, Problem, StoredQuote } from '@billfleet/store';
import { sha256 } from './ids.js';
import { refused } from './requests-once.js';

/** A refund that was quoted: what goes back, and the tax in it, as positive amounts, and the lines that explain it as JSON text. */
export type QuotedRefund = {
  readonly quoteId: string;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  readonly lines: string;
};

/** What a quoted refund is read against. `seats`: how many there shall be. */
export type RefundQuestion = {
  readonly quote: StoredQuote | undefined;
  readonly workspaceId: string;
  readonly held: HeldRow;
  readonly seats: number;
  readonly now: Date;
};

/** Reads a stored quote of a refund for seats, or says why it is not one for these. A quote that is not what was hashed is a bug. */
export function readRefundQuote({
  quote,
  workspaceId,
  held,
  seats,
  now,
}: RefundQuestion): QuotedRefund | { readonly kind: 'refused'; readonly problem: Problem } {
  const refuse = (code: string, status: number, found: string, wanted: string) =>
    refused(status, { code, field: 'quoteId', found, wanted });
  if (quote?.workspaceId !== workspaceId) {
    return refuse('quote_unknown', 404, 'an id that is not known here', 'a quote of this workspace');
  }
  if (quote.kind !== 'refund') {
    return refuse('quote_not_refund', 409, `a quote of the kind ${quote.kind}`, 'one of the kind refund');
  }
  if (quote.usedBy !== null) {
    return refuse('quote_used', 409, `used by ${quote.usedBy}`, 'a quote that was not used yet');
  }
  if (quote.expiresAt <= now) {
    return refuse('quote_expired', 409, `ended at ${quote.expiresAt.toISOString()}`, 'a new quote');
  }
  invariant(sha256(canonicalJson(quote.content as Json)) === quote.hash, `quote ${quote.id} is not what was hashed`);
  const content = quote.content as {
    amountMinor: string;
    taxMinor?: string;
    seats: number;
    basis: QuoteBasis;
    lines: Json;
  };
  if (!stillFits({ kind: 'upgrade', basis: content.basis }, held)) {
    return refuse('quote_outdated', 409, 'a quote from before the subscription changed', 'a new quote');
  }
  if (content.seats !== seats) {
    const wanted = `a quote that leaves ${String(seats)} seats`;
    return refuse('quote_seats_differ', 422, `a quote that leaves ${String(content.seats)} seats`, wanted);
  }
  const { amountMinor, taxMinor = '0', lines } = content;
  return {
    ...{ quoteId: quote.id, amountMinor: -BigInt(amountMinor), taxMinor: -BigInt(taxMinor) },
    lines: canonicalJson(lines),
  };
}
