import { OpenPortals, PageSessions } from '@billfleet/billing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { engines } from './engines.js';
import { openStore } from './open-store.js';
import { buildProgram } from './program.js';

const databaseUrl = process.env['DATABASE_URL'] ?? '';
const workspaceId = '0191b7a0-0000-7000-8000-00000000000a';
let opened: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  opened = await openStore(databaseUrl);
  await opened.source.query(
    `insert into workspace (id, name, country, currency, time_zone, locale) values ($1, 'Test', 'US', 'USD', 'UTC', 'en')`,
    [workspaceId],
  );
});
afterAll(() => opened.close());

/** Runs a command line in this process and answers what it wrote to stdout. */
async function run(...args: readonly string[]): Promise<string> {
  let stdout = '';
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      if (stream === 'stdout') stdout += String(chunk);
      return true;
    }),
  );
  try {
    await buildProgram(engines, '0.0.0').parseAsync(['node', 'billfleet', 'sessions', ...args]);
    return stdout.trim();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Lets a person in; answers what his cookie holds. */
async function letIn(id: string): Promise<string> {
  const portals = new OpenPortals(opened.store);
  const wish = {
    workspaceId,
    person: { id, name: 'Ana Souza' },
    role: 'workspace-admin',
    to: '/billing/plan',
  } as const;
  const made = await portals.run(wish, 'key test');
  const entry = made.kind === 'opened' ? await portals.enter(made.token, undefined) : undefined;
  return entry?.sessionToken ?? '';
}

test('sessions that go on are listed without their secrets and can be ended, with a reason on record', async () => {
  const [lost, kept] = [await letIn('user-1'), await letIn('user-2')];
  const listed = JSON.parse(await run('list', '--workspace', workspaceId, '--json')) as {
    id: string;
    personId: string;
  }[];
  expect(listed.map(({ personId }) => personId)).toEqual(['user-2', 'user-1']);
  expect(await run('list')).toContain('Ana Souza (user-1)');
  expect(JSON.stringify(listed)).not.toContain(lost);
  const id = listed.find(({ personId }) => personId === 'user-1')?.id ?? '';
  expect(await run('revoke', id, '--reason', 'the laptop was lost')).toBe('ended 1');
  const sessions = new PageSessions(opened.store);
  expect(await sessions.authenticate(lost)).toBeUndefined();
  expect(await sessions.authenticate(kept)).toMatchObject({ role: 'workspace-admin', person: { id: 'user-2' } });
  expect(await run('revoke', id, '--reason', 'again')).toContain('over already');
  expect(process.exitCode).toBe(1);
  process.exitCode = 0;
  expect(await opened.source.query(`select actor, action, subject, reason from ops_action`)).toEqual([
    { actor: 'cli', action: 'session.revoke', subject: `sessions ${id}`, reason: 'the laptop was lost' },
  ]);
});
