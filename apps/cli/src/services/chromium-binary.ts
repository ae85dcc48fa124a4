import { spawnSync } from 'node:child_process';
import { isProgram, onPath } from './on-path.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
const INSTALL_MAX_MS = 300_000;

/** Where a Chromium is: what CHROMIUM_PATH names, else the first on the PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return isProgram(named) ? named : undefined;
  for (const name of NAMES) {
    const found = onPath(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Finds a Chromium, or installs Debian's package where that may be done: by root, where apt is. Answers where it is, if it is. */
export function provideChromium(onProgress: (line: string) => void): string | undefined {
  const found = findChromium();
  const mayInstall = process.getuid?.() === 0 && onPath('apt-get') !== undefined;
  if (found !== undefined || !mayInstall || process.env['CHROMIUM_PATH']) return found;
  onProgress("installing Debian's package of Chromium for the tests of the billing page");
  const apt = (...args: readonly string[]): boolean => {
    const flags = [
      '-qq',
      '-o',
      'Acquire::Retries=1',
      '-o',
      'Acquire::http::Timeout=20',
      '-o',
      'Acquire::https::Timeout=20',
    ];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync('apt-get', [...flags, ...args], { env, stdio: 'ignore', timeout: INSTALL_MAX_MS }).status === 0;
  };
  const install = (): boolean => apt('install', '--yes', '--no-install-recommends', 'chromium');
  // The lists that are there first; when they are old or empty, fresh ones.
  if (!install() && apt('update')) install();
  return findChromium();
}
