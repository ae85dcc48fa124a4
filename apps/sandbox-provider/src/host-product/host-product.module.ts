import { Injectable, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { GivenSeats } from './given-seats.js';
import { HostEventStore } from './host-event-store.js';
import { HostMoods } from './host-moods.js';
import { HOST_WEBHOOK_VERIFIER, HostProductController } from './host-product.controller.js';

/** The secret that calls are signed with (`whsec_…`), and the folder that events are kept in. */
export type HostProductOptions = { readonly webhookSecret: string; readonly dataDir: string };

@Injectable()
class HostProductLife implements OnApplicationShutdown {
  constructor(private readonly store: HostEventStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** Stands in for the SaaS product whose seats are sold. The application must be made with `rawBody: true`. */
@Module({})
export class HostProductModule {
  static with(options: HostProductOptions): DynamicModule {
    return {
      module: HostProductModule,
      controllers: [HostProductController],
      providers: [
        { provide: HOST_WEBHOOK_VERIFIER, useFactory: () => new Webhook(options.webhookSecret) },
        { provide: HostEventStore, useFactory: () => HostEventStore.open(options.dataDir) },
        GivenSeats,
        HostMoods,
        HostProductLife,
      ],
      exports: [HostEventStore],
    };
  }
}
