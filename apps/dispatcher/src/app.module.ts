import { DispatchDue, ExpireOrders, loadCatalogue, SweepRenewals, SweepTurns } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { announceBy, Canary, queueConnection, Shouter } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DispatchLoop } from './dispatch-loop.js';

/** Composition of the dispatcher. */
@Module({})
export class DispatcherModule {
  static with(base: Base): DynamicModule {
    const announcer = announceBy(base);
    return {
      module: DispatcherModule,
      imports: [StoreModule.with(base, announcer), ...announcer.imports],
      providers: [
        {
          provide: DispatchLoop,
          inject: [Store, Shouter],
          useFactory: (store: Store, shouter: Shouter) =>
            new DispatchLoop(base, store, {
              canary: new Canary(queueConnection(base)),
              dispatch: new DispatchDue(store, (queue, marks) => shouter.shout(queue, marks), base.crash),
              expire: new ExpireOrders(store, base.clock),
              turns: new SweepTurns(store, base.clock),
              renewals: new SweepRenewals(store, base.clock, loadCatalogue(base.config.cataloguePath).renewal),
            }),
        },
      ],
    };
  }
}
