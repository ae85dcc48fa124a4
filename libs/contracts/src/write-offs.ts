import { currencyExponent } from '@billfleet/domain';
import { z } from 'zod';
import { shortText, uuid } from './commands.js';

const reason = shortText(500).trim().min(1).meta({ description: 'Why; kept on record.' });
const currency = z
  .string()
  .refine((code) => currencyExponent(code) !== undefined, { error: 'a currency code of ISO 4217 such as USD' });
const positiveMinor = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, { error: 'a positive whole number of minor units as text, such as "1500"' });

/** Body of `POST /v1/orders/{id}/write-offs`: money of a payment outside of every provider that its holder will never hand over. */
export const writeOff = z
  .strictObject({
    amountMinor: positiveMinor.meta({ description: 'Minor units of `currency`; at most what the holder still has.' }),
    currency: currency.meta({ description: 'That of the order.', example: 'USD' }),
    attemptId: uuid.optional().meta({ description: 'Which payment of the order; left out: the only one outside.' }),
    reason,
  })
  .meta({ id: 'WriteOff' });

/** Body of `POST /v1/workspaces/{id}/customer-credits`: a promise that is paid back out of the next payments. */
export const grantCustomerCredit = z
  .strictObject({
    amountMinor: positiveMinor.meta({ description: 'Minor units of `currency`.' }),
    currency: currency.meta({ description: 'That of the workspace.', example: 'USD' }),
    reason,
  })
  .meta({ id: 'GrantCustomerCredit' });

/** Body of `POST /v1/customer-credits/{id}/withdrawal`. */
export const withdrawCustomerCredit = z.strictObject({ reason }).meta({ id: 'WithdrawCustomerCredit' });

export type WriteOff = z.output<typeof writeOff>;
export type GrantCustomerCredit = z.output<typeof grantCustomerCredit>;
export type WithdrawCustomerCredit = z.output<typeof withdrawCustomerCredit>;
