/** Something that a process should not have done. */
export type Surprise = { readonly name: string; readonly what: string; readonly output: string };

const TALLIED: Readonly<Record<string, RegExp>> = {
  canaryLossSeen: /Redis lost its jobs/,
  workFailed: /"work failed"/,
  shoutFailed: /shout failed/,
  drainDeadlinePassed: /drain deadline passed/,
  databaseAway: /PostgreSQL is away|dispatch round failed/,
};

/** Hears every line that the fleet writes and keeps what a run wants to know of it. */
export class Ear {
  readonly crashes = new Map<string, number>();
  readonly tallies = new Map<string, number>();
  readonly surprises: Surprise[] = [];
  private readonly lines: string[] = [];

  hear(line: string, name: string): void {
    const point = /"msg":"crash","point":"([^"]+)"/.exec(line)?.[1];
    if (point !== undefined) this.crashes.set(point, (this.crashes.get(point) ?? 0) + 1);
    for (const [tally, pattern] of Object.entries(TALLIED)) {
      if (pattern.test(line)) this.tallies.set(tally, (this.tallies.get(tally) ?? 0) + 1);
    }
    if (/"level":"(fatal|error)"/.test(line)) this.keep(`${name} ${line}`);
  }

  surprise(name: string, what: string, output: string): void {
    this.surprises.push({ name, what, output });
  }

  crashesAt(point: string): number {
    return this.crashes.get(point) ?? 0;
  }

  /** The last lines of level error and above. */
  get loud(): readonly string[] {
    return this.lines;
  }

  private keep(line: string): void {
    this.lines.push(line.slice(0, 1_000));
    if (this.lines.length > LINES_KEPT) this.lines.shift();
  }
}

const LINES_KEPT = 400;
