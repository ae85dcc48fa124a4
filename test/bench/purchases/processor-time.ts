import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const MICROS_PER_TICK = 10_000;

/** Processor time since a process started, in microseconds; `reaped` is that of its children that have ended. */
type Spent = { readonly parent: number; readonly own: number; readonly reaped: number };

/** Reads /proc/<pid>/stat; undefined once the process has ended. */
function spentBy(pid: number): Spent | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The command may hold blanks and brackets, so the fields are counted from its closing bracket: state is field 3.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const field = (nth: number): number => fields[nth - 3] ?? 0;
    return {
      parent: field(4),
      own: (field(14) + field(15)) * MICROS_PER_TICK,
      reaped: (field(16) + field(17)) * MICROS_PER_TICK,
    };
  } catch {
    return undefined;
  }
}

/** Processor time of single processes, in microseconds. */
export function processorMicros(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (spentBy(pid)?.own ?? 0), 0);
}

/** Processor time of a server and all its children, living or ended: PostgreSQL has a process per connection. */
export function processorMicrosOfFamily(pid: number): number {
  const parent = spentBy(pid);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => spentBy(Number(name)))
    .filter((spent) => spent?.parent === pid);
  return (parent?.own ?? 0) + (parent?.reaped ?? 0) + children.reduce((sum, spent) => sum + (spent?.own ?? 0), 0);
}

/** Resident memory of a process in megabytes. */
export function memoryMb(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? '0';
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return 0;
  }
}
