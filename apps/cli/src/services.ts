/** Private servers for a checkout, a test run or an experiment: PostgreSQL 18 and Redis, both ours to stop and to break. */
export { freePort, isPortFree } from './services/free-port.js';
export { defaultPostgresDataDir, postgresHolder, startPostgres } from './services/postgres-server.js';
export { startRedis } from './services/redis-server.js';
export type { ServerHandle, ServerOptions } from './services/server-handle.js';
