import { addDays, keptUntilOf, planById } from '@billfleet/domain';
import type { Catalogue, DecidedNotice, RenewalMoments } from '@billfleet/domain';
import type { RenewalToDecide, SubscriptionFacts, TermNoticeRow, Workspace } from '@billfleet/store';
import type { OwedMail } from './mails.js';

/** What notices about the end of a term are written from. */
export type TermMailFacts = {
  readonly one: RenewalToDecide;
  readonly workspace: Workspace;
  readonly held: SubscriptionFacts;
  readonly catalogue: Catalogue;
  readonly moments: RenewalMoments;
  readonly now: Date;
};

/** The card of a stored method as people know it: another one that looks the same is the same to them. */
export function cardAbout({ method }: RenewalToDecide): string {
  return method === null ? '' : `${method.brand} ${method.last4} ${method.expiresOn}`;
}

/** What is written down about notices that were decided. */
export function noticeRows(
  { one, workspace, now }: TermMailFacts,
  notices: readonly DecidedNotice[],
): readonly TermNoticeRow[] {
  const { id: subscriptionId, workspaceId, endsOn: termEndsOn } = one;
  return notices.map((notice) => ({
    ...{ subscriptionId, workspaceId, termEndsOn, kind: notice.kind, about: notice.about, now },
    outcome: notice.outcome === 'told' && workspace.billingEmail === null ? 'no-recipient' : notice.outcome,
    reason: notice.outcome === 'suppressed' ? notice.reason : null,
  }));
}

/** The mails of those notices that are told. They leave by day, and not when they would not be true any more. */
export function noticeMails(facts: TermMailFacts, notices: readonly DecidedNotice[]): readonly OwedMail[] {
  return notices.flatMap((notice) => {
    if (notice.outcome !== 'told') return [];
    return [notice.kind === 'card-expiring' ? cardMail(facts) : dataMail(facts, notice.about)];
  });
}

function cardMail(facts: TermMailFacts): OwedMail {
  const { one, catalogue, moments, held } = facts;
  const { endsOn, method } = one;
  const last4 = method?.last4 ?? '';
  return {
    ...addressOf(facts),
    template: 'card_expiring',
    dedupeKey: `card_expiring:${one.id}:${endsOn}:${cardAbout(one)}`,
    facts: {
      ...{ workspaceName: facts.workspace.name, actionPath: METHOD_PATH },
      planName: planNameOf(catalogue, held.plan),
      method: { kind: 'card', ...(last4 === '' ? {} : { last4 }) },
      expiresIn: method?.expiresOn,
      chargesOn: addDays(endsOn, -catalogue.renewal.chargeDays),
      endsOn,
    },
    byDay: { ...catalogue.renewal.mailHours, goodUntil: moments.chargeAt },
  };
}

function dataMail(facts: TermMailFacts, days: string): OwedMail {
  const { one, catalogue, moments, held } = facts;
  const next = moments.warnings.find(({ days: left }) => left < Number(days));
  return {
    ...addressOf(facts),
    template: 'data_ending',
    dedupeKey: `data_ending:${one.id}:${one.endsOn}:${days}`,
    facts: {
      ...{ workspaceName: facts.workspace.name, actionPath: RENEWAL_PATH },
      planName: planNameOf(catalogue, held.plan),
      endedOn: one.endsOn,
      keptUntil: keptUntilOf(one.endsOn, catalogue.renewal),
    },
    byDay: { ...catalogue.renewal.mailHours, goodUntil: next?.at ?? moments.keptUntil },
  };
}

const addressOf = ({
  workspace,
}: TermMailFacts): Pick<OwedMail, 'workspaceId' | 'recipient' | 'locale' | 'timeZone'> => ({
  ...{ workspaceId: workspace.id, recipient: workspace.billingEmail },
  ...{ locale: workspace.locale, timeZone: workspace.timeZone },
});

/** Where the next term is bought. Links of mails lead to the very step that they speak of. */
export const RENEWAL_PATH = '/billing/change?kind=renewal';
const METHOD_PATH = '/billing/plan?action=update-method';

const planNameOf = (catalogue: Catalogue, plan: string): string => planById(catalogue, plan)?.name ?? plan;
