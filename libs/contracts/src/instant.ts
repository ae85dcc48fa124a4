import { z } from 'zod';

const BEFORE_MS = Date.UTC(10_000, 0);

/** What is no instant at all has been refused already. What lies outside is a typing error, and PostgreSQL knows no year 0. */
const isInReach = (text: string): boolean => {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) || (atMs >= 0 && atMs < BEFORE_MS);
};

/**
 * An instant as ISO 8601 text, from 1970 to 9999: in UTC, or with `offset` at any offset.
 * @param options.error what is wanted, in words.
 */
export const instantText = (options: { readonly offset?: boolean; readonly error: string }) =>
  z.iso.datetime(options).refine(isInReach, { error: `${options.error}, from 1970 to 9999` });
