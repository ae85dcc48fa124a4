import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { filesBelow, root, textOf } from './repository.js';

const EACH_MAX_BYTES = 100_000;
const ALL_MAX_BYTES = 1_500_000;
const pictures = filesBelow('docs/images', /./);
const sizeOf = (file: string): number => statSync(path.join(root, file)).size;

test('each picture is small, and shown by a document, and all of them are no burden', () => {
  expect(pictures.length).toBeGreaterThan(15);
  const text = ['README.md', ...filesBelow('docs', /\.md$/)].map((file) => textOf(file)).join('\n');
  expect(pictures.filter((file) => !text.includes(`images/${path.basename(file)})`))).toEqual([]);
  expect(pictures.filter((file) => sizeOf(file) > EACH_MAX_BYTES)).toEqual([]);
  expect(pictures.reduce((sum, file) => sum + sizeOf(file), 0)).toBeLessThan(ALL_MAX_BYTES);
});
