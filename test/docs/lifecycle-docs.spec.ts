import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as domain from '@billfleet/domain';
import { checkMachine, orderKinds } from '@billfleet/domain';
import { machines, placeOf, stateDiagram } from './lifecycle-docs.js';
import { root, textOf } from './repository.js';

const REFERENCE = 'docs/reference/lifecycle.md';

// Whoever changes a state machine brings the reference up to date with UPDATE_DOCS=1.
if (process.env['UPDATE_DOCS'] === '1') {
  const text = Object.entries(machines).reduce(
    (page, [name, machine]) => page.replace(placeOf(name), stateDiagram(machine)),
    textOf(REFERENCE),
  );
  writeFileSync(path.join(root, REFERENCE), text);
}

describe.each(Object.entries(machines))('the life of an %s', (name, machine) => {
  test('is sound: every state is reached, and exactly the marked ones are ends', () => {
    expect(checkMachine(machine)).toEqual([]);
  });

  test('is shown as it is', () => {
    expect(placeOf(name).exec(textOf(REFERENCE))?.[0]).toBe(stateDiagram(machine));
  });
});

test('the reference has a line for every kind of order', () => {
  const kinds = [...textOf(REFERENCE).matchAll(/^\| `([a-z-]+)`/gm)].map(([, kind]) => kind);
  expect(kinds).toEqual(expect.arrayContaining([...orderKinds]));
});

test('every state machine of the domain is shown', () => {
  const shown = new Set<unknown>(Object.values(machines).map(({ transitions }) => transitions));
  const tables = Object.entries(domain).filter(([name]) => name.endsWith('Transitions'));
  expect(tables.length).toBeGreaterThan(0);
  expect(tables.filter(([, table]) => !shown.has(table)).map(([name]) => name)).toEqual([]);
});
