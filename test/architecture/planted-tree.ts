import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, seen from this file. */
export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A small tree in a temporary folder that has our settings and packages, for tools that have to find what we plant. */
export type PlantedTree = {
  readonly folder: string;
  /** Runs a tool of ours inside and answers what it wrote on stdout, whatever its exit status. */
  run(tool: string, args: readonly string[]): string;
  remove(): void;
};

const SETTINGS = ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs', 'eslint.config.mjs'];
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Writes the files, by path and content, next to a copy of our settings. */
export function plantTree(files: Readonly<Record<string, string>>): PlantedTree {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-planted-'));
  for (const setting of SETTINGS) copyFileSync(path.join(repositoryRoot, setting), path.join(folder, setting));
  symlinkSync(path.join(repositoryRoot, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [file, content] of Object.entries(files)) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return {
    folder,
    run: (tool, args) => runTool(folder, tool, args),
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a tool of ours in a folder and answers its stdout. */
export function runTool(folder: string, tool: string, args: readonly string[]): string {
  const program = path.join(repositoryRoot, 'node_modules', tool);
  const done = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (done.stdout === '') throw new Error(`${tool} said nothing on stdout: ${done.stderr}`);
  return done.stdout;
}
