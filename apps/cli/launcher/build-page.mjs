// Builds the billing page into dist/apps/billing-page when the last build is not of these sources and packages.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { compressPage } from './compress-page.mjs';

const PAGE = 'apps/billing-page';
/** Most bytes of JavaScript, after gzip, that the first tab may need in the language that needs most. */
const FIRST_TAB_MAX_BYTES = 200_000;

const built = (root) => path.join(root, 'dist', PAGE);

/** A name for what a build is made of: it is another one as soon as a source or a package changes. */
function sourcesOf(root) {
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  const folder = path.join(root, PAGE);
  for (const file of readdirSync(folder, { recursive: true }).sort()) {
    const { mtimeMs, size, isFile = false } = describe(path.join(folder, file));
    if (isFile) hash.update(`${file}:${mtimeMs}:${size}\n`);
  }
  return hash.digest('hex');
}

function describe(file) {
  const found = statSync(file);
  return { mtimeMs: found.mtimeMs, size: found.size, isFile: found.isFile() };
}

/**
 * Brings the built page up to date with its sources.
 * @param {string} root the checkout
 * @returns {Promise<boolean>} whether anything was built
 */
export async function buildPage(root) {
  const stamp = path.join(built(root), '.built-from');
  const wanted = sourcesOf(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--config', path.join(root, PAGE, 'vite.config.mjs'), '--logLevel', 'error'];
  await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (status, signal) => {
      if (status === 0) resolve();
      else reject(new Error(`the billing page could not be built (${signal ?? `status ${status}`})`));
    });
  });
  await compressPage(path.join(built(root), 'assets'));
  writeFileSync(stamp, wanted);
  return true;
}

/**
 * What the first tab loads: every script that its screen and one language need, without what is fetched when it is opened.
 * @param {string} root the checkout, with the page built
 * @returns {{ bytes: number, maxBytes: number, files: readonly string[] }} bytes after gzip
 */
export function measureFirstTab(root) {
  const manifest = JSON.parse(readFileSync(path.join(built(root), 'manifest.json'), 'utf8'));
  const sizeOf = (file) => gzipSync(readFileSync(path.join(built(root), file))).length;
  const texts = Object.keys(manifest).filter((name) => name.startsWith('src/texts/'));
  const [largest] = texts.sort((one, other) => sizeOf(manifest[other].file) - sizeOf(manifest[one].file));
  const files = new Set();
  const take = (name) => {
    const { file, imports = [] } = manifest[name];
    if (files.has(file)) return;
    files.add(file);
    for (const one of imports) take(one);
  };
  for (const name of ['index.html', 'src/plan/plan-screen.tsx', largest]) take(name);
  const bytes = [...files].reduce((sum, file) => sum + sizeOf(file), 0);
  return { bytes, maxBytes: FIRST_TAB_MAX_BYTES, files: [...files] };
}
