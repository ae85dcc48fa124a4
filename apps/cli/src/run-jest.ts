import { spawn } from 'node:child_process';
import path from 'node:path';
import { checkoutRoot } from './checkout.js';

/** Runs Jest on the checkout and answers its exit status. `variables` are set beside those of this process. */
export function runJest(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  report: 'shown' | 'hidden' = 'shown',
): Promise<number> {
  const jest = path.join(checkoutRoot(), 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return new Promise((resolve, reject) => {
    // Jest's report goes to stderr, so that stdout holds nothing but what a command answers.
    const child = spawn(process.execPath, [...flags, jest, ...args], {
      cwd: checkoutRoot(),
      env: { ...process.env, ...variables },
      stdio: report === 'shown' ? ['inherit', 2, 2] : 'ignore',
    });
    child.once('error', reject);
    child.once('exit', (status) => {
      resolve(status ?? 1);
    });
  });
}
