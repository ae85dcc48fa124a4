/** Private servers for a checkout, a test run or an experiment: PostgreSQL 18 and Redis, both ours to stop and to break. */
export { freePort } from './services/free-port.js';
export { defaultPostgresDataDir, startPostgres } from './services/postgres-server.js';
export { defaultRedisDir, startRedis } from './services/redis-server.js';
export type { ServerHandle, ServerOptions } from './services/server-handle.js';
