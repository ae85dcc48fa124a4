import { expect, test } from '@jest/globals';
import { playDemo } from './demo-engine.js';

test('the demo plays both countries and both doors against a fleet of processes of its own', async () => {
  const lines: string[] = [];
  const result = await playDemo({ target: { kind: 'ephemeral' }, onProgress: (line) => lines.push(line) });
  expect({ ...result, lines }).toMatchObject({ ok: true, orders: 3, auditViolations: 0 });
  expect(result.seconds).toBeGreaterThan(0);
  expect(lines.join('\n')).toMatch(/pays by card at http:\/\/127\.0\.0\.1:\d+\/pay\/chk_/);
}, 120_000);
