import { planById } from '@billfleet/domain';
import type { Catalogue, CivilDate, PricedChange, ReminderVariant } from '@billfleet/domain';
import type { Workspace } from '@billfleet/store';
import type { OwedMail } from './mails.js';
import { chargesOn } from './switch-mails.js';
import { RENEWAL_PATH } from './term-mails.js';

/** What a reminder of the end of a term is written from. `next`: the next term, as it is sold. */
export type ReminderMailFacts = {
  readonly catalogue: Catalogue;
  readonly workspace: Pick<Workspace, 'id' | 'name' | 'locale' | 'timeZone' | 'billingEmail'>;
  readonly dedupeKey: string;
  readonly variant: ReminderVariant;
  readonly next: Pick<PricedChange, 'plan' | 'seats' | 'periodMonths' | 'amountMinor' | 'currency'>;
  readonly endsOn: CivilDate;
  readonly today: CivilDate;
  /** The stored method that will be charged. */
  readonly method: { readonly kind: string; readonly last4: string | null } | null;
  /** The renewal order, where it waits for its payer. */
  readonly order: { readonly id: string; readonly number: string } | null;
  /** From when on it is not true any more, where it leaves by day only. */
  readonly goodUntil?: Date;
};

/** The mail that says what will happen at the end of a term. A charge whose day has passed is announced for today. */
export function reminderMail(facts: ReminderMailFacts): OwedMail {
  const { catalogue, workspace, dedupeKey, variant, next, endsOn, today, method, order, goodUntil } = facts;
  const last4 = method?.last4 ?? '';
  const charge = {
    method: { kind: method?.kind ?? 'card', ...(last4 === '' ? {} : { last4 }) },
    chargesOn: chargesOn(endsOn, catalogue, today),
  };
  return {
    template: 'renewal_reminder',
    workspaceId: workspace.id,
    dedupeKey,
    recipient: workspace.billingEmail,
    locale: workspace.locale,
    timeZone: workspace.timeZone,
    ...(goodUntil === undefined ? {} : { byDay: { ...catalogue.renewal.mailHours, goodUntil } }),
    facts: {
      variant,
      workspaceName: workspace.name,
      actionPath:
        order === null ? (variant === 'will-expire' ? RENEWAL_PATH : '/billing/plan') : `/billing/orders/${order.id}`,
      ...(order === null ? {} : { orderNumber: order.number }),
      planName: planById(catalogue, next.plan)?.name ?? next.plan,
      seats: next.seats,
      periodMonths: next.periodMonths,
      amount: { amountMinor: next.amountMinor.toString(), currency: next.currency },
      endsOn,
      ...(variant === 'will-be-charged' ? charge : order === null ? {} : { payOrderId: order.id }),
    },
  };
}
