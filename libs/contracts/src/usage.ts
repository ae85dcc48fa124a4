import { USAGE_MAX } from '@billfleet/domain';
import { z } from 'zod';
import { instantText } from './instant.js';

/** Most credits that one action may spend. */
export const SPEND_MAX = 1_000_000;

const whole = (min: number, max: number) => {
  const error = `a whole number from ${String(min)} to ${String(max)}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** Body of `POST /v1/workspaces/{id}/usage`. */
export const reportUsageBody = z
  .strictObject({
    meter: z
      .string()
      .regex(/^[a-z][A-Za-z0-9]{0,39}$/, { error: 'the name of a limit of the catalogue, such as leads' })
      .meta({ example: 'leads' }),
    value: whole(0, USAGE_MAX).optional().meta({ description: 'How many there are: of limits that never reset.' }),
    change: whole(1, USAGE_MAX)
      .optional()
      .meta({ description: 'How many more were used: of limits that reset monthly.' }),
    observedAt: instantText({ offset: true, error: 'an instant such as 2026-10-05T15:00:00Z' }).meta({
      description: 'When that was so. An older value never replaces a newer one.',
    }),
  })
  .refine(({ value, change }) => (value === undefined) !== (change === undefined), {
    path: ['value'],
    error: 'either value or change',
  })
  .meta({ id: 'ReportUsage' });

/** Body of `POST /v1/workspaces/{id}/credits/spend`. */
export const spendCreditsBody = z
  .strictObject({
    amount: whole(1, SPEND_MAX).meta({ description: 'Credits that the action cost.' }),
    action: z
      .string()
      .regex(/^[\w.:-]{1,80}$/, { error: '1 to 80 letters, digits, dots, colons, hyphens or underscores' })
      .meta({ description: 'What they were spent on, for the ledger.', example: 'reply-suggestion' }),
  })
  .meta({ id: 'SpendCredits' });

export type ReportUsageBody = z.output<typeof reportUsageBody>;
export type SpendCreditsBody = z.output<typeof spendCreditsBody>;
/** A report of use, with the workspace that the path names. */
export type ReportUsage = ReportUsageBody & { readonly workspaceId: string };
/** Credits spent, with the workspace that the path names. */
export type SpendCredits = SpendCreditsBody & { readonly workspaceId: string };
