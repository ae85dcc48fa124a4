import { CURRENCY_EXPONENT, minorToDecimal, totalImpacts } from '@billfleet/domain';
import type { Catalogue, ChargedPrice, Currency, ImpactFault, ImpactTotal, RenewalImpact } from '@billfleet/domain';
import { Command } from 'commander';
import { environmentToUse, requireServer } from '../environment.js';
import { exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { presentCataloguePath, requireCatalogues } from '../read-catalogue.js';
import { print, say, table } from '../terminal.js';

/** Reads the running subscriptions of a database, in pages, with what a new catalogue means for each. Writes nothing. */
export type ImpactEngine = (
  databaseUrl: string,
  catalogues: { readonly present: Catalogue; readonly next: Catalogue },
  pageSize: number,
) => AsyncIterable<readonly RenewalImpact[]>;

const PAGE_SIZE = 1_000;

/** So many workspaces are named with a fault in the end; every one of them has its row before. */
const NAMED_MAX = 20;

const FAULTS: Readonly<Record<ImpactFault, string>> = {
  'list-missing': 'the new file lacks this list in their currency',
  'plan-missing': 'the new file has no such plan, or no price for it on this list',
  'period-missing': 'the new file lacks this period',
  'price-changed': 'renewing under this list would cost something else than now; add a new list or period instead',
};

const ROW_HEADINGS = [
  'WORKSPACE',
  'RENEWS',
  'PLAN',
  'SEATS',
  'MONTHS',
  'LIST',
  'NOW',
  'KEEPS LIST',
  'NEW LIST',
  'NEW',
  'DIFFERENCE',
  'WITH TAX NOW',
  'WITH TAX LATER',
  'FAULT',
];

/** `billfleet catalog impact`: what the next renewal of every running subscription would cost under a new catalogue. */
export function impactCommand(loadEngine: () => Promise<ImpactEngine>): Command {
  return new Command('impact')
    .description('show what every next renewal costs now and would cost under a new catalogue')
    .argument('<new>', 'the file as it shall be; the present one is that of the fleet')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'before',
      'Examples:\n  billfleet catalog impact new.yaml\n  billfleet catalog impact --json new.yaml\n',
    )
    .action(async (newPath: string, options: { json?: boolean }) => {
      const [present, next] = requireCatalogues(presentCataloguePath(), newPath);
      const databaseUrl = requireServer(environmentToUse(), 'DATABASE_URL');
      const pages = (await loadEngine())(databaseUrl, { present, next }, PAGE_SIZE);
      process.exitCode = await tell(pages, options.json === true);
    });
}

/** The workspaces that a fault stops, by what is at fault. */
export type FaultGroup = {
  readonly fault: ImpactFault;
  readonly subject: string;
  readonly subscriptions: number;
  /** The first ones. */
  readonly workspaces: readonly string[];
};

/** Writes page by page, also as JSON, so that memory stays bounded. Answers 1 when there was a fault. */
async function tell(pages: AsyncIterable<readonly RenewalImpact[]>, asJson: boolean): Promise<ExitCode> {
  let totals: ReadonlyMap<Currency, ImpactTotal> = new Map();
  let groups: ReadonlyMap<string, FaultGroup> = new Map();
  let separator = '';
  if (asJson) process.stdout.write('{"renewals":[');
  for await (const page of pages) {
    totals = totalImpacts(page, totals);
    groups = groupFaults(page, groups);
    if (!asJson) {
      print(table(ROW_HEADINGS, page.map(rowOf)));
      continue;
    }
    for (const impact of page) {
      process.stdout.write(`${separator}\n${jsonOf(impact)}`);
      separator = ',';
    }
  }
  const faults = [...groups.values()];
  if (asJson) {
    const tail = jsonOf({ totals: [...totals.values()], faults, ok: faults.length === 0 });
    process.stdout.write(`\n],${tail.slice(1)}\n`);
  } else {
    printTotals([...totals.values()]);
  }
  for (const group of faults) say(faultLine(group));
  return faults.length === 0 ? exitCodes.ok : exitCodes.violations;
}

