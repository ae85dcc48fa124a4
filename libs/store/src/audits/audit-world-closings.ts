import { civilDate } from '@billfleet/domain';
import * as chargebacks from '../chargebacks.js';
import * as grants from '../grants.js';
import * as management from '../management.js';
import * as seatChanges from '../seat-changes.js';
import type { Tx } from '../store.js';
import {
  AMOUNT_MINOR,
  attemptId,
  cases,
  chargebackId,
  closingId,
  CURRENCY,
  orderId,
  SEATS,
  subscriptionId,
  workspaceId,
} from './audit-world-ids.js';

const AT = new Date('2026-10-01T12:00:00Z');

/** The bank of the payer took the money of an order back and kept it; staff let the subscription go on. */
export async function takePaymentBack(tx: Tx): Promise<void> {
  const n = cases.disputed;
  const money = { currency: CURRENCY, amountMinor: AMOUNT_MINOR } as const;
  const subject = { orderId: orderId(n), attemptId: attemptId(n), workspaceId: workspaceId(n) };
  const named = { provider: 'sandbox', reference: 'chargeback' };
  await chargebacks.insertChargebacks(tx, [{ id: chargebackId, ...subject, ...named, ...money, reason: 'fraudulent' }]);
  await management.stopAutoRenewal(tx, [{ workspaceId: workspaceId(n), at: AT }], 'chargeback');
  await chargebacks.settleChargebacks(tx, [{ ...named, status: 'lost' }]);
  const [actor, reason] = ['support', 'a good customer'];
  await chargebacks.decideChargeback(tx, { id: chargebackId, decision: 'keep', by: actor, reason, at: AT });
  const about = `chargeback ${chargebackId}`;
  await management.noteStaffAction(tx, { actor, action: 'chargeback.keep', subject: about, reason });
}

/** Staff closed a subscription without a refund. */
export async function closeForGood(tx: Tx): Promise<void> {
  const n = cases.closed;
  const subject = { subscriptionId: subscriptionId(n), workspaceId: workspaceId(n) };
  const days = { startsOn: civilDate('2026-09-01'), endsOn: civilDate('2027-09-01') };
  await grants.turnSubscriptions(tx, [
    {
      ...{ ...subject, ...days, anchorOn: days.startsOn, status: 'closed', plan: 'base', seats: 0 },
      ...{ periodMonths: 12, priceList: 'usd', autoRenewal: false, limits: '{}' },
      ...{ turnAt: null, renewalAt: null, usesSchedule: true, begun: [] },
    },
  ]);
  const [actor, reason] = ['support', 'asked for'];
  const none = { currency: CURRENCY, quoteId: null, refundMinor: 0n, lines: '[]' } as const;
  const change = { id: closingId, ...subject, seatsBefore: SEATS, seats: 0, reason, actor };
  await seatChanges.insertSeatChange(tx, { ...change, ...none });
  const about = `workspace ${workspaceId(n)}`;
  await management.noteStaffAction(tx, { actor, action: 'subscription.close', subject: about, reason });
}
