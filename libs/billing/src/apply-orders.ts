import { seatProvisioningQueue } from '@billfleet/contracts';
import type { RequestSeatProvisioning } from '@billfleet/contracts';
import {
  civilDateIn,
  compare,
  entitlementsFor,
  grantPurchase,
  invariant,
  limitsUnder,
  planById,
} from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import type { Clock } from '@billfleet/platform';
import { orders, subscriptions, tenants, work } from '@billfleet/store';
import type { GrantRow, OrderToApply, OwedWork, Store, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import { oweHostEvents, oweMails } from './mails.js';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import type { WorkFailure } from './work-handlers.js';

/** What applying orders works with. `tellsHost`: whether a host product wants to hear of changes. */
export type ApplyOrdersParts = {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly tellsHost: boolean;
};

type MailFacts = Awaited<ReturnType<typeof orders.findMailFacts>>;

/** Gives what paid orders bought: days, seats, plan, limits; owes the receipt and the call to the host product. */
export class ApplyOrders {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** Applies each paid order once, however often it is asked to: orders that are not paid (any more) are left alone. */
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
    const paid = (await subscriptions.lockOrdersToApply(tx, ids)).filter((order) => order.status === 'paid');
    const first = new Map<string, OrderToApply>();
    for (const order of paid) if (!first.has(order.workspaceId)) first.set(order.workspaceId, order);
    const now = [...first.values()];
    const grants = now.map((order) => this.grantOf(order));
    const mailed = now.filter((order) => order.billingEmail !== null).map((order) => order.id);
    const [facts] = await Promise.all([orders.findMailFacts(tx, mailed), subscriptions.applyGrants(tx, grants)]);
    await this.tell(tx, facts, grants);
    return paid.filter((order) => first.get(order.workspaceId) !== order).map((order) => order.id);
  }

  private grantOf(order: OrderToApply): GrantRow {
    const plan = planById(this.parts.catalogue, order.plan);
    invariant(plan !== undefined, `order ${order.id} bought the plan ${order.plan}, which the catalogue lacks`);
    const now = this.parts.clock.now();
    const isRunning = order.endsOn !== null && compare(order.endsOn, civilDateIn(now, order.timeZone)) > 0;
    const grant = grantPurchase({
      plan: order.plan,
      seats: order.seats,
      periodMonths: order.periodMonths,
      now,
      timeZone: order.timeZone,
      ...(order.trialEndsOn === null ? {} : { trialEndsOn: order.trialEndsOn }),
      ...(order.endsOn === null || order.anchorOn === null
        ? {}
        : { current: { endsOn: order.endsOn, anchorOn: order.anchorOn } }),
    });
    const had = order.seatsHeld ?? 0;
    const seats = isRunning ? Math.max(had, order.seats) : order.seats;
    return {
      orderId: order.id,
      subscriptionId: order.subscriptionId ?? newId(),
      workspaceId: order.workspaceId,
      plan: order.plan,
      seats,
      seatsDelta: seats - had,
      periodMonths: order.periodMonths,
      priceList: order.priceList,
      anchorOn: grant.anchorOn,
      startsOn: grant.startsOn,
      endsOn: grant.endsOn,
      autoRenewal: order.method !== null && order.method !== 'pix' && order.hasStoredMethod,
      limits: JSON.stringify(
        entitlementsFor({ limits: limitsUnder(this.parts.catalogue, plan, order.priceList) }, seats),
      ),
    };
  }

  private async tell(tx: Tx, facts: MailFacts, grants: readonly GrantRow[]): Promise<void> {
    const grantOf = new Map(grants.map((grant) => [grant.orderId, grant]));
    await oweMails(
      tx,
      [...facts.values()].flatMap((order) => {
        const grant = grantOf.get(order.orderId);
        if (grant === undefined) return [];
        const { workspaceId, billingEmail: recipient, locale, timeZone } = order;
        const method = { kind: order.method ?? 'offline', ...(order.last4 === null ? {} : { last4: order.last4 }) };
        const dates = { startsOn: grant.startsOn, endsOn: grant.endsOn, paidAt: order.now.toISOString() };
        const mail = {
          template: 'receipt' as const,
          workspaceId,
          dedupeKey: `receipt:${order.orderId}`,
          recipient,
          locale,
          timeZone,
        };
        return [
          { ...mail, facts: { ...orders.orderMailFacts(order), method, periodMonths: order.periodMonths, ...dates } },
        ];
      }),
    );
    if (!this.parts.tellsHost) return;
    await oweHostEvents(
      tx,
      grants.map((grant) => ({
        workspaceId: grant.workspaceId,
        dedupeKey: `order:${grant.orderId}`,
        type: 'subscription.updated',
        data: hostData({ ...grant, status: 'active', limits: JSON.parse(grant.limits) as unknown }, grant.orderId),
      })),
    );
  }
}

