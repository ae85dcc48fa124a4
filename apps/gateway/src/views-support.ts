import { z } from 'zod';

const next = z.string().nullable().meta({ description: 'Asks for the page after this one; null on the last.' });

/** Answer of `GET /v1/support/workspaces`. */
export const workspacesFoundView = z
  .object({
    workspaces: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        country: z.string(),
        currency: z.string(),
        billingEmail: z.string().nullable(),
        isTest: z.boolean().meta({ description: 'Whether it stands on a test clock.' }),
        subscription: z
          .object({ status: z.string(), plan: z.string(), seats: z.int(), endsOn: z.iso.date() })
          .nullable(),
      }),
    ),
  })
  .meta({ id: 'WorkspacesFound' });

/** Answer of `GET /v1/support/workspaces/{id}/actions`. */
export const staffActionsView = z
  .object({
    actions: z.array(
      z.object({
        id: z.string(),
        actor: z.string(),
        action: z.string(),
        subject: z.string(),
        reason: z.string(),
        outcome: z.enum(['asked', 'done', 'repeated', 'refused', 'failed']).meta({ description: 'What came of it.' }),
        before: z.string().nullable(),
        after: z.string().nullable(),
        answer: z.string().nullable().meta({ description: 'Codes of a refusal.' }),
        at: z.iso.datetime(),
      }),
    ),
    next,
  })
  .meta({ id: 'StaffActions' });

/** Answer of `GET /v1/support/work`. */
export const workOfWorkspacesView = z
  .object({
    work: z.array(
      z.object({
        id: z.string(),
        queue: z.string(),
        kind: z.string(),
        ref: z.uuid(),
        state: z.enum(['dead', 'leased', 'waiting']),
        attempts: z.int(),
        dueAt: z.iso.datetime(),
        createdAt: z.iso.datetime(),
        lastError: z.string().nullable(),
        workspaceId: z.uuid().nullable(),
        workspaceName: z.string().nullable(),
      }),
    ),
    next,
  })
  .meta({ id: 'WorkOfWorkspaces' });

/** Answer of `POST /v1/support/work/{id}/retry` and `.../park`. */
export const workHandledView = z
  .object({ id: z.string(), state: z.enum(['waiting', 'dead']) })
  .meta({ id: 'WorkHandled' });
