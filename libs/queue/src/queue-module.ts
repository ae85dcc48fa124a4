import type { QueueContract } from '@billfleet/contracts';
import { BullModule } from '@nestjs/bullmq';
import type { DynamicModule } from '@nestjs/common';
import { consumerConnection } from './connection.js';
import type { QueueConnection } from './connection.js';

/** The Nest modules that a worker of one queue needs: without the registered queue no worker would start, silently. */
export function consumerModules(queue: QueueContract, connection: QueueConnection): DynamicModule[] {
  return [
    BullModule.forRoot({ connection: consumerConnection(connection.redisUrl), prefix: connection.prefix }),
    BullModule.registerQueue({ name: queue.name, skipVersionCheck: true }),
  ];
}
