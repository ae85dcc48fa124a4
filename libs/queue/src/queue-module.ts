import type { QueueContract } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { consumerConnection, queueConnection } from './connection.js';

/** The worker itself says that Redis is away; a queue that nobody listens to would print the same to the terminal at each try. */
@Module({})
class SilencedQueue {
  static with(registered: DynamicModule, name: string): DynamicModule {
    const token = getQueueToken(name);
    return {
      module: SilencedQueue,
      imports: [registered],
      providers: [
        {
          provide: 'silenced queue',
          inject: [token],
          useFactory: (queue: Queue) => queue.on('error', () => undefined),
        },
      ],
    };
  }
}

/** The Nest modules that a worker of one queue needs: without the registered queue no worker would start, silently. */
export function consumerModules(queue: QueueContract, base: Base): DynamicModule[] {
  const connection = queueConnection(base);
  const registered = BullModule.registerQueue({ name: queue.name, skipVersionCheck: true });
  return [
    BullModule.forRoot({ connection: consumerConnection(connection.redisUrl), prefix: connection.prefix }),
    registered,
    SilencedQueue.with(registered, queue.name),
  ];
}
