import { BATCH_SIZE_MAX, queues, WORK_JOB } from '@billfleet/contracts';
import type { QueueName, WorkMark } from '@billfleet/contracts';
import type { Log } from '@billfleet/platform';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { producerConnection } from './connection.js';
import type { QueueConnection } from './connection.js';

/** Marks that may wait for Redis per queue; what is above waits for its lease instead. */
const WAITING_MAX = 20_000;
const JOBS_PER_CALL = 50;

type Lane = { readonly queue: Queue; waiting: WorkMark[]; isSending: boolean; sent: Promise<void> };

/**
 * Adds jobs for committed work. One call is in flight per queue; what gathers meanwhile travels in the next one, up to 200 ids a job.
 * Losing a shout is harmless: the lease of the row runs out and the dispatcher shouts again.
 */
export class Shouter {
  private readonly lanes: ReadonlyMap<QueueName, Lane>;
  private readonly redis: Redis;
  private dropped = 0;

  constructor(
    connection: QueueConnection,
    private readonly log: Log,
    private readonly copies = 1,
  ) {
    this.redis = new Redis(producerConnection(connection.redisUrl));
    this.redis.on('error', (error) => this.log.debug({ err: error }, 'Redis is away'));
    this.lanes = new Map(
      queues.map(({ name }) => {
        const queue = new Queue(name, {
          connection: this.redis,
          prefix: connection.prefix,
          skipWaitingForReady: true,
          skipVersionCheck: true,
          streams: { events: { maxLen: 1_000 } },
          // Attempts, backoff and dead letters live in PostgreSQL. The last failed jobs stay for people to look at. Each failing shout trims
          // the queue's whole list of failed jobs to this, intake jobs too: so these fail only when nothing in them can be carried out.
          defaultJobOptions: {
            attempts: 1,
            removeOnComplete: true,
            removeOnFail: { age: 3_600, count: 200 },
          },
        });
        // The connection's own listener logs; a queue without one would print.
        queue.on('error', () => undefined);
        return [name, { queue, waiting: [], isSending: false, sent: Promise.resolve() }];
      }),
    );
  }

  /** Shouts these rows soon; returns at once and never throws. */
  shout(queueName: QueueName, marks: readonly WorkMark[]): void {
    const lane = this.lanes.get(queueName);
    if (lane === undefined || marks.length === 0) return;
    if (lane.waiting.length + marks.length > WAITING_MAX) {
      this.dropped += marks.length;
      return;
    }
    for (const mark of marks) lane.waiting.push(mark);
    if (!lane.isSending) {
      lane.isSending = true;
      lane.sent = this.drain(queueName, lane);
    }
  }

  /** Waits for the connection, at most so long: what is shouted before it is up is left to its lease. */
  async connect(deadlineMs: number): Promise<void> {
    if (this.redis.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      this.redis.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** How many marks were left to their leases because Redis was away for long. */
  get droppedCount(): number {
    return this.dropped;
  }

  /** Resolves when everything shouted so far has been sent or given up. */
  async flush(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.sent));
  }

  /** Sends what waits, then closes the connection. */
  async close(): Promise<void> {
    await this.flush();
    // A connection that never came up cannot be closed politely.
    await Promise.all([...this.lanes.values()].map((lane) => lane.queue.close().catch(() => undefined)));
    this.redis.disconnect();
  }

  private async drain(queueName: QueueName, lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const marks = lane.waiting.splice(0, BATCH_SIZE_MAX * JOBS_PER_CALL);
      try {
        for (let copy = 0; copy < this.copies; copy += 1) await this.send(lane.queue, marks);
      } catch (error) {
        this.log.warn(
          { queue: queueName, marks: marks.length, err: error },
          'shout failed; the leases will bring the work back',
        );
      }
    }
    lane.isSending = false;
  }

  private async send(queue: Queue, marks: readonly WorkMark[]): Promise<void> {
    if (marks.length <= BATCH_SIZE_MAX) {
      await queue.add(WORK_JOB, { work: marks });
      return;
    }
    const jobs = Array.from({ length: Math.ceil(marks.length / BATCH_SIZE_MAX) }, (_, index) => ({
      name: WORK_JOB,
      data: { work: marks.slice(index * BATCH_SIZE_MAX, (index + 1) * BATCH_SIZE_MAX) },
    }));
    await queue.addBulk(jobs);
  }
}
