// Writes each file of the built page compressed beside it, so that the gateway compresses nothing while it serves.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Below this a compressed answer is no shorter in packets. */
const WORTH_BYTES = 1_024;
const TEXT = /\.(js|css|svg|json|txt)$/;

/**
 * Compresses the files of a folder that browsers fetch by name.
 * @param {string} folder where a build has put its assets
 */
export async function compressPage(folder) {
  const ways = [
    ['.gz', (content) => promisify(gzip)(content, { level: 9 })],
    [
      '.br',
      (content) =>
        promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    ],
  ];
  const files = readdirSync(folder, { recursive: true }).filter((file) => TEXT.test(file));
  await Promise.all(
    files.map(async (file) => {
      const target = path.join(folder, file);
      const content = readFileSync(target);
      if (content.length < WORTH_BYTES) return;
      await Promise.all(
        ways.map(async ([ending, compress]) => writeFileSync(`${target}${ending}`, await compress(content))),
      );
    }),
  );
}
