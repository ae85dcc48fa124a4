import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { engines } from './engines.js';
import { openStore } from './open-store.js';
import { buildProgram } from './program.js';

const databaseUrl = process.env['DATABASE_URL'] ?? '';
const ANA = ['--email', 'Ana@Seller.example', '--name', 'Ana Souza'] as const;
let opened: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  opened = await openStore(databaseUrl);
});
afterAll(() => opened.close());

type Ended = { readonly stdout: string; readonly told: string; readonly failure: string; readonly exitCode: number };

/** Runs a command line in this process, and answers what it wrote and how it ended. */
async function run(...args: readonly string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      written[stream] += String(chunk);
      return true;
    }),
  );
  process.exitCode = 0;
  try {
    const ended = await buildProgram(engines, '0.0.0')
      .parseAsync(['node', 'billfleet', 'staff', ...args])
      .then(
        () => ({ exitCode: Number(process.exitCode), message: '' }),
        (error: unknown) => error as { exitCode: number; message: string },
      );
    return {
      ...{ stdout: written.stdout.trim(), told: written.stderr },
      ...{ failure: ended.message, exitCode: ended.exitCode },
    };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
  }
}

const rolesOf = async (): Promise<unknown> => {
  const listed = JSON.parse((await run('list', '--json')).stdout) as { email: string; role: string }[];
  return listed.map(({ email, role }) => `${email} ${role}`);
};

test('somebody is added once, given another role, and removed with all his sessions; each is on record with its reason', async () => {
  expect(await run('add', ...ANA, '--role', 'support', '--reason', 'new colleague')).toMatchObject({
    ...{ exitCode: 0, stdout: 'Ana Souza <ana@seller.example> may sign in as support' },
  });
  expect(await run('add', ...ANA, '--role', 'admin', '--reason', 'again')).toMatchObject({
    ...{ exitCode: 1, failure: 'ana@seller.example is on the staff already: remove it first' },
  });
  expect(await rolesOf()).toEqual(['ana@seller.example support']);

  expect((await run('role', 'ANA@seller.example', 'admin', '--reason', 'leads the team')).stdout).toBe(
    'ana@seller.example was support and is admin now',
  );
  expect((await run('role', 'ana@seller.example', 'admin', '--reason', 'once more')).stdout).toBe(
    'ana@seller.example is admin already',
  );
  expect(await run('role', 'bo@seller.example', 'admin', '--reason', 'who?')).toMatchObject({
    ...{ exitCode: 1, failure: 'bo@seller.example is not on the staff' },
  });
  expect(await rolesOf()).toEqual(['ana@seller.example admin']);
  expect((await run('list')).stdout).toMatch(
    /^NAME +ADDRESS +ROLE +SINCE\nAna Souza +ana@seller\.example +admin +\d{4}-/,
  );

  await opened.source.query(
    `insert into staff_session (id, token_hash, link_id, staff_id, ends_at)
     select gen_random_uuid(), repeat('a', 64), gen_random_uuid(), id, now() + interval '1 hour' from staff_account`,
  );
  expect(await run('remove', 'Ana@seller.example', 'bo@seller.example', '--reason', 'has left')).toMatchObject({
    ...{ exitCode: 1, stdout: 'removed 1; not there: bo@seller.example' },
  });
  expect(await rolesOf()).toEqual([]);
  expect((await run('remove', 'ana@seller.example', '--reason', 'gone?')).stdout).toBe(
    'removed 0; not there: ana@seller.example',
  );
  expect(await opened.source.query(`select ended_for from staff_session`)).toEqual([
    { ended_for: 'the account was removed' },
  ]);
  const entries: unknown = await opened.source.query(
    `select actor, action, subject, reason, before, after, outcome from ops_action where action like 'staff.%' order by id`,
  );
  const note = { actor: 'cli', before: null, after: null, outcome: 'done' };
  expect(entries).toEqual([
    { ...note, action: 'staff.add', subject: 'ana@seller.example as support', reason: 'new colleague' },
    {
      ...{ ...note, action: 'staff.role', subject: 'ana@seller.example', reason: 'leads the team' },
      ...{ before: 'support', after: 'admin' },
    },
    { ...note, action: 'staff.remove', subject: 'ana@seller.example', reason: 'has left' },
  ]);
});

test.each([
  ['no role', ['add', ...ANA, '--reason', 'x'], /--role/],
  ['a role of customers', ['add', ...ANA, '--role', 'member', '--reason', 'x'], /Allowed choices are viewer, support/],
  ['the role of services', ['add', ...ANA, '--role', 'service', '--reason', 'x'], /Allowed choices/],
  ['no address', ['add', '--email', 'ana', '--name', 'Ana', '--role', 'viewer', '--reason', 'x'], /an e-mail address/],
  [
    'a name like another line',
    ['add', '--email', 'a@b.example', '--name', 'Ana\nBo', '--role', 'viewer', '--reason', 'x'],
    /wanted 1 to 200 letters/,
  ],
  ['no reason', ['add', ...ANA, '--role', 'viewer'], /--reason/],
  ['an empty reason', ['remove', 'ana@seller.example', '--reason', ' '], /1 to 500 characters/],
  ['nobody to remove', ['remove', '--reason', 'x'], /addresses/],
  ['another role than there is', ['role', 'ana@seller.example', 'boss', '--reason', 'x'], /Allowed choices/],
])('refuses %s and changes nothing', async (_what, args, told) => {
  const { exitCode, told: said } = await run(...args);
  expect(exitCode).not.toBe(0);
  expect(said).toMatch(told);
  expect(await rolesOf()).toEqual([]);
});

test.each(['', 'add', 'role', 'list', 'remove'])(
  'staff %s --help says what it does, with examples for all of it',
  async (command) => {
    const { stdout, exitCode } = await run(...(command === '' ? [] : [command]), '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: billfleet staff ${command}`.trim());
    if (command === '') expect(stdout).toMatch(/^Examples:\n[^]*staff add[^]*staff role[^]*staff list[^]*staff remove/);
  },
);
