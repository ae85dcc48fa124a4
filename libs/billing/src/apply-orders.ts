import { paymentConfirmationQueue } from '@billfleet/contracts';
import { civilDateIn, withContracts } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import { books, contracts, grants, orders, work } from '@billfleet/store';
import type { GrantRow, OrderToApply, OwedWork, Tx } from '@billfleet/store';
import { AccessNow } from './access.js';
import { followUsage } from './follow-usage.js';
import { payCreditsBack } from './customer-credits.js';
import { changeEvents, emitEvents } from './emit-events.js';
import { newId } from './ids.js';
import { oweMails } from './mails.js';
import { shapeGrant } from './shape-grant.js';
import { chargesOn } from './switch-mails.js';
import { cancelStaleOrders } from './subscription-changes.js';
import type { OwedEvent } from './emit-events.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import type { WorkFailure } from './work-handlers.js';

type MailFacts = Awaited<ReturnType<typeof orders.findMailFacts>>;
type Given = { readonly order: OrderToApply; readonly row: GrantRow };

/** Gives what paid orders bought: days, seats, plan, packages, limits; owes the receipt and the call to the host product. */
export class ApplyOrders {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /**
   * Applies each paid order once, however often it is asked to: orders that are not paid (any more) are left alone. What does not fit
   * the subscription any more is owed back to its payer.
   */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    await this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      let waiting = mine.map((item) => item.ref);
      while (waiting.length > 0) waiting = await this.round(tx, waiting);
      await work.ack(tx, mine);
    });
    return [];
  }

  /** One order per workspace at a time, since a second one builds on what the first one gave; answers the orders that are left. */
  private async round(tx: Tx, ids: readonly string[]): Promise<string[]> {
    const [locked, lists] = await Promise.all([
      grants.lockOrdersToApply(tx, ids),
      contracts.listsOf(tx, ids, 'orders'),
    ]);
    const paid = locked.filter((order) => order.status === 'paid');
    const catalogue = withContracts(this.parts.catalogue, lists);
    const first = new Map<string, OrderToApply>();
    for (const order of paid) if (!first.has(order.workspaceId)) first.set(order.workspaceId, order);
    const { clock } = this.parts;
    const shaped = [...first.values()].map((order) => ({
      order,
      grant: shapeGrant(catalogue, order, clock.nowOf(order)),
    }));
    const given = shaped.flatMap(({ order, grant }) => (grant.kind === 'given' ? [{ order, row: grant.row }] : []));
    const mailed = given.filter(({ order }) => order.billingEmail !== null).map(({ order }) => order.id);
    const rows = given.map(({ order, row }) => ({ ...row, givenAt: clock.nowOf(order) }));
    const [facts, versions] = await Promise.all([orders.findMailFacts(tx, mailed), grants.applyGrants(tx, rows)]);
    const access = new AccessNow(catalogue, clock);
    emitEvents(
      tx,
      given.flatMap((one) => eventsOf(one, versions, access)),
    );
    await cancelStaleOrders(
      tx,
      given.flatMap(({ order, row }) => (order.kind === 'purchase' && order.held === null ? [] : [row])),
    );
    await followUsage(tx, this.parts, rows);
    await giveBack(
      tx,
      shaped.flatMap(({ order, grant }) => (grant.kind === 'refund' ? [{ id: order.id, reason: grant.reason }] : [])),
    );
    await payCreditsBack(
      tx,
      given.map(({ order }) => order.id),
    );
    await this.tell(tx, facts, given);
    return paid.filter((order) => first.get(order.workspaceId) !== order).map((order) => order.id);
  }

  private async tell(tx: Tx, facts: MailFacts, given: readonly Given[]): Promise<void> {
    const givenBy = new Map(given.map((one) => [one.order.id, one]));
    await oweMails(
      tx,
      [...facts.values()].flatMap((order) => {
        const one = givenBy.get(order.orderId);
        if (one === undefined) return [];
        const { row } = one;
        const { workspaceId, billingEmail: recipient, locale, timeZone } = order;
        const method = { kind: order.method ?? 'offline', ...(order.last4 === null ? {} : { last4: order.last4 }) };
        const term = row.given?.during ?? null;
        const packages = row.addOns[0];
        const today = civilDateIn(this.parts.clock.nowOf(one.order), timeZone);
        const startsOn = term?.startsOn ?? today;
        const endsOn = term?.endsOn ?? (order.kind === 'add-on' ? packages?.endsOn : undefined) ?? row.endsOn;
        const dates = { startsOn, endsOn, paidAt: order.now.toISOString() };
        const seatsAdded = row.given?.seatsDelta ?? 0;
        const news = {
          ...(order.kind !== 'purchase' && seatsAdded > 0 ? { seatsAdded } : {}),
          ...renewalNews(one, chargesOn(row.endsOn, this.parts.catalogue, today)),
        };
        const mail = {
          template: 'receipt' as const,
          workspaceId,
          dedupeKey: `receipt:${order.orderId}`,
          recipient,
          locale,
          timeZone,
        };
        // A period is said only where one was bought.
        const period = term === null ? {} : { periodMonths: order.periodMonths };
        return [
          {
            ...mail,
            facts: { ...orders.orderMailFacts(order), method, bought: order.kind, ...news, ...period, ...dates },
          },
        ];
      }),
    );
  }
}

/** What happens at the end of the paid time, said where the order was for a term, or turned automatic renewal on. */
function renewalNews({ order, row }: Given, day: CivilDate): { readonly renewal?: Readonly<Record<string, string>> } {
  const isTurnedOn = row.autoRenewal && order.held?.autoRenewal === false;
  if (isTurnedOn && order.kind !== 'purchase') return { renewal: { is: 'turned-on', chargesOn: day } };
  if (row.given === undefined || row.given.during === null) return {};
  return { renewal: row.autoRenewal ? { is: 'on', chargesOn: day } : { is: 'off' } };
}

/** What happened when an order was given: the order is done, and the subscription has become another. */
function eventsOf({ order, row }: Given, versions: grants.Versions, access: AccessNow): readonly OwedEvent[] {
  const { orderId, workspaceId } = row;
  const term = row.given?.during ?? row.addOns[0];
  return [
    {
      ...{ type: 'order.fulfilled', cause: orderId, orderId, workspaceId },
      data: { startsOn: term?.startsOn ?? null, endsOn: term?.endsOn ?? null },
    },
    ...changeEvents({
      ...{ workspaceId, orderId, cause: orderId, by: 'payment' },
      before: order.held,
      after: {
        ...{ ...row, limits: JSON.parse(row.limits) as Record<string, unknown> },
        access: access.of({ ...row, timeZone: order.timeZone, clockAt: order.clockAt }),
      },
      version: versions.get(workspaceId) ?? 1,
    }),
  ];
}

/** Owes paid money back that gives nothing. */
async function giveBack(tx: Tx, refused: readonly { readonly id: string; readonly reason: string }[]): Promise<void> {
  const reasons = new Map(refused.map(({ id, reason }) => [id, reason]));
  const charges = await books.takeBackSales(tx, refused);
  const refunds = await books.insertRefunds(
    tx,
    charges.map((charge) => ({ ...charge, id: newId(), reason: reasons.get(charge.orderId) ?? 'other' })),
  );
  await work.owe(tx, paymentConfirmationQueue, 'refund.send', refunds);
}
