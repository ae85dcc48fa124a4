export * from './canonical-json.js';
export * from './case-file.js';
export * from './catalogue-file.js';
export * from './commands.js';
export * from './job.js';
export * from './natural-batch.js';
export * from './queues.js';
export * from './stored-lines.js';
