// Compiles apps, libs and test support with swc into dist, which mirrors the source tree. Only what changed is done again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SOURCE_ROOTS = ['apps', 'libs', 'test'];
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'fixtures', 'billing-page', 'launcher']);
const COPIED = /\.(css|html|svg|sql|lua)$/;
const SPEC = /[.-]spec\.tsx?$/;
const PARALLEL_MAX = 8;

/** @returns {string} the path below dist that a source file becomes */
const outputOf = (source) => path.join('dist', source.replace(/\.tsx?$/, '.js'));

function sourcesBelow(root, folder, found) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) sourcesBelow(root, file, found);
    } else if (
      (/\.tsx?$/.test(entry.name) && !SPEC.test(entry.name) && !entry.name.endsWith('.d.ts')) ||
      COPIED.test(entry.name)
    ) {
      const { mtimeMs, size } = statSync(path.join(root, file));
      found[file] = `${mtimeMs}:${size}`;
    }
  }
  return found;
}

/** What the last run compiled; with other settings or packages every file counts as changed, yet its name is kept. */
function readStamp(file, key) {
  if (!existsSync(file)) return {};
  const stamp = JSON.parse(readFileSync(file, 'utf8'));
  if (stamp.key === key) return stamp.sources;
  return Object.fromEntries(Object.keys(stamp.sources).map((source) => [source, '']));
}

/** A process that runs from dist meanwhile must never read half a file. */
function writeWhole(target, content) {
  const draft = `${target}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, target);
}

async function compileOne(swc, root, source) {
  const target = path.join(root, outputOf(source));
  mkdirSync(path.dirname(target), { recursive: true });
  if (COPIED.test(source)) {
    writeWhole(target, readFileSync(path.join(root, source)));
    return;
  }
  const file = path.join(root, source);
  const { code, map } = await swc.transformFile(file, {
    cwd: root,
    root,
    configFile: path.join(root, '.swcrc'),
    sourceFileName: path.relative(path.dirname(target), file),
  });
  const mapName = `${path.basename(target)}.map`;
  if (map !== undefined) writeWhole(`${target}.map`, map);
  writeWhole(target, map === undefined ? code : `${code}\n//# sourceMappingURL=${mapName}\n`);
}

/**
 * Brings dist up to date with the sources.
 * @param {string} root the checkout
 * @returns {Promise<{ compiled: number, removed: number }>} how many files were written and removed
 */
export async function compile(root) {
  const stampFile = path.join(root, 'dist', '.compiled.json');
  const key = createHash('sha256')
    .update(readFileSync(path.join(root, '.swcrc')))
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const before = readStamp(stampFile, key);
  const sources = {};
  for (const folder of SOURCE_ROOTS) if (existsSync(path.join(root, folder))) sourcesBelow(root, folder, sources);

  const removed = Object.keys(before).filter((source) => !(source in sources));
  for (const source of removed) {
    for (const ending of ['', '.map']) rmSync(path.join(root, outputOf(source) + ending), { force: true });
  }
  const changed = Object.keys(sources).filter(
    (source) => before[source] !== sources[source] || !existsSync(path.join(root, outputOf(source))),
  );
  if (changed.length > 0) {
    const { default: swc } = await import('@swc/core');
    const queue = [...changed];
    const work = async () => {
      for (let source = queue.shift(); source !== undefined; source = queue.shift())
        await compileOne(swc, root, source);
    };
    await Promise.all(Array.from({ length: PARALLEL_MAX }, work));
  }
  if (changed.length > 0 || removed.length > 0) {
    mkdirSync(path.dirname(stampFile), { recursive: true });
    writeWhole(stampFile, JSON.stringify({ key, sources }));
  }
  return { compiled: changed.length, removed: removed.length };
}
