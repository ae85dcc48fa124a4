import type { CloseSubscription } from '@billfleet/contracts';
import { planById } from '@billfleet/domain';
import { grants, management, orderPayments, renewals, tenants } from '@billfleet/store';
import type { SubscriptionToTurn, Tx, Workspace } from '@billfleet/store';
import { refuseClosed } from './closed-subscription.js';
import { emitEvents } from './emit-events.js';
import { oweMails } from './mails.js';
import { cancelOrders } from './place-orders.js';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { giveBackRest, writeReturn } from './return-seats.js';
import type { SeatReturn } from './return-seats.js';
import { shapeClosure } from './shape-grant.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** A subscription that staff close, why, and in whose name. */
export type ClosingInput = Omit<CloseSubscription, 'refund'> & {
  readonly workspaceId: string;
  readonly actor: string;
  /** The order whose payment gives the money back; left out: the newest payments first. */
  readonly orderId?: string;
};

type Refused = Extract<FreshOutcome, { kind: 'refused' }>;

/**
 * Closes subscriptions for good, and gives the whole rest back where a quote says how much. From then on the workspace can only be billed
 * for what was: nothing renews, unpaid orders are cancelled, and money that still comes goes back.
 */
export class CloseSubscriptions {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** `ref` is the id of the closing, which is a change of all seats. */
  async run(command: Command<ClosingInput>): Promise<CommandOutcome> {
    const [outcome] = await this.parts.store.transaction((tx) =>
      answerOnce(tx, 'subscription.close', [command], async (fresh) => {
        const outcomes: FreshOutcome[] = [];
        for (const { input, actorWorkspaceId } of fresh) {
          const isTheirs = actorWorkspaceId === null || actorWorkspaceId === input.workspaceId;
          outcomes.push(isTheirs ? await this.close(tx, input) : unknownWorkspace(input.workspaceId));
        }
        return outcomes;
      }),
    );
    return outcome ?? unknownWorkspace(command.input.workspaceId);
  }

  /** The same inside the transaction of whoever decides it. Members do not keep a subscription open: they lose their seats. */
  async close(tx: Tx, input: ClosingInput): Promise<FreshOutcome> {
    const { workspaceId, reason, actor } = input;
    const workspace = (await tenants.findWorkspaces(tx, [workspaceId])).get(workspaceId);
    if (workspace === undefined) return unknownWorkspace(workspaceId);
    const locked = await management.lockSubscription(tx, workspaceId);
    const [held] = locked === undefined ? [] : await grants.lockSubscriptionsToTurn(tx, [locked.id]);
    const fault = refuseClosing(locked !== undefined, held);
    if (fault !== undefined || held === undefined) return fault ?? unknownWorkspace(workspaceId);
    const now = this.parts.clock.nowOf(workspace);
    const givenBack = await giveBackRest(tx, { ...input, seats: 0 }, held, now);
    if (givenBack !== undefined && 'problem' in givenBack) return givenBack;
    const turn = shapeClosure(this.parts.catalogue, held, now);
    const closing: SeatReturn = {
      ...{ workspace, before: held.held, turn, seatsBefore: held.held.seats, givenBack },
      ...{ action: 'subscription.close', reason, actor },
    };
    const id = await writeReturn(tx, this.parts, closing);
    const { plan, seats, endsOn } = held.held;
    emitEvents(tx, [{ type: 'subscription.closed', workspaceId, cause: id, data: { plan, seats, endsOn, by: actor } }]);
    const unpaid = await orderPayments.lockUnpaidOrders(tx, workspaceId);
    await renewals.detachOrders(tx, unpaid);
    await cancelOrders(tx, unpaid, 'the subscription was closed');
    await oweMails(tx, [mailOf(id, closing, planById(this.parts.catalogue, plan)?.name ?? plan)]);
    return { kind: 'accepted', ref: id };
  }
}

function refuseClosing(wasThere: boolean, held: SubscriptionToTurn | undefined): Refused | undefined {
  if (!wasThere) {
    return refused(409, {
      code: 'subscription_missing',
      field: 'workspaceId',
      found: 'a workspace that never had a subscription',
      wanted: 'a subscription that can be closed',
    });
  }
  if (held === undefined) return refuseClosed('workspaceId');
  const [next] = held.pending;
  if (next === undefined) return undefined;
  return refused(409, {
    code: 'next_term_differs',
    field: 'workspaceId',
    found: `a paid term from ${next.startsOn} on with ${next.plan} and ${String(next.seats)} seats`,
    wanted: `the same wish from ${next.startsOn} on`,
  });
}

function mailOf(
  id: string,
  { workspace, before, givenBack }: SeatReturn,
  planName: string,
): Parameters<typeof oweMails>[1][number] {
  const amount = givenBack && { amountMinor: givenBack.amountMinor.toString(), currency: workspace.currency };
  return {
    ...{ template: 'subscription_closed', workspaceId: workspace.id, dedupeKey: `subscription_closed:${id}` },
    ...addressOf(workspace),
    facts: {
      ...{ workspaceName: workspace.name, actionPath: '/billing/orders', planName, seats: before.seats },
      ...(amount === undefined ? {} : { amount }),
    },
  };
}

const addressOf = ({ billingEmail: recipient, locale, timeZone }: Workspace) => ({ recipient, locale, timeZone });
