import type { TestClockOutcome, TestClockView } from '@billfleet/billing';
import { advanceTestClock, attachToTestClock, createTestClock, uuid } from '@billfleet/contracts';
import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { Command } from 'commander';
import type { z } from 'zod';
import { environmentToUse, requireServer } from '../environment.js';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, say, table } from '../terminal.js';

/** Test clocks of a fleet; whoever opens it closes it. */
export type ClockDesk = {
  readonly create: (input: z.output<typeof createTestClock>) => Promise<TestClockOutcome>;
  readonly attach: (id: string, workspaceId: string) => Promise<TestClockOutcome>;
  readonly advance: (id: string, to: string) => Promise<TestClockOutcome>;
  readonly find: (id: string) => Promise<TestClockOutcome>;
  readonly close: () => Promise<void>;
};
export type ClockEngine = (config: Config) => Promise<ClockDesk>;

type LoadEngine = () => Promise<ClockEngine>;

const LOOK_EVERY_MS = 100;
/** How long a clock may show the same before we stop waiting for it. */
const PATIENCE_MS = 30_000;
const HEADINGS = ['ID', 'NAME', 'STATUS', 'SHOWS', 'TARGET', 'WORKSPACES'];

/** `billfleet clock`: a time of their own for workspaces that are tried out. */
export function clockCommand(loadEngine: LoadEngine): Command {
  return new Command('clock')
    .description('make test clocks, put workspaces on them and send them forward')
    .addHelpText(
      'before',
      'Examples:\n  billfleet clock create "renewals in Brazil" --at 2027-01-31T12:00:00Z\n' +
        '  billfleet clock attach CLOCK WORKSPACE\n  billfleet clock advance CLOCK --to 2029-01-31\n',
    )
    .addCommand(createCommand(loadEngine))
    .addCommand(attachCommand(loadEngine))
    .addCommand(advanceCommand(loadEngine))
    .addCommand(showCommand(loadEngine));
}

function createCommand(loadEngine: LoadEngine): Command {
  return new Command('create')
    .description('make a test clock')
    .argument('<name>', 'what people call it')
    .option('--at <instant>', 'what it shows at first: 2027-01-31 or 2027-01-31T12:00:00Z; now when it is left out')
    .option('--id <id>', 'an id of your own; a repeat makes no second clock')
    .option('--json', 'print the clock as JSON')
    .action(async (name: string, options: { at?: string; id?: string; json?: boolean }) => {
      const { at, id = crypto.randomUUID() } = options;
      const input = checked(createTestClock, {
        id,
        name,
        ...(at === undefined ? {} : { nowAt: instantOf('--at', at) }),
      });
      show(await withDesk(loadEngine, async (desk) => clockOf(await desk.create(input))), options.json);
    });
}

function attachCommand(loadEngine: LoadEngine): Command {
  return new Command('attach')
    .description('put a workspace on a test clock, for good')
    .argument('<clock>', 'id of the clock')
    .argument('<workspace>', 'id of the workspace')
    .option('--json', 'print the clock as JSON')
    .action(async (clock: string, workspace: string, options: { json?: boolean }) => {
      const { workspaceId } = checked(attachToTestClock, { workspaceId: workspace });
      const id = idOf(clock);
      show(await withDesk(loadEngine, async (desk) => clockOf(await desk.attach(id, workspaceId))), options.json);
    });
}

function advanceCommand(loadEngine: LoadEngine): Command {
  return new Command('advance')
    .description('send a test clock forward, and wait until everything on the way has happened')
    .argument('<clock>', 'id of the clock')
    .requiredOption('--to <instant>', 'what it shall show: 2029-01-31 or 2029-01-31T12:00:00Z')
    .option('--no-wait', 'do not wait until it is there')
    .option('--json', 'print the clock as JSON')
    .action(async (clock: string, options: { to: string; wait: boolean; json?: boolean }) => {
      const { to } = checked(advanceTestClock, { to: instantOf('--to', options.to) });
      const id = idOf(clock);
      const seen = await withDesk(loadEngine, async (desk) => {
        const sent = clockOf(await desk.advance(id, to));
        return options.wait ? arrive(desk, sent) : sent;
      });
      show(seen, options.json);
      process.exitCode = !options.wait || seen.status === 'ready' ? exitCodes.ok : exitCodes.violations;
    });
}

function showCommand(loadEngine: LoadEngine): Command {
  return new Command('show')
    .description('show a test clock and what it waits for')
    .argument('<clock>', 'id of the clock')
    .option('--json', 'print the clock as JSON')
    .action(async (clock: string, options: { json?: boolean }) => {
      const id = idOf(clock);
      show(await withDesk(loadEngine, async (desk) => clockOf(await desk.find(id))), options.json);
    });
}

/** Looks until the clock is ready or blocked, or shows the same for too long; each new time is told. */
async function arrive(desk: ClockDesk, sent: TestClockView): Promise<TestClockView> {
  let seen = sent;
  for (let since = performance.now(); seen.status === 'advancing' && performance.now() - since < PATIENCE_MS;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const next = clockOf(await desk.find(seen.id));
    if (next.nowAt.getTime() !== seen.nowAt.getTime()) {
      say(`  it shows ${next.nowAt.toISOString()}`);
      since = performance.now();
    }
    seen = next;
  }
  return seen;
}

async function withDesk<Result>(loadEngine: LoadEngine, use: (desk: ClockDesk) => Promise<Result>): Promise<Result> {
  const environment = environmentToUse();
  requireServer(environment, 'DATABASE_URL');
  const desk = await (await loadEngine())(loadConfig(environment.values));
  try {
    return await use(desk);
  } finally {
    await desk.close();
  }
}

function clockOf(outcome: TestClockOutcome): TestClockView {
  if (outcome.kind === 'done') return outcome.clock;
  const { code, found, wanted } = outcome.problem;
  throw new CommandError(exitCodes.violations, `${code}: found ${found}, wanted ${wanted}`);
}

function show(clock: TestClockView, asJson = false): void {
  if (asJson) {
    printJson(clock);
    return;
  }
  const { id, name, status, nowAt, targetAt, workspaces, waitsFor } = clock;
  const row = [id, name, status, nowAt.toISOString(), targetAt?.toISOString() ?? '', String(workspaces)];
  print(table(HEADINGS, [row]));
  if (waitsFor.length === 0) return;
  const rows = waitsFor.map((one) => [
    ...[one.id, one.kind, one.workspaceId, one.isDead ? 'dead' : 'under way', one.lastError ?? ''],
  ]);
  print(`\nIt waits for:\n${table(['WORK', 'KIND', 'WORKSPACE', 'STATE', 'LAST ERROR'], rows)}`);
}

const idOf = (text: string): string => checked(uuid, text);

/** A day stands for its first instant in UTC. */
function instantOf(option: string, text: string): string {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime()) && /^\d{4}-\d{2}-\d{2}/.test(text)) return instant.toISOString();
  throw new CommandError(exitCodes.usage, `${option} ${text}: a day or an instant is wanted, such as 2027-01-31`);
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CommandError(exitCodes.usage, `${issue?.path.join('.') ?? ''} ${String(issue?.message)} is wanted`.trim());
}
