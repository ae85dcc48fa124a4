// Brings node_modules in line with the lockfile, and does nothing when it already is.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Runs `npm ci` when the lockfile is not the one that node_modules was made from.
 * @param {string} root the checkout
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function install(root) {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(root, 'node_modules', '.billfleet-lockfile');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  const isThere = matchesLockfile(root);
  if (!isThere) await npmCi(root);
  writeFileSync(stamp, wanted);
  return !isThere;
}

/** Whether npm itself noted, when it last ran here, exactly what the lockfile asks for: then somebody installed by hand. */
function matchesLockfile(root) {
  const noted = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return false;
  const there = JSON.parse(readFileSync(noted, 'utf8')).packages;
  const asked = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const isSame = ([name, one]) => there[name]?.version === one.version && there[name]?.integrity === one.integrity;
  // Packages for other platforms are in the lockfile but never installed.
  return Object.entries(asked).every((entry) => entry[0] === '' || entry[1].optional === true || isSame(entry));
}

function npmCi(root) {
  const isWindows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    // What npm says belongs to the progress, so it goes to stderr; the data of a command alone goes to stdout.
    const args = ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
    const child = spawn(isWindows ? 'npm.cmd' : 'npm', args, { cwd: root, shell: isWindows, stdio: ['ignore', 2, 2] });
    child.once('error', (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    child.once('exit', (status, signal) => {
      if (status === 0) resolve();
      else reject(new Error(`npm ci failed (${signal ?? `status ${status}`}); its own words are above`));
    });
  });
}
