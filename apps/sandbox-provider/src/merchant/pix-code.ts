import { brCode } from '@billfleet/payments';

/** The copy-and-paste code of a Pix checkout. `.invalid` can never be a real host: a bank app that scans the code finds nothing to pay. */
export function pixCodeOf(reference: string, amountMinor: bigint): string {
  const target = { kind: 'dynamic', location: `pix.sandbox.invalid/${reference}` } as const;
  return brCode({ target, amountMinor, merchantName: 'Billfleet Sandbox', merchantCity: 'Sao Paulo' });
}
