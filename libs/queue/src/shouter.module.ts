import type { WorkMark, QueueName } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { queueConnection } from './connection.js';
import { Shouter } from './shouter.js';

/** A gateway whose Redis is away must still come up and accept orders. */
const CONNECT_DEADLINE_MS = 2_000;

class ClosingShouter extends Shouter implements OnModuleInit, OnApplicationShutdown {
  async onModuleInit(): Promise<void> {
    await this.connect(CONNECT_DEADLINE_MS);
  }
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

/** The shouter of one process; it sends what waits before it closes. */
@Module({})
export class ShouterModule {
  static with(base: Base): DynamicModule {
    return {
      module: ShouterModule,
      providers: [
        { provide: Shouter, useFactory: () => new ClosingShouter(queueConnection(base), base.log, base.shoutCopies) },
      ],
      exports: [Shouter],
    };
  }
}

/** How a store announces through the shouter: committed work is shouted at once, and losing a shout is harmless. */
export function announceBy(base: Base): {
  token: typeof Shouter;
  imports: DynamicModule[];
  toAnnounce: (
    shouter: Shouter,
  ) => (owed: readonly { readonly queue: QueueName; readonly marks: readonly WorkMark[] }[]) => void;
} {
  return {
    token: Shouter,
    imports: [ShouterModule.with(base)],
    toAnnounce: (shouter) => (owed) => {
      for (const { queue, marks } of owed) shouter.shout(queue, marks);
    },
  };
}
