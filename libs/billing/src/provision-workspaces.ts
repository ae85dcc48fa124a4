import { seatProvisioningQueue } from '@billfleet/contracts';
import type { RequestSeatProvisioning } from '@billfleet/contracts';
import { orders, subscriptions, tenants, work } from '@billfleet/store';
import type { OwedWork, Store, Tx } from '@billfleet/store';
import type { AccessNow } from './access.js';
import { emitEvents } from './emit-events.js';
import { answerOnce, unknownWorkspace } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import type { WorkFailure } from './work-handlers.js';

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
      : unknownWorkspace(workspaceId);
  });
}

/** Applies whatever a workspace has paid for and tells the host product its present state again. */
export class AnnounceWorkspaces {
  constructor(
    private readonly store: Store,
    private readonly access: AccessNow,
  ) {}

  /** Repeats are harmless: what is applied already stays, and the host product is told the same again. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    await this.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const ids = mine.map((item) => item.ref);
      await work.owe(tx, seatProvisioningQueue, 'order.apply', await orders.paidOrdersOf(tx, ids));
      await this.tell(tx, mine);
      await work.ack(tx, mine);
    });
    return [];
  }

  private async tell(tx: Tx, items: readonly OwedWork[]): Promise<void> {
    const views = await subscriptions.viewManyEntitlements(
      tx,
      items.map((item) => item.ref),
    );
    emitEvents(
      tx,
      items.flatMap((item) => {
        const view = views.get(item.ref);
        if (view === undefined) return [];
        const { workspaceId, ...state } = this.access.on(view);
        return [
          {
            ...{ type: 'subscription.changed' as const, workspaceId, cause: `announce:${item.id}` },
            data: { ...state, orderId: null },
          },
        ];
      }),
    );
  }
}
