import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { print, printJson, say } from '../terminal.js';

/** What came of running case files. A case that cannot be read is among the failed ones, and its faults are told. */
export type VerifyReport = {
  readonly passed: number;
  readonly failed: number;
  readonly differences: readonly {
    readonly file: string;
    readonly id: string;
    readonly what: string;
    readonly expected: string;
    readonly found: string;
  }[];
  readonly faults: readonly {
    readonly file: string;
    readonly name: string;
    readonly found: string;
    readonly wanted: string;
    readonly caseId?: string;
  }[];
};

/** Runs case files against the engine. */
export type VerifyEngine = (files: readonly string[]) => Promise<VerifyReport>;

/** `billfleet verify`: runs language-neutral cases against the engine and shows every difference. */
export function verifyCommand(loadEngine: () => Promise<VerifyEngine>): Command {
  return new Command('verify')
    .description('run language-neutral case files against the engine')
    .argument('<files...>', 'case files (docs/reference/case-format.md)')
    .option('--json', 'print the result as JSON')
    .addHelpText('before', 'Examples:\n  billfleet verify test/cases/*.json\n  billfleet verify --json my-cases.json\n')
    .action(async (files: string[], options: { json?: boolean }) => {
      const report = await (await loadEngine())(files);
      process.exitCode = conclude(report, options.json === true);
    });
}

function conclude(report: VerifyReport, asJson: boolean): ExitCode {
  const { passed, failed, differences, faults } = report;
  for (const { file, name, found, wanted, caseId } of faults) {
    const which = caseId === undefined ? '' : ` (case ${caseId})`;
    say(`${file}: ${name}${which}: found ${found}, wanted ${wanted}`);
  }
  if (asJson) {
    printJson(report);
  } else {
    for (const { file, id, what, expected, found } of differences) {
      print(`${file}: ${id}: ${what}: expected ${expected}, found ${found}`);
    }
    print(`${String(passed)} passed, ${String(failed)} failed`);
  }
  if (faults.length > 0) return exitCodes.usage;
  return failed === 0 ? exitCodes.ok : exitCodes.violations;
}
