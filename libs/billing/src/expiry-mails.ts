import { addDays, decideExpiryNotice, keptUntilOf, planById } from '@billfleet/domain';
import type { Catalogue, CivilDate } from '@billfleet/domain';
import { renewals, tenants, termNotices } from '@billfleet/store';
import type { StoredWorkspace, TermNoticeRow, Tx } from '@billfleet/store';
import { oweMails } from './mails.js';
import type { OwedMail } from './mails.js';
import { RENEWAL_PATH } from './term-mails.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** A subscription whose end has just been noted. `endsOn`: its first day without full use, but for the days of grace. */
export type EndedSubscription = {
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly plan: string;
  readonly seats: number;
  readonly endsOn: CivilDate;
};

/**
 * Owes the mail about each end in the transaction that notes it, and writes down what was decided. An end that is noted long after is left to
 * the warnings about its data.
 */
export async function tellExpired(
  tx: Tx,
  { catalogue, clock }: Pick<ApplyOrdersParts, 'catalogue' | 'clock'>,
  ended: readonly EndedSubscription[],
): Promise<void> {
  if (ended.length === 0) return;
  const workspaceIds = ended.map(({ workspaceId }) => workspaceId);
  const [workspaces, unpaid] = await Promise.all([
    tenants.findWorkspaces(tx, workspaceIds),
    renewals.findUnpaidRenewals(tx, workspaceIds),
  ]);
  const mails: OwedMail[] = [];
  const rows: TermNoticeRow[] = [];
  for (const one of ended) {
    const workspace = workspaces.get(one.workspaceId);
    if (workspace === undefined) continue;
    const now = clock.nowOf(workspace);
    const { graceDays } = catalogue.renewal;
    const notice = decideExpiryNotice(one.endsOn, { now, timeZone: workspace.timeZone, graceDays });
    const isTold = notice.outcome === 'told';
    const { kind, about } = notice;
    rows.push({
      ...{ subscriptionId: one.subscriptionId, workspaceId: one.workspaceId, termEndsOn: one.endsOn, kind, about, now },
      outcome: isTold && workspace.billingEmail === null ? 'no-recipient' : notice.outcome,
      reason: isTold ? null : notice.reason,
    });
    const order = unpaid.get(one.workspaceId);
    if (isTold) mails.push(mailOf(one, { catalogue, workspace, about, payOrderId: order }));
  }
  await termNotices.recordNotices(tx, rows);
  await oweMails(tx, mails);
}

function mailOf(
  { subscriptionId, endsOn, plan, seats }: EndedSubscription,
  given: {
    readonly catalogue: Catalogue;
    readonly workspace: StoredWorkspace;
    readonly about: string;
    readonly payOrderId: string | undefined;
  },
): OwedMail {
  const { catalogue, workspace, about, payOrderId } = given;
  const { graceDays } = catalogue.renewal;
  return {
    ...{ template: 'subscription_expired', workspaceId: workspace.id },
    dedupeKey: `subscription_expired:${subscriptionId}:${endsOn}:${about}`,
    ...{ recipient: workspace.billingEmail, locale: workspace.locale, timeZone: workspace.timeZone },
    facts: {
      workspaceName: workspace.name,
      actionPath: payOrderId === undefined ? RENEWAL_PATH : `/billing/orders/${payOrderId}`,
      planName: planById(catalogue, plan)?.name ?? plan,
      seats,
      endedOn: endsOn,
      ...(graceDays > 0 ? { worksUntil: addDays(endsOn, graceDays) } : {}),
      keptUntil: keptUntilOf(endsOn, catalogue.renewal),
      ...(payOrderId === undefined ? {} : { payOrderId }),
    },
  };
}
