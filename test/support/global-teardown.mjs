// Ends the servers that the set-up started; on foreign servers it removes what the run has left there.
import { Redis } from 'ioredis';
import pg from 'pg';

export default async function globalTeardown() {
  const { run, servers, owned, serverUrl } = globalThis.billfleetTestRun;
  if (!owned.database) await dropDatabases(serverUrl, run);
  if (!owned.redis) await deleteKeys(process.env.REDIS_URL, `test-${run.replaceAll('_', '-')}-`);
  for (const server of servers) await server.stop();
}

async function dropDatabases(serverUrl, run) {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  const { rows } = await admin.query('select datname from pg_database where datname like $1 or datname = $2', [
    `billfleet\\_test\\_${run.replaceAll('_', '\\_')}\\_%`,
    `billfleet_template_${run}`,
  ]);
  for (const { datname } of rows) await admin.query(`drop database "${datname}" with (force)`);
  await admin.end();
}

async function deleteKeys(redisUrl, prefix) {
  const redis = new Redis(redisUrl);
  for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
  redis.disconnect();
}
