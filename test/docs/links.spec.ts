import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesBelow, root, textOf } from './repository.js';

const documents = filesBelow('.', /\.md$/);

const withoutCode = (text: string): string => text.replace(/^ *```[^]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '');

/** Anchors as the usual renderers make them from headings. */
function anchorsOf(file: string): Set<string> {
  const headings = textOf(file)
    .replace(/^ *```[^]*?^ *```$/gm, '')
    .matchAll(/^#{1,6} +(.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

/** What is wrong with the relative links of one document. */
function brokenLinks(file: string): string[] {
  const targets = [...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  return targets.flatMap((target) => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
    const [place = '', anchor] = target.split('#');
    const found = place === '' ? file : path.join(path.dirname(file), decodeURIComponent(place));
    if (found.startsWith('..') || !existsSync(path.join(root, found))) return [`${target}: no such file`];
    if (anchor === undefined) return [];
    if (statSync(path.join(root, found)).isDirectory() || !found.endsWith('.md'))
      return [`${target}: anchor of no document`];
    return anchorsOf(found).has(anchor) ? [] : [`${target}: no such heading`];
  });
}

describe('documents', () => {
  test.each(documents)('%s: relative links lead somewhere', (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  test('each one below docs is in the index', () => {
    const index = textOf('docs/README.md');
    const others = documents.map((file) => path.relative('docs', file)).filter((file) => !file.startsWith('..'));
    expect(others.filter((file) => file !== 'README.md' && !index.includes(`](${file})`))).toEqual([]);
  });

  test('speak of no machine', () => {
    for (const file of documents) expect(textOf(file)).not.toMatch(/\/(?:work|root|home|Users)\/[a-z]/);
  });
});
