import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const TESTS = ['**/*.spec.ts', '**/*.spec.tsx', '**/*.int-spec.ts', '**/*.journey-spec.ts', 'test/**/*.ts'];
const DECIDING = ['libs/domain/**/*.ts', 'libs/contracts/**/*.ts', 'libs/billing/**/*.ts'];

const noEnum = {
  selector: 'TSEnumDeclaration',
  message: 'Use a union of lower-case string literals: it needs no import and survives JSON.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that everybody calls the thing the same.',
};
// Whoever decides gets time and randomness handed in; otherwise a test cannot repeat the decision.
const noAmbientInput = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask the Clock.' },
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Ask the Clock.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Have randomness handed in.' },
];
const ambientGlobals = ['setTimeout', 'setInterval', 'fetch'].map((name) => ({
  name,
  message: 'Nothing here may wait or call out: that belongs to the apps and to the libraries of the edge.',
}));

// What billing may ask the fleet's own time for: how a workspace's time comes about, and what is nobody's business.
const ASKING_THE_FLEET = [
  'workspace-clock',
  'sweep-clock',
  'manage-test-clocks',
  'tell-host',
  'check-grants',
  'request-seat-checks',
].map((name) => `libs/billing/src/${name}.ts`);

/** A switched-off rule without a reason is a riddle for whoever comes next. */
const reasonedDisables = {
  rules: {
    'disable-needs-reason': {
      meta: { type: 'suggestion', schema: [] },
      create: (context) => ({
        Program() {
          for (const comment of context.sourceCode.getAllComments()) {
            if (/^\s*eslint-disable/.test(comment.value) && !/\s--\s+\S/.test(comment.value)) {
              context.report({ loc: comment.loc, message: 'Give the reason after " -- ".' });
            }
          }
        },
      }),
    },
  },
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      '.data/',
      '.cache/',
      'apps/*/dist/',
      'test/**/fixtures/',
      'apps/billing-page/src/api/schema.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, plugins: { billfleet: reasonedDisables } },
  js.configs.recommended,
  {
    rules: {
      'billfleet/disable-needs-reason': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', 'billfleet'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'URL', 'performance', 'module', 'setTimeout', 'clearTimeout'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
    rules: { 'no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }] },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest declares its option bags as classes; nobody makes an instance of them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only the configuration reads the environment (libs/platform/src/config.ts).',
        },
      ],
      'no-restricted-syntax': ['error', noEnum, noDefaultExport],
    },
  },
  // A migration is one long statement of SQL, and is never edited again.
  { files: ['libs/store/src/migrations/*.ts'], rules: { 'max-lines': 'off' } },
  { files: ['**/*.processor.ts'], rules: { 'max-lines': ['error', 60] } },
  {
    files: DECIDING,
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', ...ambientGlobals],
      'no-restricted-syntax': ['error', noEnum, noDefaultExport, ...noAmbientInput],
    },
  },
  {
    files: ['libs/billing/**/*.ts'],
    ignores: [...TESTS, ...ASKING_THE_FLEET],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@billfleet/platform',
              importNames: ['Clock', 'systemClock', 'MovableClock'],
              message: 'Ask a WorkspaceClock: a workspace may stand on a test clock. A sweep asks its SweepClock.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['libs/platform/src/config.ts', 'apps/cli/**/*.ts', ...TESTS],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: TESTS,
    rules: { 'max-lines-per-function': 'off' },
  },
);
