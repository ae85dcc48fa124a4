import { paymentConfirmationQueue } from '@billfleet/contracts';
import { attempts, chargebacks, management, orders, refunds, work } from '@billfleet/store';
import type { ChargebackVerdict, NewChargeback, Tx } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import type { OwedEvent } from './emit-events.js';
import { newId } from './ids.js';
import { oweMails } from './mails.js';
import type { SeenAtProvider } from './ports.js';
import { endByBanks } from './settle-refunds.js';
import type { Settled, Settlement } from './settle-payments.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What a look at a payment came to where its money is in our books. */
const BOOKED: ReadonlySet<Settlement> = new Set(['book', 'book-late', 'book-excess', 'duplicate']);

/**
 * Takes note of payments that the payers' banks take back: the order is flagged, automatic renewal stops, refunds of that money are blocked,
 * and staff decide about the workspace. Only payments in our books count, and seeing the same again changes nothing.
 */
export async function recordChargebacks(
  tx: Tx,
  looked: { readonly seen: readonly SeenAtProvider[]; readonly settled: Settled },
  clock: WorkspaceClock,
): Promise<void> {
  const disputed = looked.seen.filter(({ attemptId, chargeback }) => {
    const outcome = looked.settled.get(attemptId);
    return chargeback !== undefined && outcome !== undefined && BOOKED.has(outcome);
  });
  if (disputed.length === 0) return;
  const locked = await attempts.lockAttempts(
    tx,
    disputed.map(({ attemptId }) => attemptId),
  );
  const payments = disputed.flatMap((seen) => {
    const attempt = locked.get(seen.attemptId);
    return attempt === undefined ? [] : [{ attempt, seen }];
  });
  const rows = payments.flatMap(({ attempt, seen }): NewChargeback[] => {
    if (seen.chargeback === undefined) return [];
    const { reference, amountMinor, reason } = seen.chargeback;
    const { id: attemptId, orderId, workspaceId, provider } = attempt;
    const money = { currency: seen.currency, amountMinor };
    return [{ id: newId(), orderId, attemptId, workspaceId, provider, reference, ...money, reason }];
  });
  const fresh = new Set(await chargebacks.insertChargebacks(tx, rows));
  const opened = rows.filter(({ id }) => fresh.has(id));
  const openedIn = new Set(opened.map(({ workspaceId }) => workspaceId));
  const verdicts = payments.flatMap(({ attempt: { provider }, seen: { chargeback } }): ChargebackVerdict[] =>
    chargeback === undefined || chargeback.state === 'open'
      ? []
      : [{ provider, reference: chargeback.reference, status: chargeback.state }],
  );
  const settled = await chargebacks.settleChargebacks(tx, verdicts);
  const won = settled.filter(({ status }) => status === 'won').map(({ attemptId }) => attemptId);
  // The money stays ours to give: refunds of it that waited for the bank go on.
  await work.owe(tx, paymentConfirmationQueue, 'refund.send', await refunds.reopenDisputed(tx, won));
  const lost = settled.filter(({ status }) => status === 'lost').map(({ attemptId }) => attemptId);
  await endByBanks(tx, lost);
  const stopped = await management.stopAutoRenewal(
    tx,
    payments.flatMap(({ attempt }) =>
      openedIn.has(attempt.workspaceId) ? [{ workspaceId: attempt.workspaceId, at: clock.nowOf(attempt) }] : [],
    ),
    'chargeback',
  );
  emitEvents(tx, [
    ...opened.map(openedEvent),
    ...stopped.map(({ workspaceId, version }): OwedEvent => ({
      ...{ type: 'auto_renewal.changed', workspaceId, cause: `${workspaceId}:${String(version)}` },
      data: { isOn: false, by: 'chargeback' },
    })),
    ...settled.map(({ id, orderId, workspaceId, amountMinor, status }): OwedEvent => ({
      ...{ type: 'order.chargeback_ended', orderId, workspaceId, cause: id },
      data: { chargebackId: id, chargedBackMinor: amountMinor, outcome: status },
    })),
  ]);
  await tellPayers(tx, opened);
}

const openedEvent = ({ id, orderId, workspaceId, amountMinor, reason }: NewChargeback): OwedEvent => ({
  ...{ type: 'order.charged_back', orderId, workspaceId, cause: id },
  data: { chargebackId: id, chargedBackMinor: amountMinor.toString(), reason },
});

async function tellPayers(tx: Tx, opened: readonly NewChargeback[]): Promise<void> {
  const facts = await orders.findMailFacts(
    tx,
    opened.map(({ orderId }) => orderId),
  );
  await oweMails(
    tx,
    opened.flatMap(({ id, orderId, workspaceId, amountMinor, currency }) => {
      const order = facts.get(orderId);
      if (order === undefined) return [];
      const { locale, timeZone, billingEmail: recipient, workspaceName, number: orderNumber, now } = order;
      return [
        {
          ...{ template: 'chargeback_opened' as const, workspaceId, dedupeKey: `chargeback_opened:${id}` },
          ...{ recipient, locale, timeZone },
          facts: {
            ...{ workspaceName, actionPath: `/billing/orders/${orderId}`, orderNumber },
            ...{ amount: { amountMinor: amountMinor.toString(), currency }, openedAt: now.toISOString() },
          },
        },
      ];
    }),
  );
}
