/** How much may travel together, everywhere: ids in a job, commands in a transaction, envelopes in an intake job. */
export const BATCH_SIZE_MAX = 200;

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** What a batch is done with, and how far it may grow. */
export type NaturalBatchOptions<Item, Result> = {
  /** Does all items at once; the results are in the order of the items. It may reject as a whole. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** At most this many items in one run. */
  readonly sizeMax?: number;
  /** How many batches may be in flight at a time; 1 where nothing is said. */
  readonly inFlightMax?: number;
  /** At most this many items waiting; further ones are refused at once, so that memory is bounded. */
  readonly waitingMax?: number;
  /** Whether a batch that failed with this error is run again item by item, so that a poison item fails alone. Without it: always. */
  readonly splitOnFailure?: boolean | ((error: unknown) => boolean);
};

/** Thrown when more waits than may wait: the caller should answer "busy" rather than queue without end. */
export class BatchOverflowError extends Error {
  override readonly name = 'BatchOverflowError';
}

/**
 * Natural batching: whatever gathers while the previous batch is in flight travels together.
 * There is no timer: an idle process moves a single item at once, a loaded one moves hundreds per commit.
 * One batch is in flight at a time, or as many as are allowed. Each item settles on its own.
 */
export class NaturalBatch<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private inFlight = 0;
  private idle: (() => void)[] = [];
  private readonly sizeMax: number;
  private readonly waitingMax: number;

  constructor(private readonly options: NaturalBatchOptions<Item, Result>) {
    this.sizeMax = options.sizeMax ?? BATCH_SIZE_MAX;
    this.waitingMax = options.waitingMax ?? 20_000;
  }

  /** How many items have not been taken into a batch yet. */
  get backlog(): number {
    return this.waiting.length;
  }

  /** Adds one item; settles with its own result or error. */
  add(item: Item): Promise<Result> {
    if (this.waiting.length >= this.waitingMax) {
      return Promise.reject(new BatchOverflowError(`more than ${String(this.waitingMax)} items wait`));
    }
    const settled = new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
    });
    this.setOff();
    return settled;
  }

  /** Resolves when nothing waits and nothing is in flight. */
  whenIdle(): Promise<void> {
    if (this.inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  private setOff(): void {
    if (this.inFlight >= (this.options.inFlightMax ?? 1)) return;
    this.inFlight += 1;
    // One turn of the event loop lets everything that arrived in the same read travel together.
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    for (let running = this.runNext(); running !== undefined;) {
      const handOut = await running;
      // What has gathered meanwhile sets off first: the work goes on while these results are made use of.
      running = this.runNext();
      handOut();
    }
    this.inFlight -= 1;
    if (this.inFlight > 0) return;
    const waiters = this.idle;
    this.idle = [];
    for (const done of waiters) done();
  }

  private runNext(): Promise<() => void> | undefined {
    return this.waiting.length === 0 ? undefined : this.runBatch(this.waiting.splice(0, this.sizeMax));
  }

  /** Runs a batch, and what is left of a failed one; answers how its results are handed out. */
  private async runBatch(batch: readonly Waiting<Item, Result>[]): Promise<() => void> {
    try {
      const results = await this.options.run(batch.map((one) => one.item));
      return () => {
        batch.forEach((one, index) => {
          if (index < results.length) one.resolve(results[index] as Result);
          else one.reject(missing(results.length, batch.length));
        });
      };
    } catch (error) {
      if (batch.length === 1 || !this.isSplitAfter(error)) {
        return () => {
          for (const one of batch) one.reject(error);
        };
      }
      for (const one of batch) (await this.runBatch([one]))();
      return () => undefined;
    }
  }

  private isSplitAfter(error: unknown): boolean {
    const { splitOnFailure = true } = this.options;
    return typeof splitOnFailure === 'function' ? splitOnFailure(error) : splitOnFailure;
  }
}

const missing = (results: number, items: number): Error =>
  new Error(`the batch returned ${String(results)} results for ${String(items)} items`);
