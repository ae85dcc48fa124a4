import { isCivilDate, isCurrency, money } from '@billfleet/domain';
import type { CivilDate, Currency } from '@billfleet/domain';
import { z } from 'zod';

const NAME_LENGTH_MAX = 200;
/** Control characters, Unicode line breaks and overrides of direction: none may shape a subject or a line of text. */
// eslint-disable-next-line no-control-regex -- control characters are what this looks for
export const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** One line of text: what could break or turn it is taken out. */
export const singleLine = z
  .string()
  .max(NAME_LENGTH_MAX)
  .transform((text) => text.replace(UNPRINTABLE, ' ').trim())
  .pipe(z.string().min(1));

const currencyCode = z
  .string()
  .refine((text): text is Currency => isCurrency(text), { error: 'a currency that is sold in' });
/** A civil day, 'YYYY-MM-DD'. */
export const civilDay = z
  .string()
  .refine((text): text is CivilDate => isCivilDate(text), { error: 'a day such as 2026-09-01' });
/** An instant, ISO 8601. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** An amount, as text of minor units with its currency. */
export const amount = z
  .object({ amountMinor: z.string().regex(/^(0|[1-9]\d{0,11})$/), currency: currencyCode })
  .transform((wire) => money(BigInt(wire.amountMinor), wire.currency));

/** How something was paid. */
export const method = z.object({
  kind: z.enum(['card', 'paypal', 'pix', 'offline']),
  /** The last four digits of a card, when they are known. */
  last4: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
});

/** Where the button leads: a path below the public address, so that no payload can point a mail at another site. */
const actionPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\w\-./~%?=&:,@+]*$/);

/** The order that the button lets its reader pay without a login; the link is made when the mail is written. */
export const payOrderId = z.uuid();

/** What every mail of a workspace has. */
export const workspace = { workspaceName: singleLine, actionPath };
/** What mails about an order share. */
export const order = { ...workspace, orderNumber: singleLine, planName: singleLine, seats: z.int().positive(), amount };
