import type { ReduceSeats as ReduceSeatsBody } from '@billfleet/contracts';
import { civilDateIn, compare, planById, refuseReduction } from '@billfleet/domain';
import type { Currency } from '@billfleet/domain';
import { grants, management, members, seatChanges, tenants } from '@billfleet/store';
import type { Tx } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import { oweMails } from './mails.js';
import { nameMembersInUse } from './name-members.js';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { catalogueOf, giveBackRest, writeReturn } from './return-seats.js';
import type { SeatReturn } from './return-seats.js';
import { shapeReduction, shapeTurn } from './shape-grant.js';
import { cancelStaleOrders } from './subscription-changes.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** Fewer seats of a workspace in mid-term, as staff want them, and in whose name. */
export type SeatReductionInput = ReduceSeatsBody & {
  readonly workspaceId: string;
  readonly actor: string;
  /** The order whose payment gives the money back; left out: the newest payments first. */
  readonly orderId?: string;
};

type Refused = Extract<FreshOutcome, { kind: 'refused' }>;

/** Takes seats back in the middle of a term, with a reason and, if staff say so, the money for the rest of their time. */
export class ReduceSeats {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** `ref` is the id of the change. The new number holds at once and is never below the seats in use. */
  async run(command: Command<SeatReductionInput>): Promise<CommandOutcome> {
    const { store } = this.parts;
    const [outcome] = await store.transaction((tx) =>
      answerOnce(tx, 'seats.reduce', [command], async (fresh) => {
        const outcomes: FreshOutcome[] = [];
        for (const one of fresh) outcomes.push(await this.reduce(tx, one));
        return outcomes;
      }),
    );
    const { workspaceId } = command.input;
    if (outcome === undefined) return unknownWorkspace(workspaceId);
    if (outcome.kind === 'accepted') return outcome;
    const [problem = outcome.problem] = await nameMembersInUse(store, [{ workspaceId, problem: outcome.problem }]);
    return { kind: 'refused', problem };
  }

  /** The same inside the transaction of whoever decides it. */
  async reduce(tx: Tx, command: Command<SeatReductionInput>): Promise<FreshOutcome> {
    const decided = await this.decide(tx, command);
    if ('problem' in decided) return decided;
    const id = await writeReturn(tx, this.parts, decided);
    await cancelStaleOrders(tx, [decided.turn]);
    await dropPlannedSeats(tx, id, decided);
    const { plan } = decided.turn;
    await oweMails(tx, [mailOf(id, decided, planById(this.parts.catalogue, plan)?.name ?? plan)]);
    return { kind: 'accepted', ref: id };
  }

  /** Locks the subscription and decides; whoever reports members or pays for a change waits for it. */
  private async decide(tx: Tx, command: Command<SeatReductionInput>): Promise<SeatReturn | Refused> {
    const { workspaceId, seats, reason, actor } = command.input;
    const workspace = (await tenants.findWorkspaces(tx, [workspaceId])).get(workspaceId);
    const isTheirs = command.actorWorkspaceId === null || command.actorWorkspaceId === workspaceId;
    if (workspace === undefined || !isTheirs) return unknownWorkspace(workspaceId);
    const locked = await management.lockSubscription(tx, workspaceId);
    const [held] = locked === undefined ? [] : await grants.lockSubscriptionsToTurn(tx, [locked.id]);
    const now = this.parts.clock.nowOf(workspace);
    if (held === undefined || compare(held.held.endsOn, civilDateIn(now, held.timeZone)) <= 0) {
      return refuseWithoutTerm(locked !== undefined);
    }
    const catalogue = await catalogueOf(tx, this.parts.catalogue, workspaceId);
    const { seats: present } = shapeTurn(catalogue, held, now);
    const { inUse = 0 } = (await members.viewSeatUse(tx, workspaceId)) ?? {};
    const fault = refuseReduction({ seats, present, inUse });
    if (fault !== undefined) return refused(fault.code === 'seats_in_use' ? 409 : 422, fault);
    const givenBack = await giveBackRest(tx, command.input, held, now);
    if (givenBack !== undefined && 'problem' in givenBack) return givenBack;
    return {
      ...{ workspace, before: held.held, turn: shapeReduction(catalogue, held, seats, now) },
      ...{ seatsBefore: present, givenBack, action: 'seats.reduce', reason, actor },
    };
  }
}

function refuseWithoutTerm(wasThere: boolean): Refused {
  return refused(409, {
    code: wasThere ? 'subscription_ended' : 'subscription_missing',
    field: 'workspaceId',
    found: wasThere ? 'a subscription without paid days that are left' : 'a workspace that never had a subscription',
    wanted: 'a running subscription',
  });
}

function mailOf(
  id: string,
  { workspace, turn, seatsBefore, givenBack }: SeatReturn,
  planName: string,
): Parameters<typeof oweMails>[1][number] {
  const money = (amountMinor: bigint, currency: Currency) => ({ amountMinor: amountMinor.toString(), currency });
  return {
    template: 'seats_reduced',
    workspaceId: workspace.id,
    dedupeKey: `seats_reduced:${id}`,
    recipient: workspace.billingEmail,
    locale: workspace.locale,
    timeZone: workspace.timeZone,
    facts: {
      workspaceName: workspace.name,
      actionPath: '/billing/plan',
      planName,
      seatsBefore,
      seats: turn.seats,
      endsOn: turn.endsOn,
      ...(givenBack === undefined ? {} : { amount: money(givenBack.amountMinor, workspace.currency) }),
    },
  };
}

/** Fewer seats than there were may have been planned for the next term: as they would be more now, they are not planned any more. */
async function dropPlannedSeats(
  tx: Tx,
  cause: string,
  { turn, seatsBefore: before, actor }: SeatReturn,
): Promise<void> {
  const { subscriptionId, workspaceId, seats: left } = turn;
  const planned = await seatChanges.dropPlannedSeats(tx, subscriptionId, { before, left });
  if (planned === undefined) return;
  emitEvents(tx, [{ type: 'subscription.scheduled_change', workspaceId, cause, data: { ...planned, by: actor } }]);
}