type Told = {
  readonly workspaceId: string;
  readonly status: string;
  readonly plan: string;
  readonly seats: number;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly limits: unknown;
};

/** What the host product is told of a workspace: all that it needs to give the right seats, so that calls may come in any order. */
const hostData = (
  { workspaceId, status, plan, seats, startsOn, endsOn, limits }: Told,
  orderId: string | null,
): Readonly<Record<string, unknown>> => ({
  workspaceId,
  status,
  plan,
  seats,
  startsOn,
  endsOn,
  limits,
  orderId,
});

/** Takes requests to bring a workspace's seats in line with what it paid for. */
export class RequestProvisioning {
  constructor(private readonly store: Store) {}

  /** `ref` is the workspace's id. */
  run(commands: readonly Command<RequestSeatProvisioning>[]): Promise<readonly CommandOutcome[]> {
    return this.store.transaction((tx) =>
      answerOnce(tx, 'seat-provisioning.request', commands, async (fresh) => {
        const outcomes = await acceptForWorkspaces(tx, fresh, (command) => command.input.workspaceId);
        await work.owe(tx, seatProvisioningQueue, 'workspace.announce', [
          ...new Set(outcomes.flatMap((one) => (one.kind === 'accepted' ? one.ref : []))),
        ]);
        return outcomes;
      }),
    );
  }
}

/** Accepts commands about workspaces that exist and that the caller may touch. */
export async function acceptForWorkspaces(
  tx: Tx,
  commands: readonly Command<{ readonly workspaceId: string }>[],
  refOf: (command: Command<{ readonly workspaceId: string }>) => string,
): Promise<FreshOutcome[]> {
  const workspaces = await tenants.findWorkspaces(
    tx,
    commands.map((command) => command.input.workspaceId),
  );
  return commands.map((command) => {
    const { workspaceId } = command.input;
    const isTheirs = command.actorWorkspaceId === null || command.actorWorkspaceId === workspaceId;
    return workspaces.has(workspaceId) && isTheirs
      ? { kind: 'accepted', ref: refOf(command) }
      : refused(404, {
          code: 'workspace_unknown',
          field: 'workspaceId',
          found: workspaceId,
          wanted: 'the id of a workspace that this key may touch',
        });
  });
}

/** Applies whatever a workspace has paid for and tells the host product its present state again. */
export class AnnounceWorkspaces {
  constructor(
    private readonly store: Store,
    private readonly tellsHost: boolean,
  ) {}

  /** Repeats are harmless: what is applied already stays, and the host product is told the same again. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    await this.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const ids = mine.map((item) => item.ref);
      await work.owe(tx, seatProvisioningQueue, 'order.apply', await orders.paidOrdersOf(tx, ids));
      if (this.tellsHost) await this.tell(tx, mine);
      await work.ack(tx, mine);
    });
    return [];
  }

  private async tell(tx: Tx, items: readonly OwedWork[]): Promise<void> {
    const views = await subscriptions.viewManyEntitlements(
      tx,
      items.map((item) => item.ref),
    );
    await oweHostEvents(
      tx,
      items.flatMap((item) => {
        const view = views.get(item.ref);
        if (view === undefined) return [];
        return [
          {
            workspaceId: item.ref,
            dedupeKey: `announce:${item.id}`,
            type: 'subscription.updated',
            data: hostData(view, null),
          },
        ];
      }),
    );
  }
}
