import type { IntakeEnvelope, KindOf, QueueContract, WorkMark } from '@billfleet/contracts';
import { InvariantError } from '@billfleet/domain';
import type { Base } from '@billfleet/platform';
import { isConnectionFault, work } from '@billfleet/store';
import type { OwedWork, Store } from '@billfleet/store';
import type { WorkFailure, WorkHandler, WorkHandlers } from './work-handlers.js';

/** What became of one owed row. */
export type RowOutcome =
  { readonly kind: 'done' } | { readonly kind: 'stale' } | { readonly kind: 'failed'; readonly reason: string };

/** What a desk works with; `intake` is there for queues with a door. */
export type FleetDeskParts<Q extends QueueContract> = {
  readonly store: Store;
  readonly queue: Q;
  readonly handlers: WorkHandlers<Q>;
  readonly base: Pick<Base, 'config' | 'log' | 'metrics'>;
  readonly intake?: (envelopes: readonly IntakeEnvelope[]) => Promise<readonly undefined[]>;
};

/** From this shout on the starts of a row are counted: it may be what kills its workers. */
const SUSPICIOUS_GENERATION = 6;
/** Starts without an end after which a row runs apart from the others, and after which it is not started any more. */
const STARTS_TOGETHER = 2;
const STARTS_MAX = 5;

/**
 * What a queue's jobs are handed to: loads the rows, runs their handlers in batches, splits a failed batch into single rows, and records
 * each failure in its row. Attempts, backoff and dead letters are kept there and nowhere else.
 */
export class FleetDesk<Q extends QueueContract> {
  constructor(private readonly parts: FleetDeskParts<Q>) {}

  /** Outcomes are in the order of the marks; `stale`: the row is gone or was shouted again since. */
  async runWork(marks: readonly WorkMark[]): Promise<readonly RowOutcome[]> {
    const rows = await work.load(this.parts.store, this.parts.queue, marks);
    const outcomes = new Map<string, RowOutcome>();
    const { together, alone } = await this.sortOut(rows, outcomes);
    for (const kind of new Set(together.map((row) => row.kind))) {
      await this.runKind(
        kind,
        together.filter((row) => row.kind === kind),
        outcomes,
      );
    }
    for (const row of alone) await this.runKind(row.kind, [row], outcomes);
    return marks.map(([id]) => outcomes.get(id) ?? { kind: 'stale' });
  }

  /** Whether PostgreSQL is away: then a failed batch says nothing about its single messages. */
  isOutage(error: unknown): boolean {
    return isConnectionFault(error);
  }

  /** Commits what came through the queue's door. */
  async takeIntake(envelopes: readonly IntakeEnvelope[]): Promise<readonly undefined[]> {
    if (this.parts.intake === undefined) throw new InvariantError(`queue ${this.parts.queue.name} has no door`);
    return this.parts.intake(envelopes);
  }

  /**
   * Rows that were shouted often may only have waited long, or be what kills its worker. Their starts are counted before they are
   * started: one that was started again and again without an end runs alone, and in the end not at all.
   */
  private async sortOut(
    rows: readonly OwedWork<KindOf<Q>>[],
    outcomes: Map<string, RowOutcome>,
  ): Promise<{ together: readonly OwedWork<KindOf<Q>>[]; alone: readonly OwedWork<KindOf<Q>>[] }> {
    const suspects = rows.filter((row) => row.generation >= SUSPICIOUS_GENERATION).map((row) => row.id);
    const started = await work.countStarts(this.parts.store, suspects, STARTS_MAX);
    for (const [id, { isQuarantined }] of started) {
      if (isQuarantined)
        outcomes.set(id, { kind: 'failed', reason: 'quarantined: started again and again, never finished' });
    }
    const able = rows.filter((row) => started.get(row.id)?.isQuarantined !== true);
    const isAlone = (row: OwedWork): boolean => (started.get(row.id)?.starts ?? 0) > STARTS_TOGETHER;
    return { together: able.filter((row) => !isAlone(row)), alone: able.filter(isAlone) };
  }

  private async runKind(
    kind: KindOf<Q>,
    rows: readonly OwedWork<KindOf<Q>>[],
    outcomes: Map<string, RowOutcome>,
  ): Promise<void> {
    const handler = this.parts.handlers[kind] as WorkHandler;
    const startedAt = performance.now();
    try {
      const failures = await handler(rows);
      for (const row of rows) outcomes.set(row.id, { kind: 'done' });
      for (const failure of failures) await this.record(failure, rows, outcomes);
      this.parts.base.metrics.workResults.inc({ kind, result: 'done' }, rows.length - failures.length);
      // One line per batch: the ids lead from a log line to the rows and back.
      const workIds = rows.map((row) => row.id);
      const refs = rows.map((row) => row.ref);
      this.parts.base.log.info(
        { kind, workIds, refs, failed: failures.length, durationMs: Math.round(performance.now() - startedAt) },
        'work done',
      );
    } catch (error) {
      // While PostgreSQL is away nothing can be recorded: the leases bring the rows back.
      if (isConnectionFault(error)) throw error;
      if (rows.length === 1) await this.record(failureOf(rows[0]?.id ?? '', error), rows, outcomes);
      else for (const row of rows) await this.runKind(kind, [row], outcomes);
    }
  }

  private async record(
    failure: WorkFailure,
    rows: readonly OwedWork[],
    outcomes: Map<string, RowOutcome>,
  ): Promise<void> {
    const row = rows.find((one) => one.id === failure.id);
    if (row === undefined) return;
    const { reason, severity } = failure;
    const recorded = await work.fail(this.parts.store, row, {
      reason,
      severity,
      attemptsMax: this.parts.queue.attemptsMax,
      retryFirstMs: this.parts.base.config.retryFirstMs,
    });
    const level = recorded?.isDead === true ? 'error' : 'warn';
    this.parts.base.log[level](
      { workId: row.id, kind: row.kind, ref: row.ref, attempts: recorded?.attempts, dead: recorded?.isDead, reason },
      'work failed',
    );
    outcomes.set(row.id, { kind: 'failed', reason });
    this.parts.base.metrics.workResults.inc({ kind: row.kind, result: 'failed' });
  }
}

/** A broken invariant is a bug: trying again cannot help. */
const failureOf = (id: string, error: unknown): WorkFailure => ({
  id,
  reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  severity: error instanceof InvariantError ? 'hopeless' : 'try',
});
