// npm run check: every habit of the house in under a minute, the independent ones side by side.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
// The slow ones first, so that none of them starts when all others are done.
const checks = [
  ['lint', ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'], 'npx eslint --fix . mends part of it'],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit'], 'mend the types'],
  ['page types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'apps/billing-page'], 'mend the types'],
  ['pure tests', [...jest, '--selectProjects', 'pure'], 'npm run test:pure runs them alone'],
  [
    'format',
    ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    'npm run format mends it',
  ],
  [
    'boundaries',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'apps',
      'libs',
    ],
    '.dependency-cruiser.cjs says who may import whom',
  ],
  ['page size', ['apps/cli/launcher/page-size.mjs'], 'fetch what the first tab does not show when it is opened'],
  ['knip', ['node_modules/knip/bin/knip.js'], 'delete what nobody uses'],
];
const PARALLEL_MIN = 2;

function run([name, args, remedy]) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('close', (status) => {
      const took = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
      process.stderr.write(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(14)}${took}\n`);
      if (status !== 0) process.stderr.write(`${output.trimEnd()}\n      ${remedy}\n`);
      resolve(status === 0);
    });
  });
}

await install(root);
const queue = [...checks];
const results = [];
const work = async () => {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) results.push(await run(check));
};
await Promise.all(Array.from({ length: Math.max(PARALLEL_MIN, os.availableParallelism() - 1) }, work));
const failed = results.filter((isOk) => !isOk).length;
process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
