import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plantTree, repositoryRoot, runTool } from './planted-tree.js';

type Violation = { rule: { name: string }; from: string };

const TOOL = 'dependency-cruiser/bin/dependency-cruise.mjs';
const ARGS = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs'];

function violationsIn(output: string): string[] {
  const { summary } = JSON.parse(output) as { summary: { violations: Violation[] } };
  return [...new Set(summary.violations.map(({ rule, from }) => `${from}: ${rule.name}`))].sort();
}

/** A legal house: every library has a front door, and only allowed ways are used. */
const sound: Record<string, string> = {
  'libs/domain/src/index.ts': `export { one } from './one.js';`,
  'libs/domain/src/one.ts': `export const one = 1;`,
  'libs/platform/src/index.ts': `import os from 'node:os';\nexport const host = os.hostname();`,
  'libs/contracts/src/index.ts': `import { one } from '@billfleet/domain';\nimport { z } from 'zod';\nexport const schema = z.literal(one);`,
  'libs/store/src/index.ts': `import { schema } from '@billfleet/contracts';\nimport { DataSource } from 'typeorm';\nexport const store = [schema, DataSource];`,
  'libs/queue/src/index.ts': `import { schema } from '@billfleet/contracts';\nimport { Queue } from 'bullmq';\nexport const queue = [schema, Queue];`,
  'libs/payments/src/index.ts': `import { one } from '@billfleet/domain';\nexport const pay = one;`,
  'libs/outbound/src/index.ts': `import { createTransport } from 'nodemailer';\nexport const mail = createTransport;`,
  'libs/billing/src/index.ts': `import { store } from '@billfleet/store';\nexport const bill = store;`,
  'libs/client/src/index.ts': `import { schema } from '@billfleet/contracts';\nexport const client = schema;`,
  'apps/cli/src/check-quote/checker.ts': `import { createHash } from 'node:crypto';\nimport { note } from './sheet.js';\nexport const check = [createHash, note];`,
  'apps/cli/src/check-quote/sheet.ts': `export const note = 1;`,
  'apps/cli/src/host.ts': `import os from 'node:os';\nexport const host = os.hostname();`,
  'apps/cli/src/terminal.ts': `import { check } from './check-quote/checker.js';\nexport const print = check;`,
  'apps/gateway/src/main.ts': `import { bill } from '@billfleet/billing';\nimport { Module } from '@nestjs/common';\nexport const app = [bill, Module];`,
};

