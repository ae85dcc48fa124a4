import { diffCatalogues } from '@billfleet/domain';
import type { Catalogue, CatalogueChange } from '@billfleet/domain';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { describeFaults, presentCataloguePath, readCatalogue, requireCatalogues } from '../read-catalogue.js';
import { print, printJson, say, table } from '../terminal.js';
import { impactCommand } from './catalog-impact.js';
import type { ImpactEngine } from './catalog-impact.js';

/** `billfleet catalog`: checks, compares and tries out what is sold, before it is published. */
export function catalogCommand(loadEngine: () => Promise<ImpactEngine>): Command {
  return new Command('catalog')
    .description('check a catalogue, compare two, and see what a new one means for renewals')
    .addHelpText(
      'before',
      'Examples:\n  billfleet catalog check new.yaml\n  billfleet catalog diff config/catalogue.yaml new.yaml\n' +
        '  billfleet catalog impact new.yaml\n',
    )
    .addCommand(checkCommand())
    .addCommand(diffCommand())
    .addCommand(impactCommand(loadEngine));
}

function checkCommand(): Command {
  return new Command('check')
    .description('tell everything that is wrong with a catalogue file')
    .argument('[file]', 'the file; that of the fleet when left out')
    .option('--json', 'print the result as JSON')
    .addHelpText('before', 'Examples:\n  billfleet catalog check\n  billfleet catalog check --json new.yaml\n')
    .action((file: string | undefined, options: { json?: boolean }) => {
      process.exitCode = check(file ?? presentCataloguePath(), options.json === true);
    });
}

function check(file: string, asJson: boolean): ExitCode {
  const outcome = readCatalogue(file);
  if (outcome.kind === 'faulty') {
    if (asJson) printJson({ ok: false, file, faults: outcome.faults });
    else for (const line of describeFaults(file, outcome.faults)) say(line);
    return exitCodes.configuration;
  }
  const summary = summaryOf(outcome.catalogue);
  if (asJson) printJson({ ok: true, file, ...summary, faults: [] });
  else {
    const { version, ...counts } = summary;
    const counted = Object.entries(counts).map(([what, count]) => `${String(count)} ${COUNTED[what] ?? what}`);
    print(`${file}: valid, version ${version}: ${counted.join(', ')}`);
  }
  return exitCodes.ok;
}

const COUNTED: Readonly<Record<string, string>> = {
  priceLists: 'price lists for everybody',
  privateLists: 'for one workspace',
  addOns: 'add-ons',
};

function summaryOf(catalogue: Catalogue) {
  const isOpen = (list: Catalogue['priceLists'][number]) => list.workspaceId === undefined;
  const open = catalogue.priceLists.filter(isOpen).length;
  return {
    version: catalogue.version,
    plans: catalogue.plans.length,
    periods: catalogue.periods.length,
    limits: catalogue.limits.length,
    priceLists: open,
    privateLists: catalogue.priceLists.length - open,
    addOns: catalogue.addOns.length,
  };
}

function diffCommand(): Command {
  return new Command('diff')
    .description('show what differs between two catalogue files')
    .argument('<old>', 'the file as it is')
    .argument('<new>', 'the file as it shall be')
    .option('--json', 'print the changes as JSON')
    .addHelpText('before', 'Examples:\n  billfleet catalog diff config/catalogue.yaml new.yaml\n')
    .action((olderPath: string, newerPath: string, options: { json?: boolean }) => {
      const [older, newer] = requireCatalogues(olderPath, newerPath);
      const changes = diffCatalogues(older, newer);
      if (options.json === true) printJson({ from: older.version, to: newer.version, changes });
      else if (changes.length === 0) print('no difference');
      else print(table(['PART', 'WHAT', 'CHANGE', 'OLD', 'NEW', 'PERCENT'], changes.map(changeRow)));
    });
}

function changeRow({ section, what, kind, from, to, percent }: CatalogueChange): readonly string[] {
  return [section, what, kind, from ?? '', to ?? '', percent ?? ''];
}
