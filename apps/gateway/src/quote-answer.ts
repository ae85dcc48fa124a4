import type { QuoteOutcome } from '@billfleet/billing';

type Quoted = Extract<QuoteOutcome, { kind: 'quoted' }>;

/** What `quoteAnswer` is sent as. */
export const QUOTE_ANSWER_TYPE = 'application/json; charset=utf-8';

/**
 * The answer of `POST /v1/quotes`: the text that was hashed and stored, letter for letter, and the fields around it that the hash does
 * not cover. It is put together as text, since the quote was written once already.
 */
export function quoteAnswer(quoted: Quoted): string {
  const { id, workspaceId, content, installments, detailsNeeded, hash, expiresAt } = quoted;
  // Ids, a hash and an instant hold nothing that JSON would have to escape.
  const ids = `"id":"${id}","workspaceId":"${workspaceId}"`;
  const proof = `"hash":"${hash}","expiresAt":"${expiresAt.toISOString()}"`;
  const needed = `"detailsNeeded":${detailsNeeded.length === 0 ? '[]' : '["taxpayer"]'}`;
  return `{${ids},${content.slice(1, -1)},"installments":${installments},${needed},${proof}}`;
}
