// Who may import whom. test/architecture plants one violation of each rule and checks that it is reported.
const SPECS = '([.]spec|[.]int-spec|[.]journey-spec)[.]tsx?$';
const lib = (name) => `^libs/${name}/`;

/** A library that may import only itself and the named libraries of ours. */
const only = (name, allowed) => ({
  name: `${name}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: lib(name), pathNot: SPECS },
  to: { path: '^(libs|apps)/', pathNot: [lib(name), ...allowed.map(lib)] },
});

/** Packages that stay behind the door of the places named. */
const npmOnlyIn = (name, where, packages) => ({
  name,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: [where, SPECS] },
  to: { path: packages.map((one) => `(^|/)node_modules/${one}/`) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nobody is dead, unless it is a test or starts a process.',
      severity: 'error',
      from: { orphan: true, path: '^(apps|libs)/', pathNot: [SPECS, '/main[.]ts$', '[.]d[.]ts$', '[.](mjs|cjs)$'] },
      to: {},
    },
    { name: 'not-to-unresolvable', severity: 'error', from: { path: '^(apps|libs)/' }, to: { couldNotResolve: true } },
    {
      name: 'not-to-dev-dependency',
      comment:
        'A process that runs has only the real dependencies; the launcher compiles and tests, so it is the exception.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [SPECS, '^apps/cli/launcher/', '^apps/billing-page/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'apps-are-islands',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'through-the-front-door',
      comment: 'Other folders enter a library by its index.ts only.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/(?!src/index[.]ts$)', pathNot: '^$1/$2/' },
    },
    only('domain', []),
    only('platform', []),
    only('contracts', ['domain']),
    only('store', ['domain', 'contracts', 'platform']),
    only('queue', ['domain', 'contracts', 'platform']),
    only('payments', ['domain', 'platform']),
    only('outbound', ['domain', 'contracts', 'platform']),
    only('billing', ['domain', 'contracts', 'platform', 'store']),
    only('client', ['contracts']),
    {
      name: 'domain-is-pure',
      comment: 'No package, no Node module: the rules of the business run anywhere and need nothing.',
      severity: 'error',
      from: { path: lib('domain'), pathNot: SPECS },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] },
    },
    {
      name: 'checker-is-independent',
      comment: 'Who checks the engine shares no code with it: no library, no package, nothing outside of its folder.',
      severity: 'error',
      from: { path: '^apps/cli/src/check-quote/', pathNot: SPECS },
      to: { pathNot: ['^apps/cli/src/check-quote/(?!.*[.]spec[.]ts$)', '^(node:)?crypto$'] },
    },
    npmOnlyIn('queues-only-behind-queue', '^(libs/queue|libs/client|apps)/', ['bullmq', '@nestjs/bullmq', 'ioredis']),
    npmOnlyIn('database-only-behind-store', '^(libs/store|apps)/', ['typeorm', '@nestjs/typeorm', 'pg']),
    npmOnlyIn('mail-only-behind-outbound', '^(libs/outbound|apps/sandbox-provider)/', ['nodemailer']),
    npmOnlyIn('paper-only-behind-outbound', '^libs/outbound/', ['pdfmake']),
    npmOnlyIn('nest-only-at-the-edge', '^(libs/queue|libs/platform|libs/store|apps)/', ['@nestjs/[^/]+']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default', 'require', 'types'],
    },
  },
};
