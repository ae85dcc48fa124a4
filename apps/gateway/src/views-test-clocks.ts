import { z } from 'zod';

/** A test clock as it stands. */
export const testClockView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    status: z.enum(['ready', 'advancing', 'blocked']).meta({
      description: '`blocked`: it is on its way, and waits for work that is dead until somebody retries or kills that.',
    }),
    nowAt: z.iso.datetime(),
    targetAt: z.iso.datetime().nullable(),
    workspaces: z.int(),
    waitsFor: z
      .array(
        z.object({
          id: z.string(),
          kind: z.string(),
          workspaceId: z.uuid(),
          isDead: z.boolean(),
          lastError: z.string().nullable(),
        }),
      )
      .meta({ description: 'Work that has to be done before it goes on, oldest first, 20 at most.' }),
  })
  .meta({ id: 'TestClock' });
