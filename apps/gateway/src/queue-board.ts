import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { queues } from '@billfleet/contracts';
import { consumerConnection } from '@billfleet/queue';
import type { QueueConnection } from '@billfleet/queue';
import { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';

const ROUTE = '/ops/queues';

/** Intake messages hold what customers wrote: the page shows how many and whose, never what. */
const withoutContent = (data: unknown): unknown => {
  if (typeof data !== 'object' || data === null || !('intake' in data) || !Array.isArray(data.intake)) return data;
  return {
    intake: data.intake.map((one: { publisher?: unknown }) => ({ publisher: one.publisher, body: '(hidden)' })),
  };
};

/** Serves Bull Board for the five queues; answers how to close its connections. */
export async function serveQueueBoard(
  server: FastifyInstance,
  connection: QueueConnection,
): Promise<() => Promise<void>> {
  const open = queues.map(({ name }) => {
    const queue = new Queue(name, {
      connection: consumerConnection(connection.redisUrl),
      prefix: connection.prefix,
      skipVersionCheck: true,
    });
    // While Redis is away the page fails, and nothing else.
    queue.on('error', () => undefined);
    return queue;
  });
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(ROUTE);
  const adapters = open.map((queue) => {
    const adapter = new BullMQAdapter(queue, {
      description: 'Attempts, backoff and dead letters live in PostgreSQL: see ./billfleet work',
    });
    adapter.setFormatter('data', withoutContent);
    return adapter;
  });
  createBullBoard({ queues: adapters, serverAdapter, options: { uiConfig: { boardTitle: 'Billfleet queues' } } });
  await server.register(serverAdapter.registerPlugin(), { prefix: ROUTE });
  return async () => {
    await Promise.all(open.map((queue) => queue.close().catch(() => undefined)));
  };
}
