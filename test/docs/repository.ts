import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const OTHERS = new Set(['node_modules', 'dist', 'coverage', '.git', '.data', '.cache']);

/** The top of the repository; tests run there. */
export const root = process.cwd();

/** Text of a file of the repository. */
export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** Files below a folder whose names match, as paths from the top; what is generated or installed is left out. */
export function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return OTHERS.has(entry.name) ? [] : filesBelow(file, name);
    return name.test(entry.name) ? [file] : [];
  });
}
