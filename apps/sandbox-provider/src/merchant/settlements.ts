import { createHash } from 'node:crypto';
import type { Ledger } from '../ledger/ledger.js';
import type { FaultKnobs, PaymentRow, RefundRow } from '../ledger/rows.js';
import type { Wire } from './wire.js';

type Line = Wire<'settlementsReply'>['entries'][number];

/** What the sandbox keeps: of a card or PayPal payment 3 % and 30 cents, of Pix 1 %, of a chargeback that the bank won 15.00. Rounded half up. */
const FEES = {
  card: { percent: 3n, fixedMinor: 30n },
  paypal: { percent: 3n, fixedMinor: 30n },
  pix: { percent: 1n, fixedMinor: 0n },
} as const;
const CHARGEBACK_FEE_MINOR = 1_500n;

const feeOf = ({ method, paidMinor }: PaymentRow): bigint => {
  const { percent, fixedMinor } = FEES[method];
  return (paidMinor * percent + 50n) / 100n + fixedMinor;
};

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** Between 0 and 1, the same for a line whenever the record is read. */
const lotOf = (reference: string, seed: number): number =>
  createHash('sha256')
    .update(`${String(seed)}:${reference}`)
    .digest()
    .readUInt32BE(0) / 4_294_967_296;

/** The record of a day (UTC), in the order of the payments, as it would be without faults. */
function* linesOf(ledger: Ledger, day: string): Generator<Line> {
  for (const payment of ledger.slice(0, ledger.paymentCount)) {
    if (payment.state !== 'succeeded') continue;
    const { reference: paymentReference, currency, paidAt = 0, paidMinor, chargeback } = payment;
    const line = (kind: Line['kind'], reference: string, amounts: readonly [bigint, bigint], atMs: number): Line => ({
      ...{ kind, reference, paymentReference, currency },
      ...{ amountMinor: String(amounts[0]), feeMinor: String(amounts[1]), at: new Date(atMs).toISOString() },
    });
    if (dayOf(paidAt) === day) yield line('charge', paymentReference, [paidMinor, feeOf(payment)], paidAt);
    for (const refund of ledger.refundsOf(paymentReference)) {
      const { reference, amountMinor, returnedAt } = refund;
      if ((refund.state === 'succeeded' || returnedAt !== undefined) && dayOf(endOf(refund)) === day)
        yield line('refund', reference, [amountMinor, 0n], endOf(refund));
      if (returnedAt !== undefined && dayOf(returnedAt) === day)
        yield line('refund_failed', reference, [amountMinor, 0n], returnedAt);
    }
    if (chargeback?.lostAt !== undefined && dayOf(chargeback.lostAt) === day) {
      const amounts = [BigInt(chargeback.amountMinor), CHARGEBACK_FEE_MINOR] as const;
      yield line('chargeback', chargeback.reference, amounts, chargeback.lostAt);
    }
  }
}

const endOf = ({ endedAt, createdAt }: RefundRow): number => endedAt ?? createdAt;

function spoiled(line: Line, knobs: FaultKnobs): readonly Line[] {
  const lot = lotOf(line.reference, knobs.seed);
  if (lot < knobs.settlementOmit) return [];
  return [lot < knobs.settlementWrongAmount ? { ...line, amountMinor: String(BigInt(line.amountMinor) + 1n) } : line];
}

function invented(day: string, count: number): readonly Line[] {
  return Array.from({ length: count }, (_, nth): Line => {
    const reference = `pay_invented_${day}_${String(nth)}`;
    const amounts = { currency: 'USD', amountMinor: '12345', feeMinor: '0' };
    return { kind: 'charge', reference, paymentReference: reference, ...amounts, at: `${day}T12:00:00.000Z` };
  });
}

/** A part of the record of a day, with the faults that were asked for. */
export function settlementPage(
  ledger: Ledger,
  knobs: FaultKnobs,
  { day, from, limit }: Wire<'settlementsRequest'>,
): Wire<'settlementsReply'> {
  const lines = [
    ...[...linesOf(ledger, day)].flatMap((line) => spoiled(line, knobs)),
    ...invented(day, knobs.settlementInvented),
  ];
  const to = from + limit;
  return { entries: lines.slice(from, to), next: to < lines.length ? to : null };
}
