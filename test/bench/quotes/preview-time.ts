import { median, percentile, rounded } from '../purchases/figures.js';
import { workspaceIdOf } from '../purchases/purchase.js';
import type { BenchGateway } from './gateway.js';

const PREVIEWS = 300;
const WARM_UP = 20;
const FIRST_SEATS = 200;

/** How long somebody waits for the price of what he has just chosen, in milliseconds. */
export type PreviewTime = { readonly medianMs: number; readonly p99Ms: number };

/**
 * Asks for prices as the billing page does: one after the other, over one connection, each for a number of seats that nobody has asked about
 * before, so that none is kept. Counts from the question to the whole answer. @throws when one is refused.
 */
export async function measurePreviews({ port, apiKey }: BenchGateway): Promise<PreviewTime> {
  const times: number[] = [];
  for (let nth = 0; nth < WARM_UP + PREVIEWS; nth += 1) {
    const wish = { workspaceId: workspaceIdOf(nth % 100), plan: 'pro', seats: FIRST_SEATS + nth, periodMonths: 12 };
    const startedAt = performance.now();
    const answer = await fetch(`http://127.0.0.1:${String(port)}/v1/quotes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
    await answer.json();
    if (!answer.ok) throw new Error(`a preview was answered ${String(answer.status)}`);
    if (nth >= WARM_UP) times.push(performance.now() - startedAt);
  }
  return { medianMs: rounded(median(times), 1), p99Ms: rounded(percentile(times, 0.99), 1) };
}
