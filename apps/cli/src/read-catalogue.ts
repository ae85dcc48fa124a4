import { readFileSync } from 'node:fs';
import { parseCatalogue } from '@billfleet/contracts';
import type { CatalogueFault, CatalogueOutcome } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { environmentToUse } from './environment.js';
import { CommandError, exitCodes } from './exit-codes.js';

const DEFAULT_PATH = 'config/catalogue.yaml';

/** The file that the fleet of this environment sells from. */
export function presentCataloguePath(): string {
  return environmentToUse().values['BILLFLEET_CATALOGUE'] ?? DEFAULT_PATH;
}

/** Reads a catalogue file; one that cannot be opened is faulty like any other. */
export function readCatalogue(path: string): CatalogueOutcome {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { kind: 'faulty', faults: [{ name: '(file)', found, wanted: 'a readable file', example: DEFAULT_PATH }] };
  }
  return parseCatalogue(text);
}

/**
 * Reads two catalogue files that a command cannot do without.
 * @throws CommandError (78) with the faults of both.
 */
export function requireCatalogues(olderPath: string, newerPath: string): readonly [older: Catalogue, newer: Catalogue] {
  const older = readCatalogue(olderPath);
  const newer = readCatalogue(newerPath);
  if (older.kind === 'valid' && newer.kind === 'valid') return [older.catalogue, newer.catalogue];
  const faults = [
    ...(older.kind === 'faulty' ? describeFaults(olderPath, older.faults) : []),
    ...(newer.kind === 'faulty' ? describeFaults(newerPath, newer.faults) : []),
  ];
  throw new CommandError(exitCodes.configuration, faults.join('\n'));
}

/** All that is wrong with a file, for people. */
export function describeFaults(path: string, faults: readonly CatalogueFault[]): readonly string[] {
  const count = `${String(faults.length)} ${faults.length === 1 ? 'fault' : 'faults'}`;
  return [
    `${path}: ${count}`,
    ...faults.map(
      ({ name, found, wanted, example }) =>
        `  ${name}\n    found    ${found}\n    wanted   ${wanted}\n    example  ${example}`,
    ),
  ];
}
