import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plantTree } from './planted-tree.js';

type LintedFile = { filePath: string; messages: { ruleId: string | null; message: string }[] };

const TOOL = 'eslint/bin/eslint.js';
const LONG_FUNCTION = `export function long(): void {\n${'  console.log(1);\n'.repeat(61)}}\n`;
const LONG_PROCESSOR = 'export const line = 1;\n'.replace('line', 'first') + '// a line\n'.repeat(60);
const TIMELESS = `export const pure = (value: number): number => value + 1;\n`;

/** One file for each rule, and the rule that it breaks. */
const planted: [rule: string, file: string, content: string][] = [
  [
    '@typescript-eslint/no-floating-promises',
    'libs/store/src/floats.ts',
    `const wait = async (): Promise<void> => { await Promise.resolve(); };\nexport const go = (): void => { wait(); };\n`,
  ],
  [
    '@typescript-eslint/switch-exhaustiveness-check',
    'libs/domain/src/forgets.ts',
    `export const f = (state: 'paid' | 'open'): string => { switch (state) { case 'paid': return 'p'; } return ''; };\n`,
  ],
  [
    '@typescript-eslint/no-explicit-any',
    'libs/domain/src/any.ts',
    `export const f = (x: any): unknown => x as unknown;\n`,
  ],
  [
    '@typescript-eslint/no-non-null-assertion',
    'libs/domain/src/bang.ts',
    `export const f = (x: string | undefined): string => x!;\n`,
  ],
  [
    '@typescript-eslint/consistent-type-definitions',
    'libs/domain/src/interface.ts',
    `export interface Plan { name: string }\n`,
  ],
  [
    '@typescript-eslint/consistent-type-imports',
    'libs/domain/src/imports-type.ts',
    `import { Seat } from './seat.js';\nexport const f = (seat: Seat): Seat => seat;\n`,
  ],
  ['no-restricted-syntax', 'libs/domain/src/enumerates.ts', `export enum Colour { Red }\n`],
  ['no-restricted-syntax', 'libs/domain/src/default.ts', `export default 1;\n`],
  ['no-restricted-syntax', 'libs/domain/src/now.ts', `export const f = (): Date => new Date();\n`],
  ['no-restricted-syntax', 'libs/billing/src/date-now.ts', `export const f = (): number => Date.now();\n`],
  ['no-restricted-syntax', 'libs/contracts/src/random.ts', `export const f = (): number => Math.random();\n`],
  [
    'no-restricted-globals',
    'libs/billing/src/waits.ts',
    `export const f = (): unknown => setTimeout(() => undefined, 1);\n`,
  ],
  [
    'no-restricted-globals',
    'libs/billing/src/fetches.ts',
    `export const f = (): Promise<unknown> => fetch('https://example.com');\n`,
  ],
  [
    'no-restricted-imports',
    'libs/billing/src/asks-the-fleet.ts',
    `import type { Clock } from '@billfleet/platform';\nexport const f = (clock: Clock): Date => clock.now();\n`,
  ],
  [
    'no-restricted-imports',
    'libs/billing/src/asks-the-machine.ts',
    `import { systemClock } from '@billfleet/platform';\nexport const f = (): Date => systemClock.now();\n`,
  ],
  [
    'no-restricted-properties',
    'libs/store/src/environment.ts',
    `export const f = (): unknown => process.env['HOME'];\n`,
  ],
  ['max-lines-per-function', 'libs/store/src/long.ts', LONG_FUNCTION],
  ['max-lines', 'apps/order-worker/src/long.processor.ts', LONG_PROCESSOR],
  [
    'billfleet/disable-needs-reason',
    'libs/store/src/unexplained.ts',
    `// eslint-disable-next-line no-restricted-properties\nexport const f = (): unknown => process.env['HOME'];\n`,
  ],
];

const sound: Record<string, string> = {
  'libs/domain/src/seat.ts': `export type Seat = { name: string };\n`,
  'libs/domain/src/pure.ts': TIMELESS,
  'libs/platform/src/config.ts': `export const f = (): unknown => process.env['HOME'];\n`,
  'apps/cli/src/reads.ts': `export const f = (): unknown => process.env['HOME'];\n`,
  'libs/billing/src/workspace-clock.ts': `import type { Clock } from '@billfleet/platform';\nexport type Asking = { readonly clock: Clock };\n`,
  'libs/store/src/clock.ts': `export const f = (): Date => new Date();\n`,
};

describe('ESLint', () => {
  const found = new Map<string, string[]>();
  let unused: string[] = [];
  let removeTree = (): void => undefined;

  beforeAll(() => {
    const tree = plantTree({
      ...sound,
      ...Object.fromEntries(planted.map(([, file, content]) => [file, content])),
      'libs/store/src/needless.ts': `// eslint-disable-next-line eqeqeq -- a reason\nexport const one = 1;\n`,
    });
    removeTree = () => {
      tree.remove();
    };
    const files = JSON.parse(tree.run(TOOL, ['--format', 'json', 'apps', 'libs'])) as LintedFile[];
    for (const { filePath, messages } of files) {
      found.set(
        path.relative(tree.folder, filePath),
        messages.map((one) => one.ruleId ?? one.message),
      );
    }
    unused = found.get('libs/store/src/needless.ts') ?? [];
  }, 60_000);
  afterAll(() => {
    removeTree();
  });

  test.each(planted)('%s reports %s', (rule, file) => {
    expect(found.get(file)).toContain(rule);
  });

  test('reports a switched-off rule that reports nothing', () => {
    expect(unused).toEqual([expect.stringMatching(/^Unused eslint-disable directive/)]);
  });

  test.each(Object.keys(sound))('finds no fault in %s', (file) => {
    expect(found.get(file)).toEqual([]);
  });
});
