import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds the launcher, found from the source tree as well as from `dist`, which mirrors it. */
export function checkoutRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'billfleet'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('the checkout of billfleet was not found above this file');
    folder = parent;
  }
  return folder;
}
