import { paymentConfirmationQueue } from '@billfleet/contracts';
import type { ReduceSeats as ReduceSeatsBody } from '@billfleet/contracts';
import { civilDateIn, compare, planById, refuseReduction, splitRefund } from '@billfleet/domain';
import type { Currency, RefundPortion } from '@billfleet/domain';
import { grants, management, members, quotes, seatChanges, tenants, work } from '@billfleet/store';
import type { HeldRow, SubscriptionToTurn, Turn, Tx, Workspace } from '@billfleet/store';
import { AccessNow } from './access.js';
import { newId } from './ids.js';
import { changeEvents, emitEvents } from './emit-events.js';
import { oweMails } from './mails.js';
import { nameMembersInUse } from './name-members.js';
import { readRefundQuote } from './refund-quotes.js';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { shapeReduction, shapeTurn } from './shape-grant.js';
import { cancelStaleOrders } from './subscription-changes.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** Fewer seats of a workspace in mid-term, as staff want them, and in whose name. */
export type SeatReductionInput = ReduceSeatsBody & { readonly workspaceId: string; readonly actor: string };

/** What is given back, and to which payments. */
type GivenBack = {
  readonly quoteId: string;
  readonly amountMinor: bigint;
  readonly lines: string;
  readonly portions: readonly RefundPortion[];
};

type Decided = {
  readonly workspace: Workspace;
  readonly before: HeldRow;
  readonly seatsBefore: number;
  readonly turn: Turn;
  readonly givenBack: GivenBack | undefined;
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

  private async reduce(tx: Tx, command: Command<SeatReductionInput>): Promise<FreshOutcome> {
    const decided = await this.decide(tx, command);
    if ('problem' in decided) return decided;
    const { input } = command;
    const { workspace, before, turn, seatsBefore, givenBack } = decided;
    const id = newId();
    const versions = await grants.turnSubscriptions(tx, [turn]);
    const { catalogue, clock } = this.parts;
    const access = new AccessNow(catalogue, clock).of({ ...turn, timeZone: workspace.timeZone });
    emitEvents(
      tx,
      changeEvents({
        ...{ workspaceId: workspace.id, cause: id, orderId: null, by: input.actor, before },
        after: { ...turn, access, limits: JSON.parse(turn.limits) as Record<string, unknown> },
        version: versions.get(workspace.id) ?? 1,
      }),
    );
    await seatChanges.insertSeatChange(tx, {
      ...{ id, subscriptionId: turn.subscriptionId, workspaceId: workspace.id, seatsBefore, seats: input.seats },
      ...{ reason: input.reason, actor: input.actor, currency: workspace.currency },
      ...{ quoteId: givenBack?.quoteId ?? null, refundMinor: givenBack?.amountMinor ?? 0n },
      lines: givenBack?.lines ?? '[]',
    });
    const portions = givenBack?.portions ?? [];
    // Sorted, since ids of the same millisecond are in no order: refunds are shown in the order of the payments.
    const refundIds = portions.map(() => newId()).sort();
    const refunds = portions.map((portion, index) => ({ ...portion, id: refundIds[index] ?? newId() }));
    await seatChanges.oweSeatRefunds(tx, id, refunds);
    await work.owe(
      tx,
      paymentConfirmationQueue,
      'refund.send',
      refunds.map((refund) => refund.id),
    );
    await cancelStaleOrders(tx, [turn]);
    await this.dropPlannedSeats(tx, id, { input, turn, seatsBefore });
    const subject = `workspace ${workspace.id}`;
    await management.noteStaffAction(tx, { actor: input.actor, action: 'seats.reduce', subject, reason: input.reason });
    await this.tell(tx, id, decided);
    return { kind: 'accepted', ref: id };
  }

  /** Fewer seats than there were may have been planned for the next term: as they would be more now, they are not planned any more. */
  private async dropPlannedSeats(
    tx: Tx,
    cause: string,
    { input, turn, seatsBefore: before }: Pick<Decided, 'turn' | 'seatsBefore'> & { input: SeatReductionInput },
  ): Promise<void> {
    const { subscriptionId, workspaceId, seats: left } = turn;
    const planned = await seatChanges.dropPlannedSeats(tx, subscriptionId, { before, left });
    if (planned === undefined) return;
    const data = { ...planned, by: input.actor };
    emitEvents(tx, [{ type: 'subscription.scheduled_change', workspaceId, cause, data }]);
  }

  /** Locks the subscription and decides; whoever reports members or pays for a change waits for it. */
  private async decide(tx: Tx, command: Command<SeatReductionInput>): Promise<Decided | Refused> {
    const { workspaceId, seats } = command.input;
    const workspace = (await tenants.findWorkspaces(tx, [workspaceId])).get(workspaceId);
    const isTheirs = command.actorWorkspaceId === null || command.actorWorkspaceId === workspaceId;
    if (workspace === undefined || !isTheirs) return unknownWorkspace(workspaceId);
    const locked = await management.lockSubscription(tx, workspaceId);
    const [held] = locked === undefined ? [] : await grants.lockSubscriptionsToTurn(tx, [locked.id]);
    const { catalogue, clock } = this.parts;
    const now = clock.now();
    if (held === undefined || compare(held.held.endsOn, civilDateIn(now, held.timeZone)) <= 0) {
      return refuseWithoutTerm(locked !== undefined);
    }
    const { seats: present } = shapeTurn(catalogue, held, now);
    const { inUse = 0 } = (await members.viewSeatUse(tx, workspaceId)) ?? {};
    const fault = refuseReduction({ seats, present, inUse });
    if (fault !== undefined) return refused(fault.code === 'seats_in_use' ? 409 : 422, fault);
    const givenBack = await this.giveBack(tx, command.input, held, now);
    if (givenBack !== undefined && 'problem' in givenBack) return givenBack;
    return {
      workspace,
      seatsBefore: present,
      before: held.held,
      turn: shapeReduction(catalogue, held, seats, now),
      givenBack,
    };
  }

  /** What the quote says, split over the payments of the subscription, newest first. */
  private async giveBack(
    tx: Tx,
    { quoteId, workspaceId, seats }: SeatReductionInput,
    { held }: SubscriptionToTurn,
    now: Date,
  ): Promise<GivenBack | Refused | undefined> {
    if (quoteId === undefined) return undefined;
    const quote = (await quotes.lockQuotes(tx, [quoteId])).get(quoteId);
    const read = readRefundQuote({ quote, workspaceId, held, seats, now });
    if ('problem' in read) return read;
    const split = splitRefund(read.amountMinor, await seatChanges.paymentsLeft(tx, held.id));
    if (split.kind === 'split') return { ...read, portions: split.portions };
    return refused(409, {
      code: 'refund_not_covered',
      field: 'quoteId',
      found: `${read.amountMinor.toString()} minor units to give back, ${split.coveredMinor.toString()} left of the payments at our provider`,
      wanted: 'a reduction without refund, and the money given back by whoever holds it',
    });
  }

  private async tell(tx: Tx, id: string, decided: Decided): Promise<void> {
    await oweMails(tx, [mailOf(id, decided, this.planName(decided.turn.plan))]);
  }

  private planName(planId: string): string {
    return planById(this.parts.catalogue, planId)?.name ?? planId;
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
  { workspace, turn, seatsBefore, givenBack }: Decided,
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
