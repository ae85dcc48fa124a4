import type { QueueName, WorkMark } from '@billfleet/contracts';
import type { Crash, Log } from '@billfleet/platform';
import { noCrash, silentLog } from '@billfleet/platform';
import type { DataSource } from 'typeorm';
import { Sessions } from './session.js';
import type { Session } from './session.js';

/** What SQL takes: arrays travel as PostgreSQL arrays. */
export type SqlValue = string | number | bigint | boolean | Date | null | undefined | readonly SqlValue[];

/** Anything that can run one statement. */
export type Queryable = { query<Row>(statement: string, values?: readonly SqlValue[]): Promise<Row[]> };

/** Work that a transaction owes; it is shouted right after the commit. */
export type Owed = { readonly queue: QueueName; readonly marks: readonly WorkMark[] };

/** Told what a commit owes, so that it can be shouted; must not throw and need not succeed. */
export type Announce = (owed: readonly Owed[]) => void;

/**
 * SQLSTATEs after which the whole transaction is simply run again: conflicts, a lost race for a unique row (the winner is visible then),
 * and a server that went away.
 */
const RETRYABLE = /^(40001|40P01|23505|57P01|57P02|57P03|08...|55P03)$/;
const TRIES_MAX = 5;

/** Thrown inside a transaction that lost a race it can win by starting over, such as two first uses of one key. */
export class StartOverError extends Error {
  override readonly name = 'StartOverError';
}

/** PostgreSQL cannot be reached, after all tries. Nothing of the transaction is known to be done. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/**
 * One database transaction. Writing exists only here, so writing outside of one does not compile. Statements run in the order in which they
 * are asked for; those that do not need each other's answers may be asked for at once, and then share a round trip.
 */
export class Tx implements Queryable {
  private readonly owedByQueue = new Map<QueueName, WorkMark[]>();
  private readonly endings: (() => Promise<void>)[] = [];

  /** @param tellsHost whether a host product wants to be told of events. */
  constructor(
    private readonly session: Session,
    readonly leaseMs: number,
    readonly tellsHost = false,
  ) {}

  query<Row>(statement: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.session.query<Row>(statement, values);
  }

  /** Remembers work rows that this transaction wrote, to be shouted after the commit. */
  noteOwed(queue: QueueName, marks: readonly WorkMark[]): void {
    this.owedByQueue.set(queue, [...(this.owedByQueue.get(queue) ?? []), ...marks]);
  }

  /** Has something done as the last of this transaction, so that what it locks is held for the shortest time. */
  atEnd(ending: () => Promise<void>): void {
    this.endings.push(ending);
  }

  /** Does what was left for the end, in the order in which it was asked for. */
  async end(): Promise<void> {
    for (const ending of this.endings) await ending();
  }

  get owed(): readonly Owed[] {
    return [...this.owedByQueue].map(([queue, marks]) => ({ queue, marks }));
  }
}

/** A transaction of one statement, which commits by itself. A second one is refused. */
export class SingleTx {
  constructor(private readonly session: Session) {}

  /** Runs the statement; answers how many rows it changed. */
  change(statement: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.session.change(statement, values);
  }
}

/** What a store may be given besides its data source. */
export type StoreOptions = {
  readonly leaseMs: number;
  /** Whether a host product wants to be told of events; otherwise they are only kept. */
  readonly tellsHost?: boolean;
  readonly announce?: Announce;
  readonly crash?: Crash;
  readonly log?: Log;
  /** Tests only: called before each commit; throwing makes the transaction fail there. */
  readonly beforeCommit?: () => void;
};

/** The fleet's only way to PostgreSQL. */
export class Store implements Queryable {
  private readonly announce: Announce;
  private readonly crash: Crash;
  private readonly log: Log;
  private readonly sessions = new Sessions();

  constructor(
    private readonly source: DataSource,
    private readonly options: StoreOptions,
  ) {
    this.announce = options.announce ?? (() => undefined);
    this.crash = options.crash ?? noCrash;
    this.log = options.log ?? silentLog;
  }

  /** Reads outside of a transaction. */
  async query<Row>(statement: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    const runner = this.source.createQueryRunner();
    try {
      return await (await this.sessions.open(runner)).query<Row>(statement, values);
    } finally {
      await runner.release();
    }
  }

  /**
   * Runs `work` in one transaction and shouts what it owes after the commit. The whole callback runs again after conflicts
   * and lost connections, also when the outcome of the commit is unknown: so it must be safe to repeat.
   * @throws StoreUnavailableError when PostgreSQL cannot be reached; whatever `work` throws otherwise.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.repeatedly(() => this.once(work));
  }

  /**
   * The same for work that is one statement, owes nothing and decides nothing after it: the statement is the transaction, so it takes one
   * round trip instead of three.
   * @throws what `transaction` throws.
   */
  single<T>(work: (tx: SingleTx) => Promise<T>): Promise<T> {
    return this.repeatedly(() => this.onceSingle(work));
  }

  private async repeatedly<T>(run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        if (!isWorthRepeating(error)) throw error;
        if (attempt >= TRIES_MAX)
          throw isConnectionFault(error)
            ? new StoreUnavailableError('PostgreSQL cannot be reached', { cause: error })
            : error;
        this.log.debug({ err: error, attempt }, 'transaction starts over');
        await pause(attempt);
      }
    }
  }

  private async once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.lent(async (session) => {
      await session.begin();
      try {
        const tx = new Tx(session, this.options.leaseMs, this.options.tellsHost);
        const result = await work(tx);
        await tx.end();
        this.markBeforeCommit();
        await session.commit();
        return { result, owed: tx.owed };
      } catch (error) {
        // The connection may be gone, and then the server has rolled back by itself: the first error is the one that matters. After a failed
        // statement those sent along with it fail as well, and theirs may reach us sooner.
        await session.rollback().catch(() => undefined);
        throw session.firstError ?? error;
      }
    });
  }

  private async onceSingle<T>(work: (tx: SingleTx) => Promise<T>): Promise<T> {
    return this.lent(async (session) => {
      session.beginSingle();
      // Nothing lies between the statement and its commit: whatever befalls us before the commit befalls us before the statement.
      this.markBeforeCommit();
      return { result: await work(new SingleTx(session)), owed: [] };
    });
  }

  private async lent<T>(
    use: (session: Session) => Promise<{ readonly result: T; readonly owed: readonly Owed[] }>,
  ): Promise<T> {
    const runner = this.source.createQueryRunner();
    const { result, owed } = await this.sessions
      .open(runner)
      .then(use)
      .finally(() => runner.release());
    this.crash('store.after_commit');
    if (owed.length > 0) this.announce(owed);
    return result;
  }

  private markBeforeCommit(): void {
    this.options.beforeCommit?.();
    this.crash('store.before_commit');
  }
}

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'driverError' in error ? codeOf(error.driverError) : '';
};

const CONNECTION_CODES =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|57P0[123]|08...|53300)$/;
/** What the driver and the pool say without a code. */
const CONNECTION_MESSAGES =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Driver not Connected/;

/** Whether the error says that PostgreSQL is away, rather than that a statement was wrong. */
export function isConnectionFault(error: unknown): boolean {
  if (error instanceof StoreUnavailableError) return true;
  const code = codeOf(error);
  if (CONNECTION_CODES.test(code)) return true;
  const message = error instanceof Error ? error.message : '';
  return CONNECTION_MESSAGES.test(message);
}

const isWorthRepeating = (error: unknown): boolean =>
  error instanceof StartOverError || RETRYABLE.test(codeOf(error)) || isConnectionFault(error);

const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt * (0.5 + Math.random())));
