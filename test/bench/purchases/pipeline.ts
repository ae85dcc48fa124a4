import type { BenchChild } from './child.js';

/** One of the two pipelines, up and ready to be measured. */
export type Pipeline = {
  readonly databaseUrl: string;
  readonly upstream: BenchChild;
  /** Every Node process of the pipeline by name, the upstream service included. */
  readonly processes: ReadonlyMap<string, number>;
  /** Selects `workspace_id` and `at_ms` (commit time, epoch) of every purchase whose seats are granted. */
  readonly grantsQuery: string;
  /** Counts purchases whose seats are granted, as `n`. */
  readonly grantsCountQuery: string;
  /** Lets what is still owed drain, then says what is wrong with the first `purchases` purchases; empty when nothing is. */
  verify(purchases: number): Promise<readonly string[]>;
  stop(): Promise<void>;
};

/** Compares counted rows with what they must be; answers one line per difference. */
export function differences(
  found: Readonly<Record<string, string | number>>,
  wanted: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(wanted).flatMap(([name, count]) =>
    Number(found[name]) === count ? [] : [`${name}: found ${String(found[name])}, wanted ${String(count)}`],
  );
}
