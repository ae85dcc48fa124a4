import { deliveryQueue } from '@billfleet/contracts';
import type { RequestSeatCheck } from '@billfleet/contracts';
import type { Clock } from '@billfleet/platform';
import { seatChecks, work } from '@billfleet/store';
import type { CheckToRequest, Store, Tx } from '@billfleet/store';
import { acceptForWorkspaces } from './provision-workspaces.js';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome } from './requests-once.js';

/** What asking for checks works with. `asksHost`: whether the host product can be asked at all. */
export type SeatChecksParts = { readonly store: Store; readonly clock: Clock; readonly asksHost: boolean };

/** Owes checks of what the host product gives; one that is owed already goes on. */
export async function oweChecks(
  tx: Tx,
  rows: readonly CheckToRequest[],
  now: Date,
  options: { readonly runInMs?: number } = {},
): Promise<void> {
  // The work first: a worker that has it in hand holds its row, and then the one about the check.
  const refs = rows.map(({ workspaceId }) => workspaceId);
  await work.owe(tx, deliveryQueue, 'seats.check', refs, options);
  await seatChecks.requestChecks(tx, rows, now);
}

/** Takes requests to compare what workspaces paid for with what the host product gives. */
export class RequestSeatChecks {
  constructor(private readonly parts: SeatChecksParts) {}

  /** `ref` is the workspace's id. */
  run(commands: readonly Command<RequestSeatCheck>[]): Promise<readonly CommandOutcome[]> {
    const { store, clock, asksHost } = this.parts;
    return store.transaction((tx) =>
      answerOnce(tx, 'seat-check.request', commands, async (fresh) => {
        if (!asksHost) return fresh.map(() => refused(409, NOT_ASKED));
        const outcomes = await acceptForWorkspaces(tx, fresh, (command) => command.input.workspaceId);
        const repairs = new Map<string, boolean>();
        outcomes.forEach((outcome, index) => {
          const repair = fresh[index]?.input.repair ?? false;
          if (outcome.kind === 'accepted') repairs.set(outcome.ref, (repairs.get(outcome.ref) ?? false) || repair);
        });
        const rows = [...repairs].map(([workspaceId, one]) => ({ workspaceId, repairs: one }));
        await oweChecks(tx, rows, clock.now());
        return outcomes;
      }),
    );
  }
}

const NOT_ASKED = {
  code: 'host_not_configured',
  field: 'workspaceId',
  found: 'a fleet that does not know where to ask the host product',
  wanted: 'BILLFLEET_HOST_URL in the configuration',
};

/** Checks that one sweep owes: what is due beyond it waits for the next one, so that the host product is never asked for all at once. */
const SWEEP_MAX = 100;

/** Owes the check of every running subscription once a day, spread over it. */
export class SweepSeatChecks {
  constructor(private readonly parts: SeatChecksParts) {}

  /** One chunk; answers how many checks are owed now. */
  run(): Promise<number> {
    const { store, clock, asksHost } = this.parts;
    if (!asksHost) return Promise.resolve(0);
    return store.transaction(async (tx) => {
      const now = clock.now();
      const due = await seatChecks.claimChecks(tx, now, SWEEP_MAX);
      const rows = due.map((workspaceId) => ({ workspaceId, repairs: true }));
      await oweChecks(tx, rows, now);
      return due.length;
    });
  }
}
