import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { storyOfBooks } from './books-docs.js';
import { root, textOf } from './repository.js';

const PAGE = 'docs/explanation/books.md';
const STORY = /(?<=<!-- story: begin -->\n\n)[^]*(?=\n\n<!-- story: end -->)/;

// Whoever changes what is booked brings the page up to date with UPDATE_DOCS=1, and reads what became of it.
if (process.env['UPDATE_DOCS'] === '1')
  writeFileSync(
    path.join(root, PAGE),
    textOf(PAGE).replace(STORY, () => storyOfBooks()),
  );

test('the numbers of docs/explanation/books.md are what the fleet books', () => {
  expect(STORY.exec(textOf(PAGE))?.[0]).toBe(storyOfBooks());
});

test('each entry of the page balances', () => {
  const entries = (STORY.exec(textOf(PAGE))?.[0] ?? '').split(/\n(?=\d{4}-\d{2}-\d{2} )/).slice(1);
  expect(entries.length).toBeGreaterThan(20);
  for (const one of entries) {
    const amounts = [...one.matchAll(/^.{12}.{13}\S+ +(-?\d+)\.(\d\d)$/gm)].map(([, whole = '', cents = '']) =>
      Number(`${whole}${cents}`),
    );
    expect(amounts.length).toBeGreaterThan(1);
    expect(amounts.reduce((sum, minor) => sum + minor, 0)).toBe(0);
  }
});
