import { civilDate } from '@billfleet/domain';
import * as books from '../books.js';
import * as grants from '../grants.js';
import * as management from '../management.js';
import * as members from '../members.js';
import * as quotes from '../quotes.js';
import * as seatChanges from '../seat-changes.js';
import * as seatChecks from '../seat-checks.js';
import type { Tx } from '../store.js';
import { emitOf } from './audit-world-events.js';
import {
  attemptId,
  cases,
  CURRENCY,
  ENDS_AT,
  idOf,
  KIND,
  memberId,
  orderId,
  NO_CONTENT,
  SEATS,
  seatChangeId,
  seatRefundId,
  subscriptionId,
  TAKEN_BACK,
  workspaceId,
} from './audit-world-ids.js';

const [WORKSPACE, SUBSCRIPTION] = [workspaceId(cases.reduced), subscriptionId(cases.reduced)];
const SEATS_LEFT = SEATS - TAKEN_BACK.seats;
const AT = new Date('2026-10-01T12:00:00Z');

/** Staff took seats back and gave the rest of their time back; the host product was slow to hear of it, and a member uses one of the others. */
export async function takeSeatsBack(tx: Tx): Promise<void> {
  const { refundMinor } = TAKEN_BACK;
  const quoteId = idOf(KIND.other, 504);
  const reason = 'the customer has fewer people';
  const lines = JSON.stringify([{ amountMinor: (-refundMinor).toString(), term: { startsOn: '2026-09-01' } }]);
  const quote = { id: quoteId, workspaceId: WORKSPACE, kind: 'refund', ...NO_CONTENT } as const;
  await quotes.insertQuotes(tx, [{ ...quote, currency: CURRENCY, amountMinor: -refundMinor, expiresAt: ENDS_AT }]);
  await reduceSubscription(tx);
  await seatChanges.insertSeatChange(tx, {
    ...{ id: seatChangeId, subscriptionId: SUBSCRIPTION, workspaceId: WORKSPACE, currency: CURRENCY },
    ...{ seatsBefore: SEATS, seats: SEATS_LEFT, reason, actor: 'support', quoteId, refundMinor, lines },
  });
  await seatChanges.oweSeatRefunds(tx, seatChangeId, [
    { id: seatRefundId, attemptId: attemptId(cases.reduced), amountMinor: refundMinor },
  ]);
  const refund = (await books.findRefunds(tx, [seatRefundId])).get(seatRefundId);
  if (refund !== undefined) await books.bookRefunds(tx, [{ refund, reference: 'refund-of-seats' }]);
  const told = { id: idOf(KIND.other, 660), orderId: orderId(cases.reduced), type: 'order.refunded' };
  await emitOf(tx, { ...told, cause: seatRefundId });
  const subject = `workspace ${WORKSPACE}`;
  await management.noteStaffAction(tx, { actor: 'support', action: 'seats.reduce', subject, reason });
  await useSeatAndCheck(tx);
}

const reduceSubscription = (tx: Tx): Promise<unknown> =>
  grants.turnSubscriptions(tx, [
    {
      ...{ subscriptionId: SUBSCRIPTION, workspaceId: WORKSPACE, status: 'active', plan: 'base', seats: SEATS_LEFT },
      ...{
        periodMonths: 12,
        priceList: 'usd',
        autoRenewal: true,
        limits: '{}',
        turnAt: null,
        renewalAt: new Date('2027-08-23T13:00:00Z'),
        usesSchedule: false,
      },
      ...{ anchorOn: civilDate('2026-09-01'), startsOn: civilDate('2026-09-01'), endsOn: civilDate('2027-09-01') },
      begun: [],
    },
  ]);

async function useSeatAndCheck(tx: Tx): Promise<void> {
  const member = { id: memberId, externalId: 'user-1', displayName: 'Ana', email: null, changedAt: null } as const;
  await members.upsertMembers(tx, WORKSPACE, [{ ...member, role: 'admin', status: 'active' }]);
  const drift = { what: 'seats', paid: String(SEATS_LEFT), granted: String(SEATS) } as const;
  const check = { workspaceId: WORKSPACE, repairs: true };
  await seatChecks.requestChecks(tx, [check], AT);
  await seatChecks.recordDrifts(tx, [{ id: idOf(KIND.other, 505), workspaceId: WORKSPACE, ...drift }], [WORKSPACE], AT);
  await seatChecks.recordDrifts(tx, [], [WORKSPACE], AT);
  await seatChecks.settleChecks(tx, [{ workspaceId: WORKSPACE, outcome: 'repaired', paid: '{}', granted: '{}' }], AT);
}
