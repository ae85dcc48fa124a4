import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fleetVariables, newSecrets } from './fleet-environment.js';
import { appNames, launchFleet } from './fleet-processes.js';
import type { AppName, Fleet, FleetOptions } from './fleet-processes.js';
import { freePort } from './services.js';

let folder = '';
let fleet: Fleet | undefined;
const lines: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-fleet-'));
});
afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** The sandbox alone: it needs no server, so it shows how any app is handled. */
async function sandboxOnly(): Promise<FleetOptions & { env: Record<string, string> }> {
  const apps = Object.fromEntries(appNames.map((app): [AppName, number] => [app, app === 'sandbox-provider' ? 1 : 0]));
  const [gatewayPort, sandboxPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  const variables = fleetVariables({
    databaseUrl: 'postgres://127.0.0.1:1/none',
    redisUrl: 'redis://127.0.0.1:1',
    gatewayPort,
    sandboxPort,
    smtpPort,
  });
  const env = { PATH: process.env['PATH'] ?? '', ...newSecrets(), ...variables, BILLFLEET_SANDBOX_DATA_DIR: folder };
  return { env, apps, log: (line) => lines.push(line) };
}

describe('launchFleet', () => {
  test('starts an app, kills it, starts it again on its port, and stops it in order', async () => {
    fleet = await launchFleet(await sandboxOnly());
    const sandbox = fleet.processes.get('sandbox-provider');
    if (sandbox === undefined) throw new Error('the sandbox is not there');
    const url = `http://127.0.0.1:${String(sandbox.port)}/health/live`;
    const pidBefore = sandbox.pid;
    expect((await fetch(url)).status).toBe(200);

    expect(await sandbox.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(sandbox.isRunning).toBe(false);
    await sandbox.restart();
    expect(sandbox.pid).not.toBe(pidBefore);
    expect((await fetch(url)).status).toBe(200);

    await fleet.stop();
    expect(await sandbox.exited).toEqual({ code: 0, signal: null });
    expect(lines.some((line) => line.includes('"msg":"up"'))).toBe(true);
  });

  test('names the port that is taken, who holds it, and the variable that changes it', async () => {
    const options = await sandboxOnly();
    const port = Number(options.env['BILLFLEET_SANDBOX_PORT']);
    const holder = net.createServer();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    try {
      await expect(launchFleet(options)).rejects.toThrow(
        new RegExp(`port ${String(port)} is in use.*; set BILLFLEET_SANDBOX_PORT to another port`),
      );
    } finally {
      holder.close();
    }
  });

  test('shows what an app said when it does not come up', async () => {
    const options = await sandboxOnly();
    const broken = launchFleet({ ...options, env: { ...options.env, LOG_LEVEL: 'loud' } });
    await expect(broken).rejects.toThrow(/sandbox-provider ended before it was up \(status 78\)[^]*LOG_LEVEL/);
  });
});
