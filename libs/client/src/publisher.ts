import {
  intakeEnvelope,
  NaturalBatch,
  orderQueue,
  paymentConfirmationQueue,
  renewalReminderQueue,
  seatProvisioningQueue,
} from '@billfleet/contracts';
import { idempotencyKey as idempotencyKeySchema } from '@billfleet/contracts';
import type { IntakeEnvelope, IntakeInputOf, IntakeName, IntakeQueue } from '@billfleet/contracts';
import { Queue } from 'bullmq';
import { signerOf } from './api-key.js';
import { validate } from './validate.js';

/** Where a publisher sends, and in whose name. */
export type PublisherOptions = {
  readonly redisUrl: string;
  /** Prefix of the fleet's keys in Redis. */
  readonly prefix?: string;
  readonly apiKey: string;
  /** Hears of lost connections; they come back by themselves, and what was being published then is rejected. */
  readonly onError?: (error: Error) => void;
};

/** `idempotencyKey`: 1 to 255 printable ASCII characters; the same key and content give the same result through either door. */
export type PublishOptions = { readonly idempotencyKey: string };

/** What the named intake takes. */
type IntakeData<Name extends IntakeName> = IntakeInputOf<
  Extract<IntakeQueue, { readonly intake: { readonly name: Name } }>
>;

/** Puts requests on the fleet's queues. */
export type Publisher = {
  /**
   * Publishes one request; resolves once Redis has it. Delivery is at least once and the fleet acts once per key, so after a rejection
   * publish again with the same key. Refusals are read with `requests.get` under that key.
   * @throws ValidationError when the data does not fit the contract; nothing was sent then.
   */
  publish<Name extends IntakeName>(name: Name, data: IntakeData<Name>, options: PublishOptions): Promise<void>;
  /** Sends what waits, then ends the connections. */
  close(): Promise<void>;
};

const intakeQueues = [orderQueue, paymentConfirmationQueue, seatProvisioningQueue, renewalReminderQueue] as const;
const DEFAULT_PREFIX = '{billfleet}';
const COMMAND_TIMEOUT_MS = 5_000;
const RETRIES_PER_COMMAND_MAX = 3;
/**
 * Until a worker has committed a request, its job is the only copy. So a job that fails is never removed, and no tries are counted: while the
 * fleet's database is away its worker puts the job off, and only what cannot be read or was not signed fails.
 */
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: false } as const;

type Lane = {
  readonly queue: Queue;
  readonly schema: IntakeQueue['intake']['payload'];
  readonly batch: NaturalBatch<IntakeEnvelope, void>;
};

/**
 * A publisher for trusted upstream services. What is published while the previous add is in flight travels together, up to 200
 * requests a job, so bursts cost little and single requests leave at once.
 * @throws InvalidKeyError for a text that is not an API key.
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const sign = signerOf(options.apiKey);
  const lanes = new Map<string, Lane>(
    intakeQueues.map((contract) => [contract.intake.name, openLane(contract, options)]),
  );
  return {
    async publish(name, data, { idempotencyKey }) {
      const lane = lanes.get(name);
      if (lane === undefined) throw new TypeError(`there is no intake named ${name}`);
      const checkedKey = validate(name, idempotencyKeySchema, idempotencyKey);
      const checkedData = validate(name, lane.schema, data);
      const body = JSON.stringify({
        operation: name,
        idempotencyKey: checkedKey,
        sentAt: new Date().toISOString(),
        data: checkedData,
      });
      await lane.batch.add(validate(name, intakeEnvelope, sign(body)));
    },
    async close() {
      await Promise.all([...lanes.values()].map(({ batch }) => batch.whenIdle()));
      // A connection that never came up cannot be closed politely.
      await Promise.all([...lanes.values()].map(({ queue }) => queue.close().catch(() => undefined)));
    },
  };
}

function openLane(contract: IntakeQueue, options: PublisherOptions): Lane {
  const queue = new Queue(contract.name, {
    connection: {
      url: options.redisUrl,
      maxRetriesPerRequest: RETRIES_PER_COMMAND_MAX,
      commandTimeout: COMMAND_TIMEOUT_MS,
    },
    prefix: options.prefix ?? DEFAULT_PREFIX,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 1_000 } },
    defaultJobOptions: JOB_OPTIONS,
  });
  queue.on('error', (error) => options.onError?.(error));
  return {
    queue,
    schema: contract.intake.payload,
    batch: new NaturalBatch<IntakeEnvelope, void>({
      // When an add fails Redis is away, and trying each request alone would only fail more slowly.
      splitOnFailure: false,
      run: async (envelopes) => {
        await queue.add(contract.intake.name, { intake: envelopes });
        return envelopes.map(() => undefined);
      },
    }),
  };
}
