import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { variableDocs } from '@billfleet/platform';
import { parse } from 'yaml';
import { z } from 'zod';
import { filesBelow, root, textOf } from '../docs/repository.js';

const service = z.object({
  image: z.string(),
  build: z.unknown().optional(),
  command: z.array(z.string()).optional(),
  container_name: z.string().optional(),
  ports: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
type Service = z.output<typeof service>;

const composeText = textOf('docker-compose.yml');
const { services } = z
  .object({ services: z.record(z.string(), service) })
  .parse(parse(composeText, { merge: true }) as unknown);

const schemaNames = variableDocs.map(({ name }) => name);
/** Variables of the database's own image. */
const POSTGRES_IMAGE = ['POSTGRES_DB', 'POSTGRES_PASSWORD', 'POSTGRES_USER'];
/** Read while the file itself is filled in, and by no process. */
const FILE_ONLY = ['POSTGRES_PASSWORD', 'MAILPIT_PORT'];
/** Switches of chaos runs have no place in a deployment. */
const CHAOS_ONLY = ['BILLFLEET_CRASH', 'BILLFLEET_MUTANT'];

const apps = filesBelow('apps', /^main\.ts$/)
  .map((file) => path.relative('apps', file).split(path.sep)[0] ?? '')
  .filter((app) => app !== 'cli');
const named = (name: string): Service => {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};
const ours = Object.entries(services).filter(([, one]) => one.build !== undefined);
const SCALED = ['order-worker', 'payment-worker', 'seat-worker', 'reminder-worker', 'delivery-worker', 'dispatcher'];

describe('docker-compose.yml', () => {
  test('is what dclint accepts, warnings included', () => {
    const dclint = path.join(root, 'node_modules/dclint/bin/dclint.cjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [dclint, '--max-warnings', '0', 'docker-compose.yml'],
      { cwd: root, encoding: 'utf8' },
    );
    expect(`${stdout}${stderr}`.trim()).toBe('');
    expect(status).toBe(0);
  });

  test('sets only variables that the configuration schema knows, or the image of the database', () => {
    for (const [, one] of ours) {
      expect(Object.keys(one.environment ?? {}).filter((name) => !schemaNames.includes(name))).toEqual([]);
    }
    expect(Object.keys(named('postgres').environment ?? {}).sort()).toEqual(POSTGRES_IMAGE);
  });

  test('hands every variable of the schema on, except the switches of chaos runs', () => {
    const set = new Set(ours.flatMap(([, one]) => Object.keys(one.environment ?? {})));
    expect(schemaNames.filter((name) => !set.has(name))).toEqual(CHAOS_ONLY);
  });

  test('is filled in from variables of the example, and insists on exactly the required ones', () => {
    const asked = [...composeText.matchAll(/\$\{([A-Z0-9_]+)(:[?-])?/g)];
    const names = asked.map(([, name]) => name ?? '');
    expect(names.filter((name) => !schemaNames.includes(name) && !FILE_ONLY.includes(name))).toEqual([]);
    const insisted = new Set(asked.filter(([, , how]) => how === ':?').map(([, name]) => name));
    const joinsContainers = ['DATABASE_URL', 'REDIS_URL'];
    const required = variableDocs.filter(({ fallback }) => fallback === undefined).map(({ name }) => name);
    expect([...insisted].sort()).toEqual(
      ['POSTGRES_PASSWORD', ...required.filter((name) => !joinsContainers.includes(name))].sort(),
    );
  });

  test('the recipe for secrets in the how-to names all that is insisted on', () => {
    const recipe =
      /cat > \.env <<SECRETS\n([^]*?)\nSECRETS/.exec(textOf('docs/how-to/run-behind-docker.md'))?.[1] ?? '';
    const given = recipe.split('\n').map((line) => line.split('=')[0] ?? '');
    for (const [, name] of composeText.matchAll(/\$\{([A-Z0-9_]+):\?/g)) expect(given).toContain(name);
  });

  test('has a service for every process of apps, each started from its main file', () => {
    for (const app of apps) {
      expect(named(app).command).toEqual(['node', `dist/apps/${app}/src/main.js`]);
      expect(existsSync(path.join(root, `apps/${app}/src/main.ts`))).toBe(true);
    }
  });

  test('lets workers be scaled: no fixed name, no published port, health on the side port', () => {
    for (const name of SCALED) {
      const one = named(name);
      expect(one.container_name).toBeUndefined();
      expect(one.ports).toBeUndefined();
      const port = one.environment?.['BILLFLEET_HEALTH_PORT'];
      expect(one.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${String(port)}/health/ready`);
    }
  });

  test('starts the fleet only after the migration has succeeded', () => {
    for (const name of ['gateway', ...SCALED]) {
      expect(named(name).depends_on?.['migrate']?.condition).toBe('service_completed_successfully');
    }
    expect(named('migrate').command?.slice(0, 2)).toEqual(['./billfleet', 'migrate']);
  });

  test('keeps jobs: append log on, nothing is evicted', () => {
    const command = named('redis').command?.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
  });
});

describe('Dockerfile', () => {
  const text = textOf('Dockerfile');

  test('starts roles that exist', () => {
    const [, app] = /^CMD \["node", "dist\/apps\/([^/]+)\/src\/main\.js"\]$/m.exec(text) ?? [];
    expect(apps).toContain(app);
    for (const name of apps.filter((one) => one !== 'gateway')) expect(text).toContain(name);
  });

  test('copies what exists, and runs as an ordinary user', () => {
    const sources = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files?.split(' ') ?? []);
    for (const file of sources) expect(existsSync(path.join(root, file))).toBe(true);
    expect(text).toMatch(/^USER node$/m);
  });

  test('sets only variables that the schema knows', () => {
    const [, assignments = ''] = /^ENV (.+)$/m.exec(text) ?? [];
    const names = assignments.split(' ').map((one) => one.split('=')[0] ?? '');
    expect(names.filter((name) => !schemaNames.includes(name))).toEqual([]);
  });

  test('uses a Node that package.json allows', () => {
    const { engines } = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(textOf('package.json')));
    const least = Number(/>=(\d+)/.exec(engines.node)?.[1]);
    const used = [...text.matchAll(/^FROM node:(\d+)/gm)].map(([, version]) => Number(version));
    expect(used.length).toBeGreaterThan(0);
    for (const version of used) expect(version).toBeGreaterThanOrEqual(least);
  });
});
