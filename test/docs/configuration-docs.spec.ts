import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { variableDocs } from '@billfleet/platform';
import { COMPOSE_ONLY, configurationTable, exampleEnv } from './configuration-docs.js';
import { root, textOf } from './repository.js';

const EXAMPLE = 'config/example.env';
const REFERENCE = 'docs/reference/configuration.md';
const TABLE = /(?<=<!-- variables: begin -->\n\n)[^]*(?=\n\n<!-- variables: end -->)/;

// Whoever changes the schema brings both files up to date with UPDATE_DOCS=1.
if (process.env['UPDATE_DOCS'] === '1') {
  writeFileSync(path.join(root, EXAMPLE), exampleEnv());
  writeFileSync(path.join(root, REFERENCE), textOf(REFERENCE).replace(TABLE, configurationTable()));
}

describe('documents that are made from the configuration schema', () => {
  test('the example of an environment file is up to date', () => {
    expect(textOf(EXAMPLE)).toBe(exampleEnv());
  });

  test('the example holds exactly the variables of the schema, and the one of the database image', () => {
    const names = [...textOf(EXAMPLE).matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual([COMPOSE_ONLY, ...variableDocs.map(({ name }) => name)].sort());
  });

  test('the table of the reference is up to date', () => {
    expect(TABLE.exec(textOf(REFERENCE))?.[0]).toBe(configurationTable());
  });
});
