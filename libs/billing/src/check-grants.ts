import { canonicalJson, seatProvisioningQueue } from '@billfleet/contracts';
import { MENDABLE, seatDrifts } from '@billfleet/domain';
import type { SeatDrift } from '@billfleet/domain';
import type { Clock } from '@billfleet/platform';
import { seatChecks, work } from '@billfleet/store';
import type { CheckOutcome, OwedWork, PaidState, Store, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import type { GivenByHost, HostSeats } from './ports.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';

/** What checking grants works with. */
export type CheckGrantsParts = { readonly store: Store; readonly host: HostSeats; readonly clock: Clock };

/** A workspace whose host product has answered, or that needs no answer. */
type Compared = {
  readonly item: OwedWork;
  readonly state: PaidState;
  readonly given: GivenByHost | undefined;
  readonly drifts: readonly SeatDrift[];
};

/** How long the host product gets to take in what it is told again, before it is asked once more. */
const ASK_AGAIN_MS = 1_000;

/**
 * Compares what workspaces paid for with what the host product really gives, keeps each difference, has the host product told again where
 * that can mend it, asks once more, and leaves what is left for people to see.
 */
export class CheckGrants {
  constructor(private readonly parts: CheckGrantsParts) {}

  /** `ref` is the workspace. The host product is asked outside of any transaction; a change in between makes the answer void. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const states = await seatChecks.paidStates(
      this.parts.store,
      items.map((item) => item.ref),
    );
    const failures: WorkFailure[] = [];
    const compared: Compared[] = [];
    await Promise.all(
      items.map(async (item) => {
        const state = states.get(item.ref);
        const outcome = state === undefined ? undefined : await this.compare(item, state);
        if (outcome === undefined) return;
        if ('severity' in outcome) failures.push(outcome);
        else compared.push(outcome);
      }),
    );
    const bad = new Set(failures.map((failure) => failure.id));
    await this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(
        tx,
        items.filter((item) => !bad.has(item.id)),
      );
      const ids = new Set(mine.map((item) => item.id));
      await this.settle(
        tx,
        mine,
        compared.filter(({ item }) => ids.has(item.id)),
      );
    });
    return failures;
  }

  private async compare(item: OwedWork, state: PaidState): Promise<Compared | WorkFailure | undefined> {
    const { plan, seats, seatsInUse, workspaceId } = state;
    if (plan === null) return { item, state, given: undefined, drifts: [] };
    const [untold] = failed([item], 'the host product is still to be told of a change', 'outage');
    if (state.isUntold) return untold;
    const answer = await this.parts.host.ask(workspaceId);
    if (answer.kind === 'given') {
      const { given } = answer;
      return { item, state, given, drifts: seatDrifts({ seats, plan, seatsInUse }, given) };
    }
    const [away] = failed([item], `host product: ${answer.message}`, answer.kind === 'away' ? 'outage' : 'try');
    return away;
  }

  private async settle(tx: Tx, mine: readonly OwedWork[], compared: readonly Compared[]): Promise<void> {
    const now = this.parts.clock.now();
    const fresh = await seatChecks.paidStates(
      tx,
      compared.map(({ state }) => state.workspaceId),
    );
    const isStill = ({ state }: Compared): boolean => isSame(state, fresh.get(state.workspaceId));
    const valid = compared.filter(isStill);
    const repaired = await seatChecks.recordDrifts(
      tx,
      valid.flatMap(({ state, drifts }) =>
        drifts.map((drift) => ({ ...drift, id: newId(), workspaceId: state.workspaceId })),
      ),
      valid.map(({ state }) => state.workspaceId),
      now,
    );
    const toMend = valid.filter(isMendable);
    await seatChecks.countRepairs(tx, refsOf(toMend));
    await work.owe(tx, seatProvisioningQueue, 'workspace.announce', refsOf(toMend));
    const again = [...toMend, ...compared.filter((one) => !isStill(one))].map(({ item }) => item);
    await work.postpone(tx, again, ASK_AGAIN_MS);
    const waits = new Set(again.map((item) => item.id));
    const done = valid.filter(({ item }) => !waits.has(item.id));
    await seatChecks.settleChecks(
      tx,
      done.map((one) => doneOf(one, (repaired.get(one.state.workspaceId) ?? 0) > 0)),
      now,
    );
    // Work about a workspace that is not there has nothing to wait for either.
    await work.ack(
      tx,
      mine.filter((item) => !waits.has(item.id)),
    );
  }
}

const refsOf = (compared: readonly Compared[]): string[] => compared.map(({ item }) => item.ref);

/** Whether nothing has changed since the host product was asked. */
const isSame = (before: PaidState, now: PaidState | undefined): boolean =>
  now?.version === before.version && now.seatsInUse === before.seatsInUse && now.plan === before.plan && !now.isUntold;

/** The host product is told again once per check: what is still wrong after that is for people. */
const isMendable = ({ state, drifts }: Compared): boolean =>
  state.repairs && state.repairsDone === 0 && drifts.some(({ what }) => MENDABLE.includes(what));

function doneOf({ state, given, drifts }: Compared, wasRepaired: boolean) {
  const { workspaceId, plan, seats, seatsInUse, version } = state;
  const settled: CheckOutcome = drifts.length > 0 ? 'drift' : wasRepaired ? 'repaired' : 'matches';
  return {
    workspaceId,
    outcome: given === undefined ? ('no-subscription' as const) : settled,
    paid: plan === null ? null : canonicalJson({ plan, seats, seatsInUse, version }),
    granted: given === undefined ? null : canonicalJson({ ...given }),
  };
}
