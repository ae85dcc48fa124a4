import { deliveryQueue, mailClasses } from '@billfleet/contracts';
import type { MailingHours } from '@billfleet/domain';
import { deliveries, work } from '@billfleet/store';
import type { Tx } from '@billfleet/store';
import { newId } from './ids.js';

/** A mail that a state change owes; without a recipient there is none. */
export type OwedMail = {
  readonly template: keyof typeof mailClasses;
  /** Null for mails to staff, which are about none. */
  readonly workspaceId: string | null;
  readonly dedupeKey: string;
  readonly recipient: string | null;
  readonly locale: string;
  readonly timeZone: string;
  /** As the template's schema reads it: minor units as text, instants as ISO 8601. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Left out where it may leave at any hour. Else the hours of its receiver's day, and from when on it is left out. */
  readonly byDay?: MailingHours & { readonly goodUntil: Date };
};

/** Owes mails inside the transaction of the state change that causes them; the same cause never makes a second mail. */
export async function oweMails(tx: Tx, mails: readonly OwedMail[]): Promise<void> {
  const ids = await deliveries.insertNotifications(
    tx,
    mails.flatMap((mail) =>
      mail.recipient === null
        ? []
        : [
            {
              id: newId(),
              workspaceId: mail.workspaceId,
              template: mail.template,
              class: mailClasses[mail.template],
              dedupeKey: mail.dedupeKey,
              recipient: mail.recipient,
              locale: mail.locale,
              timeZone: mail.timeZone,
              facts: JSON.stringify(mail.facts),
              byDay: mail.byDay ?? null,
            },
          ],
    ),
  );
  await work.owe(tx, deliveryQueue, 'mail.send', ids);
}
