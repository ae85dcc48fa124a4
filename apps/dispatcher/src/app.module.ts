import {
  DispatchDue,
  ExpireOrders,
  loadCatalogue,
  SweepMails,
  SweepRenewals,
  SweepSeatChecks,
  SweepTellings,
  SweepTurns,
  SweepUsage,
} from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { announceBy, Canary, queueConnection, Shouter } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DispatchLoop } from './dispatch-loop.js';
import type { Sweep } from './dispatch-loop.js';

/** What time brings by itself. */
function sweepsOf(store: Store, { clock, config }: Base): readonly Sweep[] {
  const catalogue = loadCatalogue(config.cataloguePath);
  const seatChecks = new SweepSeatChecks({ store, clock, asksHost: config.hostUrl !== undefined });
  return [
    new ExpireOrders(store, clock),
    new SweepTurns(store, clock),
    new SweepRenewals({ store, clock, catalogue, perMinute: config.renewalsPerMinute }),
    new SweepMails(store, clock),
    new SweepUsage({ store, catalogue, clock }),
    new SweepTellings(store, clock),
    // The host product is asked at an even pace.
    { run: () => seatChecks.run(), isPaced: true },
  ];
}

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
              sweeps: sweepsOf(store, base),
            }),
        },
      ],
    };
  }
}
