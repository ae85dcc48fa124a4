import { readFileSync } from 'node:fs';

const swcEntries = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

/** One entry of .swcrc, fit for @swc/jest: modules and aliases are settled by Jest itself. */
const swcFor = (suffix) => {
  const { jsc } = swcEntries.find((entry) => entry.test === `\\.${suffix}$`);
  const { baseUrl: _baseUrl, paths: _paths, ...rest } = jsc;
  return { jsc: rest, sourceMaps: 'inline', swcrc: false };
};

const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.ts$': ['@swc/jest', swcFor('ts')], '\\.tsx$': ['@swc/jest', swcFor('tsx')] },
  moduleNameMapper: {
    '^@billfleet/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^content-disposition$': '<rootDir>/test/support/content-disposition.cjs',
  },
};

// Jest runs a project's globalSetup only when one of its tests is selected, so the pure tests never start a server.
const withServers = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  setupFiles: ['<rootDir>/test/support/setup-file.mjs'],
};

/** @type {import('jest').Config} */
export default {
  // Journeys mostly wait for each other's queues: two of them leave two cores four fifths idle.
  maxWorkers: 5,
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'pure',
      testRegex: '\\.spec\\.tsx?$',
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/architecture/'],
    },
    { ...shared, displayName: 'architecture', testRegex: '/test/architecture/[^/]+\\.spec\\.ts$' },
    { ...withServers, displayName: 'integration', testRegex: '\\.int-spec\\.ts$' },
    { ...withServers, displayName: 'journeys', testRegex: '\\.journey-spec\\.ts$' },
    { ...withServers, displayName: 'browser', testRegex: '\\.browser-spec\\.ts$' },
  ],
};
