export { Canary } from './canary.js';
export type { CanaryReport } from './canary.js';
export { consumerConnection, producerConnection, queueConnection } from './connection.js';
export type { QueueConnection, RedisSettings } from './connection.js';
export { consumerOptions, QueueConsumer } from './consumer.js';
export type { Desk, WorkOutcome } from './consumer.js';
export { consumerModules } from './queue-module.js';
export { Shouter } from './shouter.js';
export { announceBy, ShouterModule } from './shouter.module.js';
