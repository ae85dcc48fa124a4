// Once per run: servers (unless their URLs are set), compiled code, and one migrated database to clone from.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { compile } from '../../apps/cli/launcher/compile.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export default async function globalSetup() {
  await compile(root);
  const { startPostgres, startRedis } = await import('../../dist/apps/cli/src/services.js');
  const run = `${process.pid}_${Date.now().toString(36)}`;
  const servers = [];
  const owned = { database: false, redis: false };
  const options = { ephemeral: true, durable: false, onProgress: (line) => process.stderr.write(`  ${line}\n`) };
  if (process.env.DATABASE_URL === undefined) {
    const postgres = await startPostgres(options);
    servers.push(postgres);
    process.env.DATABASE_URL = postgres.url;
    owned.database = true;
  }
  if (process.env.REDIS_URL === undefined) {
    const redis = await startRedis(options);
    servers.push(redis);
    process.env.REDIS_URL = redis.url;
    owned.redis = true;
  }
  globalThis.billfleetTestRun = { run, servers, owned, serverUrl: process.env.DATABASE_URL };

  const template = `billfleet_template_${run}`;
  const admin = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await admin.connect();
  await admin.query(`create database "${template}"`);
  await admin.end();
  const templateUrl = new URL(process.env.DATABASE_URL);
  templateUrl.pathname = `/${template}`;
  const { migrate } = await import('../../dist/libs/store/src/index.js');
  await migrate(templateUrl.href);

  // Jest's workers inherit these; test/support/setup-file.mjs turns them into one database per test file.
  process.env.BILLFLEET_TEST_SERVER_URL = process.env.DATABASE_URL;
  process.env.BILLFLEET_TEST_TEMPLATE = template;
  process.env.BILLFLEET_TEST_RUN = run;
}
