import { z } from 'zod';
import { uuid } from './commands.js';
import { shortText, visibleText } from './texts.js';

/** Most rows that one answer of the support console's doors may hold. */
export const SUPPORT_PAGE_MAX = 100;
const SUPPORT_PAGE = 25;

const limit = z.coerce
  .number({ error: `a whole number from 1 to ${String(SUPPORT_PAGE_MAX)}` })
  .int()
  .min(1)
  .max(SUPPORT_PAGE_MAX)
  .default(SUPPORT_PAGE);

/** Query of `GET /v1/support/workspaces`. */
export const workspaceSearch = z.strictObject({
  search: visibleText(200)
    .refine((text) => text.length >= 2 || /^\d$/.test(text), {
      error: 'at least two characters, or the number of an order',
    })
    .meta({
      description: 'An id, the number of an order, or a part of a name or of an e-mail address, whatever the case.',
    }),
  limit,
});

/** Query of `GET /v1/support/work`. */
export const workQuery = z.strictObject({
  state: z.enum(['dead', 'waiting', 'leased']).default('dead'),
  workspaceId: uuid.optional(),
  after: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, { error: '`next` of the page before' })
    .optional(),
  limit,
});

/** Query of `GET /v1/support/workspaces/{id}/actions`. */
export const staffActionQuery = z.strictObject({
  before: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, { error: '`next` of the page before' })
    .optional(),
  limit,
});

/** Body of `POST /v1/support/work/{id}/retry` and `.../park`. */
export const handleWork = z
  .strictObject({ reason: shortText(500).meta({ description: 'Why; kept on record.' }) })
  .meta({ id: 'HandleWork' });

/** Number of a row of owed work. */
export const workId = z.string().regex(/^[1-9]\d{0,17}$/, { error: 'the number of owed work' });

export type WorkspaceSearch = z.output<typeof workspaceSearch>;
export type WorkQuery = z.output<typeof workQuery>;
export type StaffActionQuery = z.output<typeof staffActionQuery>;
export type HandleWork = z.output<typeof handleWork>;
