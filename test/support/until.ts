const POLL_MS = 15;

/**
 * Looks again and again until what is seen is what is wanted, and answers it.
 * @throws an error that shows the last look, when the deadline passes first.
 */
export async function until<Seen>(
  what: string,
  look: () => Promise<Seen> | Seen,
  options: { readonly isDone?: (seen: Seen) => boolean; readonly deadlineMs?: number } = {},
): Promise<Seen> {
  const { isDone = Boolean, deadlineMs = 30_000 } = options;
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (isDone(seen)) return seen;
    if (performance.now() > end) throw new Error(`waited in vain until ${what}; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
