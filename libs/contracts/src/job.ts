import { z } from 'zod';
import { idempotencyKey } from './commands.js';
import { BATCH_SIZE_MAX } from './natural-batch.js';

/** Largest `bigint` of PostgreSQL. */
const BIGINT_MAX = '9223372036854775807';
/** Largest `int` of PostgreSQL. */
const INT_MAX = 2_147_483_647;

/** A row's number. Out of range it would fail the whole statement that it shares with others. */
const workId = z
  .string()
  .regex(/^\d{1,19}$/)
  .refine((text) => text.length < BIGINT_MAX.length || text <= BIGINT_MAX, { error: 'at most a bigint' });

/** Job name of a shout. */
export const WORK_JOB = 'work';

/** One owed piece of work in a job: the row's id, and the generation that this shout belongs to. */
export type WorkMark = readonly [workId: string, generation: number];

/** All that a shout carries: ids and generations, never amounts, addresses or names. */
export const workJob = z.strictObject({
  work: z
    .array(z.tuple([workId, z.int().min(1).max(INT_MAX)]))
    .min(1)
    .max(BATCH_SIZE_MAX),
});

/** One request that came through a queue: the signed text, whose key signed it, and the signature. */
export const intakeEnvelope = z.strictObject({
  body: z.string().max(65_536),
  publisher: z.string().regex(/^[a-z0-9]{6,16}$/),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});
export type IntakeEnvelope = z.output<typeof intakeEnvelope>;

/** A job of an intake door: up to 200 requests that gathered at the publisher. */
export const intakeJob = z.strictObject({ intake: z.array(intakeEnvelope).min(1).max(BATCH_SIZE_MAX) });

/** What the text of an envelope says; `data` is checked against the queue's own schema afterwards. */
export const intakeBody = z.strictObject({
  operation: z.string().max(60),
  idempotencyKey,
  sentAt: z.iso.datetime(),
  data: z.unknown(),
});
export type IntakeBody = z.output<typeof intakeBody>;
