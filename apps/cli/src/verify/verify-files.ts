import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCaseFile, parseCatalogue } from '@billfleet/contracts';
import type { CaseFault } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { ConfigError } from '@billfleet/platform';
import { checkoutRoot } from '../checkout.js';
import type { VerifyEngine, VerifyReport } from '../commands/verify.js';
import { runCase } from './run-case.js';

/** Runs every case of every file against the engine and the demo catalogue; a case that cannot be read counts as failed. */
export const verifyFiles: VerifyEngine = (files) => {
  const catalogue = demoCatalogue();
  const report = { passed: 0, failed: 0, differences: [] as VerifyReport['differences'][number][] };
  const faults: VerifyReport['faults'][number][] = [];
  for (const file of files) {
    const { cases, faults: unread } = readCases(file);
    faults.push(...unread.map((fault) => ({ file, ...fault })));
    report.failed += new Set(unread.flatMap((fault) => fault.caseId ?? [])).size;
    for (const one of cases) {
      const differences = runCase(one, catalogue);
      report.differences.push(...differences.map((difference) => ({ file, id: one.id, ...difference })));
      report[differences.length === 0 ? 'passed' : 'failed'] += 1;
    }
  }
  return Promise.resolve({ ...report, faults });
};

function readCases(file: string): ReturnType<typeof parseCaseFile> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    const fault: CaseFault = { name: '(file)', found, wanted: 'a file that can be read' };
    return { cases: [], faults: [fault] };
  }
  return parseCaseFile(text);
}

/** Read here and not by the use cases, which would bring the database client along. */
function demoCatalogue(): Catalogue {
  const file = path.join(checkoutRoot(), 'config/catalogue.yaml');
  const parsed = parseCatalogue(readFileSync(file, 'utf8'));
  if (parsed.kind === 'valid') return parsed.catalogue;
  throw new ConfigError(parsed.faults.map((fault) => ({ ...fault, name: `${file}: ${fault.name}` })));
}
