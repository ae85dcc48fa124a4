// The check `page size`: what the first tab of the billing page loads stays within its limit.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage, measureFirstTab } from './build-page.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
await buildPage(root);
const { bytes, maxBytes, files } = measureFirstTab(root);
process.stdout.write(`${bytes} bytes of JavaScript after gzip in ${files.length} files, at most ${maxBytes}\n`);
if (bytes > maxBytes) {
  process.stdout.write(`${files.join('\n')}\n`);
  process.exitCode = 1;
}
