import type { BooksChecked } from '@billfleet/billing';
import { crashPoints } from '@billfleet/platform';
import type { AuditResult } from '@billfleet/store';
import type { ChaosResult } from '../../apps/cli/src/commands/chaos.js';
import type { Ran } from './run-chaos.js';
import { historyOf } from './verdict.js';
import type { Harm, Verdict } from './verdict.js';

const HISTORIES_SHOWN_MAX = 10;

/** Sums a run up; whatever is wrong is told in full on the way. */
export async function report(run: {
  readonly seed: number;
  readonly orders: number;
  readonly ran: Ran;
  readonly verdict: Verdict;
  readonly audits: readonly AuditResult[];
  readonly books: BooksChecked;
  readonly onProgress: (line: string) => void;
}): Promise<ChaosResult> {
  const { seed, orders, ran, verdict, audits } = run;
  const { breaker, crowd, quiet, world } = ran;
  const count = (kind: Harm['kind']): number => verdict.harms.filter((harm) => harm.kind === kind).length;
  const auditViolations = audits.reduce((sum, audit) => sum + audit.violations, 0);
  // A fleet that never comes to rest is harm too, even where no single order can be named yet.
  const restless = quiet.isQuiet ? 0 : 1;
  const result: ChaosResult = {
    seed,
    orders,
    faults: [...breaker.done.values()].reduce((sum, one) => sum + one, 0),
    lost: count('lost'),
    doubleCharged: count('double-charge'),
    unpaidSeats: count('unpaid-seats'),
    auditViolations: auditViolations + restless + world.ear.surprises.length,
    bookDifferences: run.books.differences,
    mailDoubled: count('mail-doubled'),
    recoverySeconds: ran.recoverySeconds,
    sometimes: {
      ...Object.fromEntries([...breaker.done].map(([kind, times]) => [`fault:${kind}`, times])),
      ...Object.fromEntries(crashPoints.map((point) => [`crash:${point}`, world.ear.crashesAt(point)])),
      ...Object.fromEntries(world.ear.tallies),
      ...verdict.sometimes,
      redelivered: ran.redelivered,
      httpTries: crowd.records.reduce((sum, record) => sum + record.requests, 0),
    },
  };
  await tellHarm(run);
  return result;
}

async function tellHarm({
  ran,
  verdict,
  audits,
  books,
  onProgress,
}: {
  readonly ran: Ran;
  readonly verdict: Verdict;
  readonly audits: readonly AuditResult[];
  readonly books: BooksChecked;
  readonly onProgress: (line: string) => void;
}): Promise<void> {
  const { quiet, world, open } = ran;
  for (const { name, what, output } of world.ear.surprises) onProgress(`SURPRISE ${name} ${what}\n${output}`);
  for (const left of quiet.owed) onProgress(`STILL OWED ${JSON.stringify(left)}`);
  for (const audit of audits) {
    if (audit.violations > 0)
      onProgress(`AUDIT ${audit.id} ${audit.about}: ${String(audit.violations)} ${JSON.stringify(audit.examples)}`);
  }
  for (const one of books.list) onProgress(`BOOKS ${JSON.stringify(one)}`);
  for (const harm of verdict.harms) onProgress(`HARM ${harm.kind}: ${harm.what}`);
  const orderIds = [...new Set(verdict.harms.flatMap((harm) => harm.orderId ?? []))];
  for (const id of orderIds.slice(0, HISTORIES_SHOWN_MAX))
    onProgress(`HISTORY ${JSON.stringify(await historyOf(open.store, id), undefined, 2)}`);
  const isBad =
    verdict.harms.length > 0 || books.differences > 0 || !quiet.isQuiet || audits.some((audit) => audit.violations > 0);
  if (isBad) for (const line of world.ear.loud.slice(-40)) onProgress(`LOG ${line}`);
}
