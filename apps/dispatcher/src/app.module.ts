import {
  AdvanceTestClocks,
  CloseEndedCheckouts,
  DispatchDue,
  ExpireOrders,
  fleetSweeps,
  loadCatalogue,
  RecogniseRevenue,
  SweepMails,
  SweepReconciliations,
  SweepRenewals,
  SweepSeatChecks,
  SweepTellings,
  SweepTurns,
  SweepUsage,
  testClockSweeps,
  WorkspaceClock,
} from '@billfleet/billing';
import type { SweepsByTime } from '@billfleet/billing';
import { configuredProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { announceBy, Canary, queueConnection, Shouter } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ClockLoop } from './clock-loop.js';
import { DispatchLoop } from './dispatch-loop.js';
import type { Sweep } from './dispatch-loop.js';

/** What business time brings by itself, by whichever clock. */
function sweepsByTime(store: Store, { clock: fleet, config }: Base): SweepsByTime {
  const catalogue = loadCatalogue(config.cataloguePath);
  const clock = new WorkspaceClock(fleet);
  return (sweepClock) => {
    const usage = new SweepUsage({ store, catalogue, clock }, sweepClock);
    return {
      order: new ExpireOrders(store, sweepClock),
      turn: new SweepTurns(store, sweepClock),
      renewal: new SweepRenewals({ store, clock: sweepClock, catalogue, perMinute: config.renewalsPerMinute }),
      mail: new SweepMails(store, sweepClock),
      credits: usage,
      meter: usage,
      checkout: new CloseEndedCheckouts(store, sweepClock),
      revenue: new RecogniseRevenue(store, sweepClock),
    };
  };
}

/** What the fleet's own time brings: business, clocks that stand still, and what is no workspace's business. */
function sweepsOf(store: Store, base: Base, clocks: AdvanceTestClocks): readonly Sweep[] {
  const { clock, config } = base;
  const seatChecks = new SweepSeatChecks({ store, clock, asksHost: config.hostUrl !== undefined });
  const { revenue, ...others } = sweepsByTime(store, base)(fleetSweeps(clock));
  return [
    ...new Set(Object.values(others)),
    // A month has many sales, and nobody waits for their revenue.
    { run: () => revenue.run(), isPaced: true },
    { run: () => clocks.serveStanding() },
    new SweepTellings(store, clock),
    new SweepReconciliations(store, fleetSweeps(clock), configuredProvider(config).id),
    // The host product is asked at an even pace.
    { run: () => seatChecks.run(), isPaced: true },
  ];
}

function testClocks(store: Store, base: Base): AdvanceTestClocks {
  const sweeps = sweepsByTime(store, base);
  return new AdvanceTestClocks(store, (id) => sweeps(testClockSweeps(id)));
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
        { provide: AdvanceTestClocks, inject: [Store], useFactory: (store: Store) => testClocks(store, base) },
        {
          provide: ClockLoop,
          inject: [AdvanceTestClocks],
          useFactory: (clocks: AdvanceTestClocks) => new ClockLoop(base, clocks),
        },
        {
          provide: DispatchLoop,
          inject: [Store, Shouter, AdvanceTestClocks, ClockLoop],
          useFactory: (store: Store, shouter: Shouter, clocks: AdvanceTestClocks, clockLoop: ClockLoop) =>
            new DispatchLoop(base, store, {
              canary: new Canary(queueConnection(base)),
              dispatch: new DispatchDue(store, (queue, marks) => shouter.shout(queue, marks), base.crash),
              sweeps: sweepsOf(store, base, clocks),
              clocks: clockLoop,
            }),
        },
      ],
    };
  }
}
