import type { z } from 'zod';
import { sandboxWire } from './sandbox-wire.js';

type WireTruth = z.output<typeof sandboxWire.truthPage>['payments'][number];

/** One payment in the sandbox provider's own books; `amountMinor` is what was taken once the state is `succeeded`. */
export type SandboxTruth = Omit<WireTruth, 'amountMinor' | 'refundedMinor'> & {
  readonly amountMinor: bigint;
  readonly refundedMinor: bigint;
};

const pageTimeoutMs = 30_000;

/**
 * Reads all payments that the sandbox provider knows, oldest first, for audits that compare them with our books.
 * @throws Error when the provider cannot be reached or answers something else.
 */
export async function* sandboxTruth(options: {
  readonly baseUrl: string;
  readonly apiKey: string;
}): AsyncGenerator<SandboxTruth> {
  for (let from: number | null = 0; from !== null;) {
    const reply: Response = await fetch(new URL(`/v1/truth?from=${String(from)}&limit=5000`, options.baseUrl), {
      headers: { authorization: `Bearer ${options.apiKey}` },
      signal: AbortSignal.timeout(pageTimeoutMs),
    });
    if (!reply.ok) throw new Error(`the sandbox provider answered ${String(reply.status)} when asked for its payments`);
    const page = sandboxWire.truthPage.parse(await reply.json());
    for (const row of page.payments)
      yield { ...row, amountMinor: BigInt(row.amountMinor), refundedMinor: BigInt(row.refundedMinor) };
    from = page.next;
  }
}
