/** How many failed tries one address has in one window of time. */
type Tries = { count: number; endsMs: number };

/** When an address may fail again; a limit in tries and a window in milliseconds. */
export type FailedLoginsOptions = {
  readonly triesMax?: number;
  readonly windowMs?: number;
  /** A clock that only runs forwards, in milliseconds. */
  readonly nowMs?: () => number;
};

/** Addresses remembered at most; whoever failed first is forgotten first. */
const ADDRESSES_MAX = 10_000;

/** Counts failed authentications by address, in memory. Guessing keys must not cost the database anything: every guess would be a query. */
export class FailedLogins {
  private readonly byAddress = new Map<string, Tries>();
  private readonly triesMax: number;
  private readonly windowMs: number;
  private readonly nowMs: () => number;

  constructor({ triesMax = 300, windowMs = 60_000, nowMs = () => performance.now() }: FailedLoginsOptions = {}) {
    this.triesMax = triesMax;
    this.windowMs = windowMs;
    this.nowMs = nowMs;
  }

  /** Counts one failure. */
  record(address: string): void {
    const tries = this.open(address);
    if (tries !== undefined) tries.count += 1;
    else {
      this.byAddress.delete(address);
      this.byAddress.set(address, { count: 1, endsMs: this.nowMs() + this.windowMs });
      const [oldest] = this.byAddress.keys();
      if (this.byAddress.size > ADDRESSES_MAX && oldest !== undefined) this.byAddress.delete(oldest);
    }
  }

  /** Whole seconds until this address may try again; 0 = now. */
  waitSeconds(address: string): number {
    const tries = this.open(address);
    if (tries === undefined || tries.count < this.triesMax) return 0;
    return Math.max(1, Math.ceil((tries.endsMs - this.nowMs()) / 1_000));
  }

  private open(address: string): Tries | undefined {
    const tries = this.byAddress.get(address);
    return tries !== undefined && tries.endsMs > this.nowMs() ? tries : undefined;
  }
}
