import type { Queryable } from '@billfleet/store';
import type { Mutant } from '../../apps/cli/src/commands/chaos.js';
import type { PlanSettings } from './plan.js';

/** Webhooks that come in time book the payment before the mistake can do harm, so for two mutants none comes. */
const NO_WEBHOOKS = { webhookDrop: 2 } as const;

/** A mutant is caught by the faults that it cannot survive; aiming the run at them keeps it short. */
export function narrowFor(mutant: Mutant, settings: PlanSettings): PlanSettings {
  const aimed = { ...settings, musts: [], places: [], faultsPerOrder: 0, providerOdds: {} };
  switch (mutant) {
    case 'new-key-per-try':
      // The charge has happened and its outcome is not committed: the next try must carry the same key.
      return {
        ...aimed,
        ways: ['token'],
        places: [{ point: 'order.after_call' }, { point: 'order.after_call' }],
        providerOdds: NO_WEBHOOKS,
      };
    case 'timeout-is-decline':
      // The payer who is told "declined" pays again with another order.
      return {
        ...aimed,
        ways: ['token'],
        providerOdds: { ...NO_WEBHOOKS, timeoutAfterCharge: 0.8 },
        shareInStep: 0.9,
        holdMs: 6_000,
      };
    case 'commit-then-add':
      // The process dies between its commit and the queue. These apps owe something with nearly every commit, the gateway does not.
      return {
        ...aimed,
        musts: ['redis-wipe'],
        places: [
          { point: 'store.after_commit', app: 'payment-worker' },
          { point: 'store.after_commit', app: 'seat-worker' },
        ],
      };
  }
}

/**
 * The mutant `commit-then-add` as the database sees it: the row is written with the order, but nothing ever brings it back. Its first
 * shout, right after the commit, is the only one, as with a job that is only added to the queue.
 */
export async function forgetWhatIsOwed(db: Queryable): Promise<void> {
  await db.query(`
    create function forget_owed() returns trigger language plpgsql as $$
    begin
      if new.leased and new.generation = 1 then new.due_at := 'infinity'; end if;
      return new;
    end $$`);
  await db.query(`
    create trigger work_forgotten before insert or update on work for each row execute function forget_owed()`);
}
