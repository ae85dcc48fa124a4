import { canonicalJson, paymentConfirmationQueue } from '@billfleet/contracts';
import type { RecordPaymentConfirmation } from '@billfleet/contracts';
import { notices, StartOverError, tenants, work } from '@billfleet/store';
import type { Notice, Store, Tx } from '@billfleet/store';
import { seenFromClaims } from './confirm-payments.js';
import { newId } from './ids.js';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { decidedAbout, settlePayments } from './settle-payments.js';
import type { Settlement } from './settle-payments.js';

/** What cannot be booked at once: the notice's own work row tries again, or waits for a person. */
const LEFT_TO_WORK: ReadonlySet<Settlement> = new Set(['unknown_attempt', 'mismatch', 'second_payment']);

type Fresh = Command<RecordPaymentConfirmation>;
type Refusal = Extract<FreshOutcome, { readonly kind: 'refused' }>;

/** Takes note of payments that upstream services report, and owes the work that applies them. */
export class RecordConfirmations {
  /**
   * @param options.booksAtOnce whether money that the reporting service collected itself is booked in the same transaction: the payment worker
   *   does, the gateway leaves it to the worker.
   */
  constructor(
    private readonly store: Store,
    private readonly options: { readonly booksAtOnce: boolean },
  ) {}

  /**
   * Outcomes are in the order of the commands; `ref` is the notice's id. A reference is recorded once for ever: the same payment told again
   * leads to the first notice, another payment under a used reference is refused.
   */
  run(commands: readonly Fresh[]): Promise<readonly CommandOutcome[]> {
    return this.store.transaction((tx) =>
      answerOnce(tx, 'payment-confirmation.record', commands, (fresh) => this.record(tx, fresh)),
    );
  }

  private async record(tx: Tx, commands: readonly Fresh[]): Promise<readonly FreshOutcome[]> {
    const workspaces = await tenants.findWorkspaces(
      tx,
      commands.map((command) => command.input.workspaceId),
    );
    const wanted = commands.map(
      (command): Notice | Refusal =>
        checkActor(command, workspaces.has(command.input.workspaceId)) ?? noticeOf(command),
    );
    const rows = wanted.flatMap((one) => ('kind' in one ? [] : [one]));
    const fresh = await notices.insertNotices(tx, rows);
    const added = rows.filter((row) => fresh.has(row.id));
    const repeated = rows.filter((row) => !fresh.has(row.id));
    // Only an upstream service's own references can repeat, since the event id of a hint is new each time.
    const first = await notices.findNoticesByEvent(
      tx,
      'upstream',
      repeated.map((row) => row.eventId),
    );
    const booked = this.options.booksAtOnce ? await this.book(tx, added) : new Set<string>();
    await work.owe(
      tx,
      paymentConfirmationQueue,
      'notice.apply',
      added.map((row) => row.id).filter((id) => !booked.has(id)),
    );
    return wanted.map((one): FreshOutcome => {
      if ('kind' in one) return one;
      return fresh.has(one.id) ? { kind: 'accepted', ref: one.id } : repeatOf(one, first.get(one.eventId));
    });
  }

  /** Books what can be booked now; a notice whose order is not there yet, or that does not fit it, is left to its own work row. */
  private async book(tx: Tx, added: readonly Notice[]): Promise<ReadonlySet<string>> {
    const claims = await seenFromClaims(tx, added);
    const settled = await settlePayments(tx, [...claims.values()]);
    const decided = decidedAbout([...claims.values()]);
    const done = [...claims].flatMap(([noticeId, seen]) => {
      const outcome = decided.has(seen) ? settled.get(seen.attemptId) : undefined;
      return outcome === undefined || LEFT_TO_WORK.has(outcome) ? [] : [{ id: noticeId, outcome }];
    });
    await notices.settleNotices(tx, done);
    return new Set(done.map((one) => one.id));
  }
}

/** What becomes of a confirmation whose reference is recorded already. */
function repeatOf(told: Notice, first: Notice | undefined): FreshOutcome {
  if (first === undefined) throw new StartOverError(`the reference ${told.reference} was there and is gone`);
  if (first.workspaceId === told.workspaceId && claimText(first) === claimText(told))
    return { kind: 'accepted', ref: first.id };
  return refused(409, {
    code: 'reference_used',
    field: 'reference',
    found: told.reference,
    wanted: 'a reference of its own for each payment: this one was recorded with other content',
  });
}

/** Equal for equal claims; one instant may be written in several ways. */
const claimText = ({ claim }: Notice): string =>
  canonicalJson(claim === null ? null : { ...claim, paidAt: Date.parse(claim.paidAt) });

function checkActor(
  { input, actorWorkspaceId, mayCollect = actorWorkspaceId === null }: Fresh,
  isKnown: boolean,
): Refusal | undefined {
  if (!isKnown || (actorWorkspaceId !== null && actorWorkspaceId !== input.workspaceId)) {
    return refused(404, {
      code: 'workspace_unknown',
      field: 'workspaceId',
      found: input.workspaceId,
      wanted: 'the id of a workspace that this key may touch',
    });
  }
  if (input.provider === 'upstream' && !mayCollect) {
    return refused(403, {
      code: 'confirmation_not_allowed',
      field: 'provider',
      found: 'upstream',
      wanted: 'the role service or operator: others cannot say that money arrived',
    });
  }
  return undefined;
}

const noticeOf = ({ input, source }: Fresh): Notice => {
  const base = {
    id: newId(),
    provider: input.provider,
    source,
    workspaceId: input.workspaceId,
    attemptId: null,
    reference: input.reference,
  };
  if (input.provider !== 'upstream') {
    // A hint may be given many times; each is looked up. The id keeps it apart from the provider's own events.
    return { ...base, eventId: `hint:${base.id}`, claim: null };
  }
  const order =
    'orderId' in input.order
      ? { orderId: input.order.orderId, orderKey: null }
      : { orderId: null, orderKey: input.order.orderKey };
  return {
    ...base,
    eventId: input.reference,
    claim: { ...order, amountMinor: input.amountMinor, currency: input.currency, paidAt: input.paidAt },
  };
};