/** Adds the faults of a page to those that were found so far. */
export function groupFaults(
  page: readonly RenewalImpact[],
  sofar: ReadonlyMap<string, FaultGroup> = new Map(),
): ReadonlyMap<string, FaultGroup> {
  const groups = new Map(sofar);
  for (const { fault, priceList, plan, periodMonths, workspaceId } of page) {
    if (fault === undefined) continue;
    const subject = fault === 'list-missing' ? priceList : `${priceList}, ${plan}, ${String(periodMonths)} months`;
    const key = `${fault} ${subject}`;
    const { subscriptions = 0, workspaces = [] } = groups.get(key) ?? {};
    const named = workspaces.length < NAMED_MAX ? [...workspaces, workspaceId] : workspaces;
    groups.set(key, { fault, subject, subscriptions: subscriptions + 1, workspaces: named });
  }
  return groups;
}

function faultLine({ fault, subject, subscriptions, workspaces }: FaultGroup): string {
  const more = subscriptions > workspaces.length ? ` and ${String(subscriptions - workspaces.length)} more` : '';
  const count = `${String(subscriptions)} running ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`;
  return `${subject}: ${FAULTS[fault]}; ${count}: ${workspaces.join(', ')}${more}`;
}

function rowOf(impact: RenewalImpact): readonly string[] {
  const { currency, presentMinor, keptMinor, offered } = impact;
  const shown = (amountMinor: bigint | undefined) => (amountMinor === undefined ? '-' : decimal(amountMinor, currency));
  return [
    impact.workspaceId,
    impact.endsOn,
    impact.plan,
    String(impact.seats),
    String(impact.periodMonths),
    impact.priceList,
    `${shown(presentMinor)} ${currency}`,
    presentMinor !== undefined && keptMinor === presentMinor ? 'no change' : shown(keptMinor),
    offered?.priceList ?? '-',
    shown(offered?.amountMinor),
    signed(offered?.differenceMinor, currency),
    charged(impact.charged?.present, currency),
    charged(impact.charged?.kept, currency),
    impact.fault ?? '',
  ];
}

/** What is charged, and what of it is tax. */
function charged(price: ChargedPrice | undefined, currency: Currency): string {
  if (price === undefined) return '-';
  return `${decimal(price.amountMinor, currency)} (tax ${decimal(price.taxMinor, currency)})`;
}

function printTotals(totals: readonly ImpactTotal[]): void {
  if (totals.length === 0) {
    print('no subscription runs');
    return;
  }
  const headings = [
    ...['CURRENCY', 'SUBSCRIPTIONS', 'COMPARED', 'NOW', 'NEW', 'DIFFERENCE'],
    ...['WITH TAX NOW', 'WITH TAX LATER', 'DIFFERENCE', 'FAULTS'],
  ];
  const rows = totals.map((total) => [
    total.currency,
    String(total.subscriptions),
    String(total.compared),
    decimal(total.presentMinor, total.currency),
    decimal(total.newMinor, total.currency),
    signed(total.differenceMinor, total.currency),
    decimal(total.charged.presentMinor, total.currency),
    decimal(total.charged.keptMinor, total.currency),
    signed(total.charged.differenceMinor, total.currency),
    String(total.faults),
  ]);
  print(`\n${table(headings, rows)}`);
}

function decimal(amountMinor: bigint, currency: Currency): string {
  return minorToDecimal(amountMinor, CURRENCY_EXPONENT[currency]);
}

function signed(amountMinor: bigint | undefined, currency: Currency): string {
  if (amountMinor === undefined) return '-';
  return `${amountMinor > 0n ? '+' : ''}${decimal(amountMinor, currency)}`;
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
}
