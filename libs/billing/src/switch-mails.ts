import { addDays, civilDateIn, compare, invariant, planById } from '@billfleet/domain';
import type { Catalogue, CivilDate } from '@billfleet/domain';
import { management, tenants } from '@billfleet/store';
import type { Tx } from '@billfleet/store';
import { oweMails } from './mails.js';
import type { OwedMail } from './mails.js';

/** Somebody as mails name him; `by` is what is kept of who asked: `person <id>`, `key <name>`, or in words. */
export function doerOf(by: string): { readonly kind: 'person' | 'key' | 'other'; readonly name: string } {
  // Customers are told that it was our support; whose name it was is kept for us.
  if (by.startsWith('staff ')) return { kind: 'other', name: 'support' };
  const [, kind, name] = /^(person|key) (.+)$/s.exec(by) ?? [];
  return kind === undefined || name === undefined
    ? { kind: 'other', name: by }
    : { kind: kind as 'person' | 'key', name };
}

/** The day on which the end of a term is charged by itself: that of the rules, or today where it has passed. */
export function chargesOn(endsOn: CivilDate, { renewal }: Catalogue, today: CivilDate): CivilDate {
  const day = addDays(endsOn, -renewal.chargeDays);
  return compare(day, today) < 0 ? today : day;
}

/** Owes the mail about automatic renewal that was just switched. `version`: that of the subscription since then, by which it is told of once. */
export async function tellSwitched(
  tx: Tx,
  change: {
    readonly workspaceId: string;
    readonly on: boolean;
    readonly by: string;
    readonly version: number;
    readonly catalogue: Catalogue;
    readonly now: Date;
  },
): Promise<void> {
  const { workspaceId, on, by, version, catalogue, now } = change;
  const [workspaces, held] = await Promise.all([
    tenants.findWorkspaces(tx, [workspaceId]),
    management.viewSubscription(tx, workspaceId),
  ]);
  const workspace = workspaces.get(workspaceId);
  invariant(workspace !== undefined && held !== undefined, `the subscription of ${workspaceId} was there and is gone`);
  const { endsOn, plan, seats } = held;
  const today = civilDateIn(now, workspace.timeZone);
  // After the days of grace nothing is charged for the term that ended.
  const isOver = compare(today, addDays(endsOn, catalogue.renewal.graceDays)) >= 0;
  const [stored] = held.paymentMethods;
  const method = { kind: stored?.method ?? 'card', ...last4Of(stored?.last4 ?? '') };
  const charge = isOver ? { method } : { method, chargesOn: chargesOn(endsOn, catalogue, today) };
  await oweMails(tx, [
    {
      ...{
        template: 'auto_renewal_switched',
        workspaceId,
        dedupeKey: `auto_renewal:${workspaceId}:${String(version)}`,
      },
      ...{ recipient: workspace.billingEmail, locale: workspace.locale, timeZone: workspace.timeZone },
      facts: {
        ...{ is: on ? 'on' : 'off', workspaceName: workspace.name, actionPath: '/billing/plan' },
        ...{ planName: planById(catalogue, plan)?.name ?? plan, seats, endsOn },
        ...{ by: doerOf(by), switchedAt: now.toISOString() },
        ...(on ? charge : {}),
      },
    },
  ]);
}

const last4Of = (last4: string): { last4?: string } => (last4 === '' ? {} : { last4 });

/** A method as the mail about it shows it; tokens are in no mail. */
export type ShownMethod = { readonly method: string; readonly brand: string; readonly last4: string };

/** A method that was just stored for a workspace; `setupId` is the wish that brought it, `before` what it takes the place of. */
export type StoredMethodNews = {
  readonly setupId: string;
  readonly workspaceId: string;
  readonly by: string;
  readonly after: ShownMethod;
  readonly before: ShownMethod | undefined;
};

/** Owes the notices that methods were stored, in the transaction that stores them. */
export async function tellStored(
  tx: Tx,
  news: readonly StoredMethodNews[],
  nowOf: (workspace: { readonly clockAt: Date | null }) => Date,
): Promise<void> {
  if (news.length === 0) return;
  const workspaces = await tenants.findWorkspaces(
    tx,
    news.map(({ workspaceId }) => workspaceId),
  );
  await oweMails(
    tx,
    news.flatMap(({ setupId, workspaceId, by, after, before }): OwedMail[] => {
      const workspace = workspaces.get(workspaceId);
      if (workspace === undefined) return [];
      return [
        {
          ...{ template: 'payment_method_replaced', workspaceId, dedupeKey: `payment_method:${setupId}` },
          ...{ recipient: workspace.billingEmail, locale: workspace.locale, timeZone: workspace.timeZone },
          facts: {
            ...{ workspaceName: workspace.name, actionPath: '/billing/plan', method: shown(after) },
            ...(before === undefined ? {} : { before: shown(before) }),
            ...{ by: doerOf(by), storedAt: nowOf(workspace).toISOString() },
          },
        },
      ];
    }),
  );
}

const shown = ({ method: kind, brand, last4 }: ShownMethod): Readonly<Record<string, string>> => ({
  kind,
  ...(brand === '' ? {} : { brand }),
  ...last4Of(last4),
});
