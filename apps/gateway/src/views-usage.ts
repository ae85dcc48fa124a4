import { z } from 'zod';

const limit = z
  .union([z.object({ amount: z.int() }), z.literal('unlimited'), z.literal('none')])
  .meta({ description: 'An amount, `unlimited`, or `none`: the plan does not have it.' });
const percent = z
  .int()
  .nullable()
  .meta({ description: 'Whole percent, rounded down; null where the limit is no amount.' });
const newRecordsAllowed = z
  .boolean()
  .meta({ description: 'Whether one more may be made. What exists is never touched by it.' });

/** What a workspace may do with the product at all. */
export const access = z.enum(['full', 'billing-only']).meta({
  description:
    '`full` while the subscription or the trial runs and through the days of grace; then only paying and taking data away.',
});

/** Until when what the workspace has stored is kept. */
export const dataKeptUntil = z.iso.date().nullable().meta({
  description:
    'Once the subscription has ended: the first day on which its data need not be kept any more. Null before. Nothing is deleted by the fleet.',
});

/** What a workspace may use. */
export const entitlementsView = z
  .object({
    workspaceId: z.uuid(),
    status: z.enum(['active', 'expired', 'closed', 'trialing', 'trial_ended']),
    access,
    dataKeptUntil,
    plan: z.string().nullable().meta({ description: 'Null on a trial.' }),
    seats: z.int(),
    startsOn: z.iso.date(),
    endsOn: z.iso.date(),
    autoRenewal: z.boolean(),
    limits: z.record(z.string(), limit),
    newRecordsAllowed: z.record(z.string(), newRecordsAllowed),
    version: z.int(),
  })
  .meta({ id: 'Entitlements' });

/** A meter after a report. */
export const meterSeenView = z
  .object({
    workspaceId: z.uuid(),
    meter: z.string(),
    used: z.int(),
    limit,
    percent,
    newRecordsAllowed,
    isCounted: z
      .boolean()
      .optional()
      .meta({ description: 'False where something newer was counted already. Left out of a replay.' }),
    isReplay: z.boolean(),
  })
  .meta({ id: 'MeterSeen' });

const meterView = z.object({
  meter: z.string(),
  label: z.string(),
  resets: z.enum(['never', 'monthly']),
  used: z.int(),
  limit,
  percent,
  since: z.iso.datetime().nullable().meta({ description: 'Since when it is counted and projected.' }),
  observedAt: z.iso.datetime().nullable(),
  periodEndsOn: z.iso.date().nullable().meta({ description: 'End of the month, or of the term.' }),
  projected: z
    .int()
    .nullable()
    .meta({ description: 'The use at the end of the period, linear; null before a day was seen.' }),
  breachEndsAt: z.iso.datetime().nullable().meta({ description: 'When new records are refused.' }),
  newRecordsAllowed,
});

/** What a workspace uses of each limit. */
export const usageView = z
  .object({ workspaceId: z.uuid(), status: z.string(), meters: z.array(meterView) })
  .meta({ id: 'Usage' });

/** Credits that an action spent. */
export const spendView = z
  .object({
    id: z.uuid(),
    action: z.string(),
    left: z.int().meta({ description: 'Right after the action; below zero by what the last one overspent.' }),
    takenFrom: z.array(z.object({ source: z.string(), amount: z.int() })),
    isReplay: z.boolean(),
  })
  .meta({ id: 'Spending' });

/** A workspace's credits. */
export const creditsView = z
  .object({
    workspaceId: z.uuid(),
    balance: z.int(),
    granted: z.int(),
    spent: z.int(),
    isUnlimited: z.boolean(),
    monthStartsOn: z.iso.date().nullable(),
    resetsOn: z.iso.date().nullable().meta({ description: 'What is left ends, and the next credits come.' }),
    sources: z
      .array(z.object({ source: z.string(), endsOn: z.iso.date().nullable(), granted: z.int(), left: z.int() }))
      .meta({ description: 'In the order in which they are spent.' }),
    movements: z
      .array(
        z.object({
          kind: z.enum(['grant', 'spend', 'expire']),
          source: z.string(),
          amount: z.int(),
          balanceAfter: z.int(),
          action: z.string().nullable(),
          at: z.iso.datetime(),
        }),
      )
      .meta({ description: 'The newest lines of the ledger, newest first.' }),
  })
  .meta({ id: 'Credits' });
