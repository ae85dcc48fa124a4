import { z } from 'zod';
import { BATCH_SIZE_MAX } from './natural-batch.js';

/** Job name of a shout. */
export const WORK_JOB = 'work';

/** One owed piece of work in a job: the row's id, and the generation that this shout belongs to. */
export type WorkMark = readonly [workId: string, generation: number];

/** All that a shout carries: ids and generations, never amounts, addresses or names. */
export const workJob = z.strictObject({
  work: z
    .array(z.tuple([z.string().regex(/^\d{1,19}$/), z.int().min(1)]))
    .min(1)
    .max(BATCH_SIZE_MAX),
});

/** One request that came through a queue: the signed text, whose key signed it, and the signature. */
export const intakeEnvelope = z.strictObject({
  body: z.string().max(65_536),
  publisher: z.string().min(1).max(64),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});
export type IntakeEnvelope = z.output<typeof intakeEnvelope>;

/** A job of an intake door: up to 200 requests that gathered at the publisher. */
export const intakeJob = z.strictObject({ intake: z.array(intakeEnvelope).min(1).max(BATCH_SIZE_MAX) });

/** What the text of an envelope says; `data` is checked against the queue's own schema afterwards. */
export const intakeBody = z.strictObject({
  operation: z.string().max(60),
  idempotencyKey: z.string().regex(/^[\x21-\x7e]{1,255}$/),
  sentAt: z.iso.datetime(),
  data: z.unknown(),
});
export type IntakeBody = z.output<typeof intakeBody>;
