import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import type { SeatCheckView } from '@billfleet/store';
import { Command } from 'commander';
import { environmentToUse, requireServer } from '../environment.js';
import { CommandError, exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { print, say, table } from '../terminal.js';

/** What came of one workspace's check; `waiting`: the host product, or the fleet, has not answered in time. */
export type CheckedSeats = Pick<SeatCheckView, 'workspaceId' | 'outcome' | 'paid' | 'granted' | 'drifts'> & {
  readonly waiting: boolean;
};

/** Has the fleet check workspaces, or the one that is named, page by page, and answers each page once it is done. */
export type SeatsEngine = (
  config: Config,
  wish: { readonly workspaceId?: string; readonly repair: boolean },
) => AsyncIterable<readonly CheckedSeats[]>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEADINGS = ['WORKSPACE', 'OUTCOME', 'WHAT', 'PAID', 'GRANTED'];

/** `billfleet seats`: what is paid for against what the host product gives. */
export function seatsCommand(loadEngine: () => Promise<SeatsEngine>): Command {
  return new Command('seats')
    .description('compare what is paid for with what the host product gives')
    .addCommand(checkCommand(loadEngine));
}

function checkCommand(loadEngine: () => Promise<SeatsEngine>): Command {
  return new Command('check')
    .description('ask the host product what it gives every running subscription, and show what differs')
    .option('--workspace <id>', 'only this workspace')
    .option('--repair', 'tell the host product again where it gives something else, and ask once more')
    .option('--json', 'print every workspace as JSON')
    .addHelpText(
      'before',
      'Examples:\n  billfleet seats check\n  billfleet seats check --workspace 0190a000-0000-7000-8000-a00000000001 --repair\n',
    )
    .action(async (options: { workspace?: string; repair?: boolean; json?: boolean }) => {
      const { workspace } = options;
      if (workspace !== undefined && !UUID.test(workspace))
        throw new CommandError(exitCodes.usage, `--workspace ${workspace}: the id of a workspace is wanted`);
      const environment = environmentToUse();
      requireServer(environment, 'DATABASE_URL');
      requireServer(environment, 'REDIS_URL');
      const wish = { ...(workspace && { workspaceId: workspace.toLowerCase() }), repair: options.repair === true };
      const pages = (await loadEngine())(loadConfig(environment.values), wish);
      process.exitCode = await tell(pages, options.json === true);
    });
}

/** Writes page by page, also as JSON, so that memory stays bounded. Answers 1 when something differs or did not answer. */
async function tell(pages: AsyncIterable<readonly CheckedSeats[]>, asJson: boolean): Promise<ExitCode> {
  const counts = { checked: 0, drift: 0, waiting: 0 };
  let separator = '';
  if (asJson) process.stdout.write('{"checks":[');
  for await (const page of pages) {
    counts.checked += page.length;
    counts.drift += page.filter(({ drifts }) => drifts.length > 0).length;
    counts.waiting += page.filter(({ waiting }) => waiting).length;
    if (asJson) {
      for (const one of page) {
        process.stdout.write(`${separator}\n${JSON.stringify(one)}`);
        separator = ',';
      }
    } else {
      const rows = page.flatMap(rowsOf);
      if (rows.length > 0) print(table(HEADINGS, rows));
    }
  }
  const ok = counts.drift === 0 && counts.waiting === 0;
  if (asJson) process.stdout.write(`\n],"checked":${String(counts.checked)},"ok":${String(ok)}}\n`);
  say(`${String(counts.checked)} checked, ${String(counts.drift)} differ, ${String(counts.waiting)} without an answer`);
  return ok ? exitCodes.ok : exitCodes.violations;
}

/** What matches needs no line. */
function rowsOf({ workspaceId, outcome, drifts, waiting }: CheckedSeats): readonly (readonly string[])[] {
  if (waiting) return [[workspaceId, 'no answer', '', '', '']];
  if (outcome === 'repaired') return [[workspaceId, outcome, '', '', '']];
  return drifts.map(({ what, paid, granted }) => [workspaceId, outcome ?? '', what, paid, granted]);
}
