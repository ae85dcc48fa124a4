import { ApiKeys } from '@billfleet/billing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
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
    await buildProgram(engines, '0.0.0').parseAsync(['node', 'billfleet', 'keys', ...args]);
    return stdout.trim();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const callerOf = (key: string): ReturnType<ApiKeys['authenticate']> =>
  new ApiKeys(opened.store).authenticate(`Bearer ${key}`);

describe('keys', () => {
  test('a new key works with its role, scopes and workspace; only a hash of it is stored', async () => {
    const service = await run('create', '--name', 'orders', '--role', 'service', '--reason', 'new service');
    expect(await callerOf(service)).toMatchObject({
      ...{ name: 'orders', role: 'service', scopes: ['publish', 'read'], workspaceId: null },
    });
    const scoped = ['--role', 'member', '--workspace', workspaceId, '--scopes', 'read'];
    const member = await run('create', '--name', 'Ana', ...scoped, '--reason', 'ticket 12');
    expect(await callerOf(member)).toMatchObject({ role: 'member', scopes: ['read'], workspaceId });
    const stored = JSON.stringify(await opened.source.query('select * from api_key'));
    for (const key of [service, member]) expect(stored).not.toContain(key.split('_').at(-1) ?? key);
  });

  test('a key that ended or was revoked lets nobody in, and the list says so', async () => {
    const made = ['--role', 'support', '--reason', 'test'];
    const ended = await run('create', '--name', 'ended', ...made, '--expires', '2020-01-01T00:00:00Z');
    expect(await callerOf(ended)).toBeUndefined();
    const key = await run('create', '--name', 'leaked', ...made);
    const prefix = key.split('_')[1] ?? '';
    expect(await callerOf(key)).toMatchObject({ role: 'support' });
    expect(await run('revoke', prefix, '--reason', 'it leaked')).toBe('revoked 1');
    expect(await callerOf(key)).toBeUndefined();
    const list = await run('list');
    expect(list).toMatch(new RegExp(`${prefix} +leaked +support +publish,read,admin +all +revoked 20`));
    expect(list).not.toContain(key.split('_')[2] ?? key);
    const actions: unknown = await opened.source.query(
      `select action, reason from ops_action where subject like '%' || $1`,
      [prefix],
    );
    expect(actions).toEqual([
      { action: 'key.create', reason: 'test' },
      { action: 'key.revoke', reason: 'it leaked' },
    ]);
    process.exitCode = undefined;
  });

  test('a key of a workspace that there is not is not made', async () => {
    const unknown = '0191b7a0-0000-7000-8000-0000000000ff';
    const wish = ['--name', 'x', '--role', 'member', '--workspace', unknown, '--reason', 'test'];
    await expect(run('create', ...wish)).rejects.toThrow(`there is no workspace ${unknown}`);
  });
});
