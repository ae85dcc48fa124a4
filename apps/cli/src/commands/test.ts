import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { runJest } from '../run-jest.js';
import { provideChromium } from '../services/chromium-binary.js';
import { duration, print, say } from '../terminal.js';

/** A slow check in a short form; it throws, or answers what is wrong, when it does not pass. */
export type ShortForm = {
  readonly name: string;
  run(onProgress: (line: string) => void): Promise<{ readonly ok: boolean; readonly found: string }>;
};

type Counts = { passed: number; failed: number; skipped: number };

/** What we read of Jest's own summary. */
type JestSummary = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that failed before any of their tests ran: each one counts as a failure. */
  numRuntimeErrorTestSuites: number;
};

/** `billfleet test`: every test there is, ending in one line of counts on stdout. */
export function testCommand(shortForms: readonly ShortForm[]): Command {
  return new Command('test')
    .description('run every test on servers of its own; ends in one line of counts')
    .argument('[jest arguments...]', 'handed to Jest; a selection leaves out the short forms of slow checks')
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText(
      'before',
      'Examples:\n  billfleet test\n  billfleet test libs/domain\n  billfleet test --selectProjects pure --watch\n',
    )
    .action(async (jestArguments: string[]) => {
      if (mayNeedBrowser(jestArguments) && provideChromium(say) === undefined) say(NO_CHROMIUM);
      process.exitCode = await runTests(jestArguments, jestArguments.length === 0 ? shortForms : []);
    });
}

const NO_CHROMIUM = `
  NO CHROMIUM: the tests of the billing page in a real browser are SKIPPED.
  Install one (Debian: apt-get install chromium), or name one in CHROMIUM_PATH.
`;

/** Whether tests in a browser may be among those that are wanted. */
const mayNeedBrowser = (jestArguments: readonly string[]): boolean =>
  jestArguments.length === 0 || jestArguments.some((argument) => argument.includes('browser'));

async function runTests(jestArguments: readonly string[], shortForms: readonly ShortForm[]): Promise<ExitCode> {
  const counts = await countedJest(jestArguments);
  for (const form of shortForms) {
    if (await runShortForm(form)) counts.passed += 1;
    else counts.failed += 1;
  }
  print(`${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(counts.skipped)} skipped`);
  return counts.failed === 0 ? exitCodes.ok : exitCodes.violations;
}

async function countedJest(jestArguments: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-test-'));
  const summaryFile = path.join(folder, 'summary.json');
  try {
    const status = await runJest(['--json', '--outputFile', summaryFile, ...jestArguments]);
    if (!existsSync(summaryFile)) return { passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 };
    const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as JestSummary;
    const counts = {
      passed: summary.numPassedTests,
      failed: summary.numFailedTests + summary.numRuntimeErrorTestSuites,
      skipped: summary.numPendingTests + summary.numTodoTests,
    };
    // A run that ends badly without a failed test (no test found, a broken set-up) is not a success.
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runShortForm(form: ShortForm): Promise<boolean> {
  const startedAt = performance.now();
  const lines: string[] = [];
  const { ok, found } = await form
    .run((line) => lines.push(line))
    .catch((error: unknown) => ({
      ok: false,
      found: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }));
  say(`${ok ? 'PASS' : 'FAIL'} ${form.name}: ${found} (${duration(performance.now() - startedAt)})`);
  if (!ok) say(lines.join('\n'));
  return ok;
}
