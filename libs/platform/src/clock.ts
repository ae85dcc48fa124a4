/** Where business time comes from. Leases and due times use PostgreSQL's clock instead. */
export type Clock = { now(): Date };

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that tests move by hand. */
export class MovableClock implements Clock {
  constructor(private instant: Date) {}
  now(): Date {
    return new Date(this.instant);
  }
  moveTo(instant: Date): void {
    this.instant = new Date(instant);
  }
  advanceMs(durationMs: number): void {
    this.instant = new Date(this.instant.getTime() + durationMs);
  }
}
