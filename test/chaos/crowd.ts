import { playBuyer } from './buyers.js';
import type { BuyerRecord, Counters } from './buyers.js';
import { PatientClient } from './gateway-client.js';
import type { BuyerPlan } from './plan.js';
import type { World } from './world.js';

/** All buyers of a run: let in one after the other, each on his own from then on. */
export class Crowd {
  readonly records: BuyerRecord[] = [];
  private readonly counters: Counters;
  private readonly over = new AbortController();
  private readonly playing = new Set<Promise<unknown>>();
  private next = 0;

  constructor(
    { environment }: World,
    private readonly plans: readonly BuyerPlan[],
  ) {
    const client = (variable: string, key: string): PatientClient =>
      new PatientClient(
        environment[variable] ?? '',
        { authorization: `Bearer ${environment[key] ?? ''}` },
        this.over.signal,
      );
    this.counters = {
      gateway: client('BILLFLEET_PUBLIC_URL', 'BILLFLEET_BOOTSTRAP_API_KEY'),
      provider: client('BILLFLEET_SANDBOX_URL', 'BILLFLEET_SANDBOX_API_KEY'),
    };
  }

  /** Whether somebody waits outside. */
  get hasMore(): boolean {
    return this.next < this.plans.length;
  }

  get isDone(): boolean {
    return this.next === this.plans.length && this.playing.size === 0;
  }

  private release(count: number): void {
    for (const plan of this.plans.slice(this.next, this.next + count)) {
      this.next += 1;
      const done = playBuyer(this.counters, plan).then((record) => {
        this.records.push(record);
        this.playing.delete(done);
      });
      this.playing.add(done);
    }
  }

  /** Lets buyers in until this share of them has come. */
  releaseShare(share: number): void {
    this.release(Math.max(0, Math.ceil(this.plans.length * share) - this.next));
  }

  /** Lets a few in, unless this share of all has come already. */
  releaseUpTo(count: number, share: number): void {
    this.release(Math.max(0, Math.min(count, Math.ceil(this.plans.length * share) - this.next)));
  }

  releaseAll(): void {
    this.releaseShare(1);
  }

  /** Ends the run for those who still wait; they say so in their records. */
  async sendHome(): Promise<void> {
    this.over.abort();
    await Promise.all(this.playing);
  }
}
