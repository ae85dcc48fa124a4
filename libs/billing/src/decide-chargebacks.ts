import type { DecideChargeback } from '@billfleet/contracts';
import { chargebacks, management } from '@billfleet/store';
import type { ChargebackView, Problem, Tx } from '@billfleet/store';
import { CloseSubscriptions } from './close-subscriptions.js';
import { refused } from './requests-once.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** What became of a decision, or why it was not taken. */
export type DecisionOutcome =
  { readonly kind: 'decided' } | { readonly kind: 'unknown' } | { readonly kind: 'refused'; readonly problem: Problem };

/** Takes the decisions of staff about workspaces whose payments a bank took back. Until then they go on, without automatic renewal. */
export class DecideChargebacks {
  private readonly closings: CloseSubscriptions;

  constructor(private readonly parts: ApplyOrdersParts) {
    this.closings = new CloseSubscriptions(parts);
  }

  /** A repeat of the same decision changes nothing; another one is refused. A subscription that is closed already stays as it is. */
  run(id: string, { decision, reason }: DecideChargeback, actor: string): Promise<DecisionOutcome> {
    return this.parts.store.transaction(async (tx): Promise<DecisionOutcome> => {
      const found = await chargebacks.lockChargeback(tx, id);
      if (found === undefined) return { kind: 'unknown' };
      if (found.decision !== null) {
        return found.decision.decision === decision ? { kind: 'decided' } : refuseDecided(found.decision);
      }
      if (decision === 'close') {
        const fault = await this.close(tx, found, reason, actor);
        if (fault !== undefined) return fault;
      }
      await chargebacks.decideChargeback(tx, { id, decision, by: actor, reason, at: this.parts.clock.nowOf(found) });
      const subject = `chargeback ${id}`;
      const change = { before: 'undecided', after: decision };
      await management.noteStaffAction(tx, { actor, action: `chargeback.${decision}`, subject, reason, change });
      return { kind: 'decided' };
    });
  }

  private async close(
    tx: Tx,
    { workspaceId }: ChargebackView,
    reason: string,
    actor: string,
  ): Promise<Extract<DecisionOutcome, { kind: 'refused' }> | undefined> {
    const outcome = await this.closings.close(tx, { workspaceId, reason, actor });
    if (outcome.kind === 'accepted' || outcome.problem.code === 'subscription_closed') return undefined;
    // An order that was charged back before it gave anything leaves nothing to close.
    return outcome.problem.code === 'subscription_missing' ? undefined : outcome;
  }
}

function refuseDecided({ decision, by }: NonNullable<ChargebackView['decision']>) {
  return refused(409, {
    code: 'chargeback_decided',
    field: 'decision',
    found: `${decision}, decided by ${by}`,
    wanted: 'the same decision, or none',
  });
}
