import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { checkoutRoot } from '../checkout.js';
import { freePort } from './free-port.js';

const MODULE = path.join(checkoutRoot(), 'dist/apps/cli/src/services/free-port.js');

test('no port is given twice, neither here nor to another process, before its server listens', async () => {
  const script = `const { freePort } = await import(${JSON.stringify(MODULE)});
    const ports = []; for (let n = 0; n < 300; n += 1) ports.push(await freePort()); console.log(JSON.stringify(ports));`;
  const mine: number[] = [];
  for (let n = 0; n < 300; n += 1) mine.push(await freePort());
  const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const all = [...mine, ...(JSON.parse(other.stdout) as number[])];
  expect(all).toHaveLength(600);
  expect(new Set(all).size).toBe(600);
});
