import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import type { AuditResult } from '@billfleet/store';
import { Command } from 'commander';
import { environmentToUse, requireServer } from '../environment.js';
import { exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';

export type { AuditResult };

/** Runs every audit against the database of a configuration; those that cannot be run come back as skipped. */
export type AuditEngine = (config: Config) => Promise<readonly AuditResult[]>;

/** `billfleet audit`: proves the books, or says which rule is broken by which rows. */
export function auditCommand(loadEngine: () => Promise<AuditEngine>): Command {
  return new Command('audit')
    .description('check every invariant of the books against the database')
    .option('--json', 'print the results as JSON')
    .addHelpText('before', 'Examples:\n  billfleet audit\n  billfleet audit --json | jq .violations\n')
    .action(async (options: { json?: boolean }) => {
      process.exitCode = await audit(await loadEngine(), options.json === true);
    });
}

async function audit(engine: AuditEngine, asJson: boolean): Promise<ExitCode> {
  const environment = environmentToUse();
  requireServer(environment, 'DATABASE_URL');
  requireServer(environment, 'REDIS_URL');
  const results = await engine(loadConfig(environment.values));
  const violations = results.reduce((sum, result) => sum + result.violations, 0);
  if (asJson) {
    const skipped = results.filter((result) => result.skipped !== undefined).length;
    printJson({ ok: violations === 0, violations, skipped, audits: results });
  } else {
    print(
      table(
        ['AUDIT', 'HOLDS', 'VIOLATIONS', 'RULE'],
        results.map((one) => [
          one.id,
          one.kind,
          one.skipped === undefined ? String(one.violations) : 'skipped',
          one.about,
        ]),
      ),
    );
    for (const one of results) for (const example of one.examples) print(`${one.id}: ${JSON.stringify(example)}`);
  }
  return violations === 0 ? exitCodes.ok : exitCodes.violations;
}
