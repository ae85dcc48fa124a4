import { readFileSync } from 'node:fs';
import { parseCatalogue } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { ConfigError } from '@billfleet/platform';

/**
 * Reads the catalogue file.
 * @throws ConfigError with every fault at once: a process that meets it exits with 78.
 */
export function loadCatalogue(path: string): Catalogue {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([
      {
        name: 'BILLFLEET_CATALOGUE',
        found,
        wanted: 'the path of a readable catalogue file',
        example: 'config/catalogue.yaml',
      },
    ]);
  }
  const parsed = parseCatalogue(text);
  if (parsed.kind === 'faulty')
    throw new ConfigError(parsed.faults.map((fault) => ({ ...fault, name: `${path}: ${fault.name}` })));
  return parsed.catalogue;
}
