import { intakeJob, NaturalBatch, WORK_JOB, workJob } from '@billfleet/contracts';
import type { IntakeEnvelope, QueueContract, WorkMark } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { WorkerHost } from '@nestjs/bullmq';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job, WorkerOptions } from 'bullmq';
import { queueConnection } from './connection.js';
import { RedisPing } from './redis-ping.js';

/** What became of one owed row: done, gone or taken by another (`stale`), or failed with a reason and recorded so. */
export type WorkOutcome =
  { readonly kind: 'done' } | { readonly kind: 'stale' } | { readonly kind: 'failed'; readonly reason: string };

/** What a queue's consumer hands its jobs to. */
export type Desk = {
  /** Does owed work; failures are recorded in the rows and returned, not thrown. Throws only when PostgreSQL is away. */
  runWork(marks: readonly WorkMark[]): Promise<readonly WorkOutcome[]>;
  /** Commits requests that came through the queue; throws when that was not possible now. */
  takeIntake(envelopes: readonly IntakeEnvelope[]): Promise<readonly undefined[]>;
  /** Whether the error says that PostgreSQL is away, so that trying the messages one by one would only fail more slowly. */
  isOutage?(error: unknown): boolean;
};

const INTAKE_DELAY_FIRST_MS = 500;
const INTAKE_DELAY_MAX_MS = 60_000;

/** Worker options that follow from a queue's contract. */
export function consumerOptions(queue: QueueContract): Omit<WorkerOptions, 'connection'> {
  return {
    autorun: false,
    concurrency: queue.concurrency,
    lockDuration: 30_000,
    stalledInterval: 15_000,
    // PostgreSQL decides when to give up; a worker that was killed twice must not fail a job.
    maxStalledCount: 100,
    skipVersionCheck: true,
  };
}

/**
 * The base of all processors. Whatever jobs are in hand are gathered into one batch, so a loaded worker does hundreds of rows in one
 * transaction. A job fails with the reasons of its failed rows, so that people see them in the queue's list and can retry there.
 */
export abstract class QueueConsumer extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly work: NaturalBatch<WorkMark, WorkOutcome>;
  private readonly intake: NaturalBatch<IntakeEnvelope, undefined>;
  private readonly ping: RedisPing;

  protected constructor(
    private readonly queue: QueueContract,
    desk: Desk,
    private readonly base: Base,
  ) {
    super();
    this.ping = new RedisPing(queueConnection(base));
    base.health.require({ name: 'redis', check: () => this.ping.check() });
    // The desk splits failed batches by itself, since it knows which rows failed.
    this.work = new NaturalBatch({ run: (marks) => desk.runWork(marks), splitOnFailure: false });
    this.intake = new NaturalBatch({
      run: (envelopes) => desk.takeIntake(envelopes),
      splitOnFailure: (error) => desk.isOutage?.(error) !== true,
    });
  }

  async process(job: Job, token?: string): Promise<void> {
    if (job.name === WORK_JOB) await this.processWork(job);
    else if (job.name === this.queue.intake?.name) await this.processIntake(job, token);
    else throw new UnrecoverableError(`unknown job name ${job.name.slice(0, 80)} on queue ${this.queue.name}`);
  }

  onApplicationBootstrap(): void {
    this.worker.on('error', (error) => this.base.log.warn({ queue: this.queue.name, err: error }, 'worker error'));
    void this.worker.run().catch((error: unknown) => {
      this.base.log.fatal({ queue: this.queue.name, err: error }, 'worker stopped running');
      process.exitCode = 70;
      process.kill(process.pid, 'SIGTERM');
    });
  }

  /** Takes no new jobs and finishes those in hand, while the database is still there. After the deadline their leases bring them back. */
  async beforeApplicationShutdown(): Promise<void> {
    const deadline = new Promise<'late'>((resolve) =>
      setTimeout(() => resolve('late'), this.base.config.drainMs).unref(),
    );
    const drained = this.worker.close().then(() => 'drained' as const);
    if ((await Promise.race([drained, deadline])) === 'late')
      this.base.log.warn(
        { queue: this.queue.name, drainMs: this.base.config.drainMs },
        'drain deadline passed; leases bring the rest back',
      );
    this.ping.close();
  }

  private async processWork(job: Job): Promise<void> {
    const parsed = workJob.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(`not a shout: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
    const outcomes = await Promise.all(parsed.data.work.map((mark) => this.work.add(mark)));
    const failures = outcomes.flatMap((outcome, index) =>
      outcome.kind === 'failed' ? [`work ${parsed.data.work[index]?.[0] ?? '?'}: ${outcome.reason}`] : [],
    );
    if (failures.length > 0) throw new UnrecoverableError(failures.slice(0, 10).join('; '));
  }

  private async processIntake(job: Job, token: string | undefined): Promise<void> {
    const parsed = intakeJob.safeParse(job.data);
    if (!parsed.success)
      throw new UnrecoverableError(`not an intake job: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
    const results = await Promise.allSettled(parsed.data.intake.map((envelope) => this.intake.add(envelope)));
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [asError(result.reason)] : []));
    const curable = errors.find((error) => !isHopeless(error));
    if (curable !== undefined) return this.putOff(job, token, curable);
    if (errors.length > 0)
      throw new UnrecoverableError(
        errors
          .slice(0, 10)
          .map((error) => error.message)
          .join('; '),
      );
  }

  /**
   * What time may cure is tried again for ever, without using up a try: the job is the only copy of its messages, and failed jobs may be
   * trimmed. What of it is already committed answers repeats with the same result.
   */
  private async putOff(job: Job, token: string | undefined, reason: Error): Promise<never> {
    const delayMs = Math.min(INTAKE_DELAY_FIRST_MS * 2 ** Math.max(0, job.attemptsStarted - 1), INTAKE_DELAY_MAX_MS);
    this.base.log.warn({ queue: this.queue.name, jobId: job.id, delayMs, err: reason }, 'intake put off');
    try {
      await job.moveToDelayed(Date.now() + delayMs, token);
    } catch (error) {
      // Redis is away too: the job stays in hand until its lock ends, and then comes back as stalled.
      this.base.log.warn({ queue: this.queue.name, jobId: job.id, err: error }, 'intake could not be put off');
    }
    throw new DelayedError();
  }
}

/** Errors may say of themselves that trying again cannot help. */
const isHopeless = (error: Error): boolean => 'isHopeless' in error && error.isHopeless === true;

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(JSON.stringify(reason)));
