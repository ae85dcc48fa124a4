import { seatProvisioningQueue } from '@billfleet/contracts';
import { withContracts } from '@billfleet/domain';
import { contracts, grants, work } from '@billfleet/store';
import type { OwedWork, Store } from '@billfleet/store';
import { AccessNow } from './access.js';
import { changeEvents, emitEvents } from './emit-events.js';
import { tellExpired } from './expiry-mails.js';
import { followUsage } from './follow-usage.js';
import { shapeTurn } from './shape-grant.js';
import { cancelStaleOrders } from './subscription-changes.js';
import type { SweepClock } from './sweep-clock.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import type { WorkFailure } from './work-handlers.js';

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
      const { clock } = this.parts;
      const turned = locked.map((one) => ({ one, turn: shapeTurn(catalogue, one, clock.nowOf(one)) }));
      const turns = turned.map(({ turn }) => turn);
      const versions = await grants.turnSubscriptions(tx, turns);
      const access = new AccessNow(catalogue, clock);
      emitEvents(
        tx,
        turned.flatMap(({ one: { held: before, timeZone, clockAt }, turn }) => {
          const version = versions.get(turn.workspaceId) ?? 1;
          const after = {
            ...{ ...turn, access: access.of({ ...turn, timeZone, clockAt }) },
            limits: JSON.parse(turn.limits) as Record<string, unknown>,
          };
          const cause = `${turn.subscriptionId}:${String(version)}`;
          return changeEvents({
            ...{ workspaceId: turn.workspaceId, before, after, version, cause },
            ...{ orderId: null, by: 'payment' },
          });
        }),
      );
      await cancelStaleOrders(tx, turns);
      const ended = turned.filter(({ one, turn }) => one.held.status === 'active' && turn.status === 'expired');
      await tellExpired(
        tx,
        { catalogue, clock },
        ended.map(({ turn }) => turn),
      );
      await followUsage(tx, this.parts, turns);
      await work.ack(tx, mine);
    });
    return [];
  }
}

const SWEEP_MAX = 500;

/** Owes the turn of every subscription whose time has come. */
export class SweepTurns {
  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
  ) {}

  /** One chunk; answers how many turns are owed now. */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const ids = await grants.claimTurns(tx, await this.clock.at(tx), SWEEP_MAX);
      await work.owe(tx, seatProvisioningQueue, 'subscription.turn', ids);
      return ids.length;
    });
  }
}