/** One file for each rule, and the rule that it breaks. */
const planted: [rule: string, file: string, content: string][] = [
  ['domain-is-pure', 'libs/domain/src/reads-files.ts', `import fs from 'node:fs';\nexport const x = fs;`],
  ['domain-is-pure', 'libs/domain/src/uses-package.ts', `import { z } from 'zod';\nexport const x = z;`],
  [
    'domain-imports-only-itself',
    'libs/domain/src/uses-platform.ts',
    `import { host } from '@billfleet/platform';\nexport const x = host;`,
  ],
  [
    'platform-imports-only-itself',
    'libs/platform/src/uses-domain.ts',
    `import { one } from '@billfleet/domain';\nexport const x = one;`,
  ],
  [
    'contracts-imports-only-domain',
    'libs/contracts/src/uses-platform.ts',
    `import { host } from '@billfleet/platform';\nexport const x = host;`,
  ],
  [
    'store-imports-only-domain-contracts-platform',
    'libs/store/src/uses-queue.ts',
    `import { queue } from '@billfleet/queue';\nexport const x = queue;`,
  ],
  [
    'queue-imports-only-domain-contracts-platform',
    'libs/queue/src/uses-store.ts',
    `import { store } from '@billfleet/store';\nexport const x = store;`,
  ],
  [
    'payments-imports-only-domain-platform',
    'libs/payments/src/uses-contracts.ts',
    `import { schema } from '@billfleet/contracts';\nexport const x = schema;`,
  ],
  [
    'outbound-imports-only-domain-contracts-platform',
    'libs/outbound/src/uses-store.ts',
    `import { store } from '@billfleet/store';\nexport const x = store;`,
  ],
  [
    'billing-imports-only-domain-contracts-platform-store',
    'libs/billing/src/uses-payments.ts',
    `import { pay } from '@billfleet/payments';\nexport const x = pay;`,
  ],
  [
    'client-imports-only-contracts',
    'libs/client/src/uses-domain.ts',
    `import { one } from '@billfleet/domain';\nexport const x = one;`,
  ],
  [
    'queues-only-behind-queue',
    'libs/billing/src/uses-bullmq.ts',
    `import { Queue } from 'bullmq';\nexport const x = Queue;`,
  ],
  [
    'queues-only-behind-queue',
    'libs/store/src/uses-redis.ts',
    `import { Redis } from 'ioredis';\nexport const x = Redis;`,
  ],
  [
    'database-only-behind-store',
    'libs/billing/src/uses-typeorm.ts',
    `import { DataSource } from 'typeorm';\nexport const x = DataSource;`,
  ],
  ['database-only-behind-store', 'libs/queue/src/uses-pg.ts', `import pg from 'pg';\nexport const x = pg;`],
  [
    'mail-only-behind-outbound',
    'libs/billing/src/sends-mail.ts',
    `import { createTransport } from 'nodemailer';\nexport const x = createTransport;`,
  ],
  [
    'paper-only-behind-outbound',
    'libs/billing/src/draws.ts',
    `import pdfmake from 'pdfmake';\nexport const x = pdfmake;`,
  ],
  [
    'nest-only-at-the-edge',
    'libs/billing/src/decorates.ts',
    `import { Injectable } from '@nestjs/common';\nexport const x = Injectable;`,
  ],
  [
    'through-the-front-door',
    'libs/billing/src/side-door.ts',
    `import { one } from '../../domain/src/one.js';\nexport const x = one;`,
  ],
  [
    'apps-are-islands',
    'apps/order-worker/src/main.ts',
    `import { app } from '../../gateway/src/main.js';\nexport const x = app;`,
  ],
  [
    'checker-is-independent',
    'apps/cli/src/check-quote/asks-the-engine.ts',
    `import { one } from '@billfleet/domain';\nexport const x = one;`,
  ],
  [
    'checker-is-independent',
    'apps/cli/src/check-quote/uses-package.ts',
    `import { z } from 'zod';\nexport const x = z;`,
  ],
  [
    'checker-is-independent',
    'apps/cli/src/check-quote/looks-around.ts',
    `import { host } from '../host.js';\nexport const x = host;`,
  ],
  ['not-to-unresolvable', 'libs/billing/src/lost.ts', `import { x } from './nowhere.js';\nexport const y = x;`],
  ['not-to-dev-dependency', 'libs/billing/src/tests-itself.ts', `import fc from 'fast-check';\nexport const x = fc;`],
  ['no-orphans', 'libs/billing/src/orphan.ts', `export const alone = 1;`],
  ['no-circular', 'libs/billing/src/egg.ts', `import { hen } from './hen.js';\nexport const egg = (): unknown => hen;`],
];

/** The other half of the planted cycle, which is reported once. */
const accomplice = {
  'libs/billing/src/hen.ts': `import { egg } from './egg.js';\nexport const hen = (): unknown => egg;`,
};

describe('dependency-cruiser', () => {
  let found: string[] = [];
  let removeTree = (): void => undefined;

  beforeAll(() => {
    const tree = plantTree({
      ...sound,
      ...accomplice,
      ...Object.fromEntries(planted.map(([, file, content]) => [file, content])),
    });
    removeTree = () => {
      tree.remove();
    };
    found = violationsIn(tree.run(TOOL, ARGS));
  });
  afterAll(() => {
    removeTree();
  });

  test.each(planted)('%s reports %s', (rule, file) => {
    expect(found).toContain(`${file}: ${rule}`);
  });

  test('reports nothing but what was planted', () => {
    const wanted = planted.map(([rule, file]) => `${file}: ${rule}`);
    // A planted import of a package may break a second rule too; files without a fault may break none.
    expect(found.filter((one) => !wanted.includes(one)).map((one) => one.split(':')[0])).toEqual([]);
  });

  test('finds no fault in a sound tree', () => {
    const tree = plantTree(sound);
    try {
      expect(violationsIn(tree.run(TOOL, ARGS))).toEqual([]);
    } finally {
      tree.remove();
    }
  });

  test('finds no fault in ours', () => {
    expect(violationsIn(runTool(repositoryRoot, TOOL, ARGS))).toEqual([]);
  });
});
