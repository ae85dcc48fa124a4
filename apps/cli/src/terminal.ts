/** Data for other programs: one JSON document on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(
    `${JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one), 2)}\n`,
  );
}

/** Data for people: text on stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Everything that is not data: progress, hints and errors, on stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Rows as columns of equal width; `headings` are the keys in their order. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A duration as people say it: milliseconds below a second, tenths above. */
export function duration(ms: number): string {
  return ms < 1000 ? `${String(Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Runs one step of a longer command and says on stderr what came of it and how long it took. */
export async function step<Result>(
  name: string,
  run: () => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Result> {
  const startedAt = performance.now();
  const result = await run();
  say(`  ${name.padEnd(14)}${describe(result).padEnd(50)} ${duration(performance.now() - startedAt)}`);
  return result;
}
