import type { Given } from './journey.js';

const DAY_MS = 86_400_000;

/** Moves the clock to an hour of UTC on a day, counted from the end of a term, and waits for nothing; the commits of the mode crash again. */
export function jumpTo({ fleet, mode }: Given, endsOn: string, days: number, hourUtc = 15): void {
  const target = Date.parse(`${endsOn}T00:00:00Z`) + days * DAY_MS + hourUtc * 3_600_000;
  fleet.clock.advanceMs(target - fleet.clock.now().getTime());
  fleet.crashAtCommit(mode.crashAt);
}

/** The same, and waits until nothing is owed. */
export async function moveTo(given: Given, endsOn: string, days: number, hourUtc = 15): Promise<void> {
  jumpTo(given, endsOn, days, hourUtc);
  await given.fleet.settle();
}

/** The civil day so many days after another. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** A civil day some months after another one, where both months have that day. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, dayOfMonth)).toISOString().slice(0, 10);
}
