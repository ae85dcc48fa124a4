import type { GrantCustomerCredit } from '@billfleet/contracts';
import { paymentConfirmationQueue } from '@billfleet/contracts';
import { invariant, shareCredits } from '@billfleet/domain';
import { customerCredits, management, refunds, tenants, work } from '@billfleet/store';
import type { Store, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';

/** A credit that staff grant to a workspace, and in whose name. */
export type GrantCreditInput = {
  readonly workspaceId: string;
  readonly grant: GrantCustomerCredit;
  readonly actor: string;
};

/** A credit of which staff withdraw what is left, why, and in whose name. */
export type WithdrawCreditInput = {
  readonly workspaceId: string;
  readonly creditId: string;
  readonly reason: string;
  readonly actor: string;
};

/** Credit that staff promise customers out of goodwill. */
export class CustomerCredits {
  constructor(private readonly store: Store) {}

  /** `ref` is the credit's id. It is in the currency of the workspace. */
  grant(command: Command<GrantCreditInput>): Promise<CommandOutcome> {
    return this.once('customer-credit.grant', command, async (tx, { workspaceId, grant, actor }) => {
      const workspace = (await tenants.holdWorkspaces(tx, [workspaceId])).get(workspaceId);
      if (workspace === undefined) return unknownWorkspace(workspaceId);
      const { currency, reason } = grant;
      if (currency !== workspace.currency) {
        const wanted = `${workspace.currency}, the currency of the workspace`;
        return refused(422, { code: 'credit_currency_differs', field: 'currency', found: currency, wanted });
      }
      const id = newId();
      const amountMinor = BigInt(grant.amountMinor);
      const about = { id, workspaceId, currency: workspace.currency, amountMinor };
      await customerCredits.insertCredit(tx, { ...about, reason, grantedBy: actor });
      const note = { actor, action: 'customer-credit.grant', subject: subjectOf(id), reason };
      const change = { before: null, after: `${grant.amountMinor} ${currency} in minor units are promised` };
      await management.noteStaffAction(tx, { ...note, change });
      return { kind: 'accepted', ref: id };
    });
  }

  /** `ref` is the credit's id. What was paid back stays paid back. */
  withdraw(command: Command<WithdrawCreditInput>): Promise<CommandOutcome> {
    return this.once('customer-credit.withdraw', command, async (tx, { workspaceId, creditId, reason, actor }) => {
      const credit = await customerCredits.lockCredit(tx, creditId);
      if (credit?.workspaceId !== workspaceId) {
        return refused(404, { code: 'not_found', field: 'id', found: creditId, wanted: 'a credit of this workspace' });
      }
      if (credit.leftMinor === '0') {
        const found = credit.withdrawn === null ? 'a credit that was paid back' : 'a credit that was withdrawn';
        return refused(409, { code: 'credit_spent', field: 'id', found, wanted: 'one of which something is left' });
      }
      await customerCredits.withdrawCredit(tx, credit, { actor, reason });
      const subject = subjectOf(creditId);
      const change = { before: `${credit.leftMinor} ${credit.currency} in minor units left`, after: 'nothing left' };
      await management.noteStaffAction(tx, { actor, action: 'customer-credit.withdraw', subject, reason, change });
      return { kind: 'accepted', ref: creditId };
    });
  }

  private async once<Input>(
    operation: string,
    command: Command<Input & { readonly workspaceId: string }>,
    decide: (tx: Tx, input: Input & { readonly workspaceId: string }) => Promise<FreshOutcome>,
  ): Promise<CommandOutcome> {
    const [outcome] = await this.store.transaction((tx) =>
      answerOnce(tx, operation, [command], async ([fresh = command]) => [await decide(tx, fresh.input)]),
    );
    invariant(outcome !== undefined, 'one command has one outcome');
    return outcome;
  }
}

const subjectOf = (creditId: string): string => `customer credit ${creditId}`;

/**
 * Pays open credits of workspaces back out of the payments of orders that were given just now, in the transaction that gave them: each part is a refund out of
 * goodwill, in the name of who granted the credit, with all that belongs to one. An order pays back no more than its price; what is left waits for the next.
 */
export async function payCreditsBack(tx: Tx, orderIds: readonly string[]): Promise<void> {
  const open = await customerCredits.lockCreditsToPayBack(tx, orderIds);
  if (open.length === 0) return;
  const shares = shareCredits(open);
  // Ids of one millisecond have no order of their own; refunds are listed by theirs, and the oldest credit goes back first.
  const refundIds = shares.map(() => newId()).toSorted();
  const parts = shares.map((share, index) => ({ ...share, refundId: refundIds[index] ?? newId() }));
  // Few orders meet a credit, and each refund takes its sale back after the one before it.
  for (const { refundId, id, attemptId, amountMinor, reason: note, grantedBy: actor, orderId } of parts) {
    const derivation = JSON.stringify({ what: 'customer-credit', creditId: id });
    await refunds.oweGoodwill(tx, { id: refundId, attemptId, amountMinor, note, requestedBy: actor, derivation });
    const subject = `order ${orderId}`;
    await management.noteStaffAction(tx, { actor, action: 'order.refund', subject, reason: note });
  }
  await customerCredits.payCreditsBack(tx, parts);
  await work.owe(
    tx,
    paymentConfirmationQueue,
    'refund.send',
    parts.map(({ refundId }) => refundId),
  );
}
