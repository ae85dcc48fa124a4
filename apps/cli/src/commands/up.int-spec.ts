import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fleetVariables, newSecrets } from '../fleet-environment.js';
import { checkoutRoot } from '../checkout.js';

const FAULTY = 'version: 7\nplans: []\n';

describe('a faulty catalogue', () => {
  let folder: string;
  let catalogue: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-catalogue-'));
    catalogue = path.join(folder, 'catalogue.yaml');
    writeFileSync(catalogue, FAULTY);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (args: readonly string[], env: Record<string, string | undefined>) =>
    spawnSync(process.execPath, args, {
      cwd: checkoutRoot(),
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 25_000,
    });

  test('ends a process with 78 and names all faults at once', () => {
    const places = {
      databaseUrl: process.env['DATABASE_URL'] ?? '',
      redisUrl: process.env['REDIS_URL'] ?? '',
      gatewayPort: 0,
      sandboxPort: 1,
      smtpPort: 2,
    };
    const env = { ...fleetVariables(places), ...newSecrets(), BILLFLEET_CATALOGUE: catalogue, LOG_LEVEL: 'silent' };
    const ended = run(['dist/apps/order-worker/src/main.js'], env);
    expect(ended.status).toBe(78);
    expect(ended.stderr).toMatch(/version\n +found +7\n +wanted/);
    expect(ended.stderr).toMatch(/priceLists/);
  });

  test('keeps the whole fleet from starting, and is told once', () => {
    const ended = run(['billfleet', 'up'], {
      BILLFLEET_CATALOGUE: catalogue,
      PORT: '0',
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
    });
    expect(ended.status).toBe(78);
    expect(ended.stderr.split('Configuration is not valid')).toHaveLength(2);
    expect(ended.stderr).not.toMatch(/PostgreSQL/);
  });
});
