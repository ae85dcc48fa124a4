import type { GiveRefundOutside } from '@billfleet/contracts';
import { paymentConfirmationQueue } from '@billfleet/contracts';
import { invariant } from '@billfleet/domain';
import { books, chargebacks, management, refunds, work } from '@billfleet/store';
import type { RefundView, Store, Tx } from '@billfleet/store';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { bookGiven } from './settle-refunds.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** A refund that staff have tried again, why, and in whose name. */
export type RetryRefundInput = {
  readonly workspaceId: string;
  readonly refundId: string;
  readonly reason: string;
  readonly actor: string;
};

/** A refund that was given in another way than through the provider, with its proof. */
export type GivenOutsideInput = Omit<RetryRefundInput, 'reason'> & { readonly given: GiveRefundOutside };

type Refused = Extract<FreshOutcome, { kind: 'refused' }>;

/** What staff do about refunds that wait for a person: have them tried again, or record that they were given outside. */
export class RefundsByHand {
  constructor(
    private readonly store: Store,
    private readonly clock: WorkspaceClock,
  ) {}

  /** Has the provider asked again; `ref` is the refund's id. One that it has failed for good is asked for under a new key. */
  retry(command: Command<RetryRefundInput>): Promise<CommandOutcome> {
    return this.once('refund.retry', command, async (tx, { workspaceId, refundId, reason, actor }) => {
      const refund = await refunds.lockRefund(tx, refundId);
      if (refund?.workspaceId !== workspaceId) return refuseUnknown(refundId);
      const fault = refuseRetry(refund, await chargebacks.blockedAttempts(tx, [refund.attemptId]));
      if (fault !== undefined) return fault;
      const isReopened = await refunds.reopenRefund(tx, refundId);
      invariant(isReopened, `the refund ${refundId} was locked as failed and is not`);
      await work.owe(tx, paymentConfirmationQueue, 'refund.send', [refundId]);
      const change = { before: 'failed', after: 'asked for again' };
      const subject = `refund ${refundId}`;
      await management.noteStaffAction(tx, { actor, action: 'refund.retry', subject, reason, change });
      return { kind: 'accepted', ref: refundId };
    });
  }

  /** Books a refund as given by whoever could; `ref` is its id. Its payer and the host product hear of it as of any other. */
  giveOutside(command: Command<GivenOutsideInput>): Promise<CommandOutcome> {
    return this.once('refund.give-outside', command, async (tx, { workspaceId, refundId, given, actor }) => {
      const view = await refunds.lockRefund(tx, refundId);
      if (view?.workspaceId !== workspaceId) return refuseUnknown(refundId);
      const partner = given.partner ?? null;
      const usedFor = await refunds.refundOfProof(tx, partner, given.proof.reference);
      const frozen = (await chargebacks.isInHand(tx, view.attemptId)) ? FROZEN : undefined;
      const fault =
        refuseNotWaiting(view) ?? refuseGiven(given, view, this.clock.nowOf(view)) ?? refuseProof(usedFor) ?? frozen;
      if (fault !== undefined) return fault;
      const { proof, currency, amountMinor, givenAt, reason } = given;
      await refunds.insertOutside(tx, {
        ...{ refundId, workspaceId, partner, currency, reason, recordedBy: actor, amountMinor: BigInt(amountMinor) },
        ...{ proofKind: proof.kind, proofReference: proof.reference, proofNote: proof.note ?? null },
        givenAt: new Date(givenAt),
      });
      const refund = (await books.findRefunds(tx, [refundId])).get(refundId);
      invariant(refund !== undefined, `the refund ${refundId} was locked and is gone`);
      const isOurs = !refunds.HELD_OUTSIDE.some((holder) => holder === refund.provider);
      await bookGiven(tx, [{ refund, reference: refundId, ...(isOurs ? { givenBy: 'offline' } : {}) }]);
      await work.forget(tx, paymentConfirmationQueue, 'refund.send', [refundId]);
      const subject = `refund ${refundId}`;
      const change = { before: 'owed', after: 'given outside' };
      await management.noteStaffAction(tx, { actor, action: 'refund.give-outside', subject, reason, change });
      return { kind: 'accepted', ref: refundId };
    });
  }

  private async once<Input extends { readonly workspaceId: string }>(
    operation: string,
    command: Command<Input>,
    decide: (tx: Tx, input: Input) => Promise<FreshOutcome>,
  ): Promise<CommandOutcome> {
    const [outcome] = await this.store.transaction((tx) =>
      answerOnce(tx, operation, [command], async ([fresh = command]) => [await decide(tx, fresh.input)]),
    );
    invariant(outcome !== undefined, 'one command has one outcome');
    return outcome;
  }
}

const refuseUnknown = (refundId: string): Refused =>
  refused(404, { code: 'not_found', field: 'id', found: refundId, wanted: 'a refund of this workspace' });

function refuseRetry(refund: RefundView, blocked: ReadonlySet<string>): Refused | undefined {
  if (refund.status !== 'failed') {
    const wanted = refund.needsPerson ? 'word that whoever holds the money gave it back' : 'one that has failed';
    return refused(409, { code: 'refund_not_failed', field: 'id', found: `a refund that is ${refund.status}`, wanted });
  }
  return blocked.has(refund.attemptId) ? FROZEN : undefined;
}

/** Whoever gives back what a bank may give back too has given it twice. */
const FROZEN = refused(409, {
  code: 'chargeback_open',
  field: 'id',
  found: 'a payment that its bank has in hand, or took back',
  wanted: 'a payment that the bank leaves to us',
});

function refuseNotWaiting({ status, needsPerson }: RefundView): Refused | undefined {
  if (needsPerson) return undefined;
  return refused(409, {
    code: 'refund_not_waiting',
    field: 'id',
    found: `a refund that is ${status}`,
    wanted: 'one that has failed, or whose money is held outside of the provider',
  });
}

/** Money in the refund's own currency must be its amount; what was agreed in another currency is for people to judge. */
function refuseGiven(
  { amountMinor, currency, givenAt }: GiveRefundOutside,
  refund: RefundView,
  now: Date,
): Refused | undefined {
  if (new Date(givenAt) > now) {
    const wanted = 'a moment that has passed';
    return refused(422, { code: 'given_in_future', field: 'givenAt', found: givenAt, wanted });
  }
  if (currency !== refund.currency || amountMinor === refund.amountMinor) return undefined;
  const wanted = `${refund.amountMinor} ${refund.currency}, the amount of the refund`;
  return refused(422, { code: 'amount_differs', field: 'amountMinor', found: `${amountMinor} ${currency}`, wanted });
}

function refuseProof(usedFor: string | undefined): Refused | undefined {
  if (usedFor === undefined) return undefined;
  return refused(409, {
    code: 'proof_used',
    field: 'proof.reference',
    found: `the proof of refund ${usedFor}`,
    wanted: 'a reference of its own for each payment of a partner',
  });
}
