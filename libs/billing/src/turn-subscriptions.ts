import { seatProvisioningQueue } from '@billfleet/contracts';
import { withContracts } from '@billfleet/domain';
import type { Clock } from '@billfleet/platform';
import { contracts, grants, work } from '@billfleet/store';
import type { OwedWork, Store, SubscriptionToTurn, Turn, Tx } from '@billfleet/store';
import { AccessNow } from './access.js';
import { followUsage } from './follow-usage.js';
import { oweHostEvents } from './mails.js';
import { shapeTurn } from './shape-grant.js';
import { cancelStaleOrders, hostData } from './subscription-changes.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import type { WorkFailure } from './work-handlers.js';

type Shaped = { readonly one: SubscriptionToTurn; readonly turn: Turn };

/** Brings subscriptions to the day: what was paid for later begins, packages begin and end, the subscription ends and then its grace; the host product hears of it. */
export class TurnSubscriptions {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** Repeats are harmless: what has begun is not pending any more, and limits are worked out anew. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    await this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const ids = mine.map((item) => item.ref);
      const [locked, lists] = await Promise.all([
        grants.lockSubscriptionsToTurn(tx, ids),
        contracts.listsOf(tx, ids, 'subscription'),
      ]);
      const catalogue = withContracts(this.parts.catalogue, lists);
      const now = this.parts.clock.now();
      const shaped = locked.map((one) => ({ one, turn: shapeTurn(catalogue, one, now) }));
      const turns = shaped.map(({ turn }) => turn);
      await grants.turnSubscriptions(tx, turns);
      await cancelStaleOrders(tx, turns);
      await followUsage(tx, this.parts, turns);
      if (this.parts.tellsHost) await this.tell(tx, shaped, mine);
      await work.ack(tx, mine);
    });
    return [];
  }

  private async tell(tx: Tx, shaped: readonly Shaped[], items: readonly OwedWork[]): Promise<void> {
    const causes = new Map(items.map((item) => [item.ref, item.id]));
    const access = new AccessNow(this.parts.catalogue, this.parts.clock);
    await oweHostEvents(
      tx,
      shaped.map(({ turn, one: { timeZone } }) => ({
        workspaceId: turn.workspaceId,
        dedupeKey: `turn:${causes.get(turn.subscriptionId) ?? turn.subscriptionId}`,
        type: 'subscription.updated',
        data: hostData(
          { ...turn, access: access.of({ ...turn, timeZone }), limits: JSON.parse(turn.limits) as unknown },
          null,
        ),
      })),
    );
  }
}

const SWEEP_MAX = 500;

/** Owes the turn of every subscription whose time has come. */
export class SweepTurns {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** One chunk; answers how many turns are owed now. */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const ids = await grants.claimTurns(tx, this.clock.now(), SWEEP_MAX);
      await work.owe(tx, seatProvisioningQueue, 'subscription.turn', ids);
      return ids.length;
    });
  }
}
