import {
  AccessNow,
  AnnounceWorkspaces,
  ApplyOrders,
  FleetDesk,
  loadCatalogue,
  RequestProvisioning,
  TurnSubscriptions,
  openDoor,
  WorkspaceClock,
} from '@billfleet/billing';
import { seatProvisioningQueue } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { SeatProcessor } from './seat.processor.js';

function seatDesk(store: Store, base: Base): FleetDesk<typeof seatProvisioningQueue> {
  const { config } = base;
  const clock = new WorkspaceClock(base.clock);
  const parts = { store, clock, catalogue: loadCatalogue(config.cataloguePath) };
  const apply = new ApplyOrders(parts);
  const turns = new TurnSubscriptions(parts);
  const announce = new AnnounceWorkspaces(store, new AccessNow(parts.catalogue, clock));
  const requests = new RequestProvisioning(store);
  return new FleetDesk({
    store,
    base,
    queue: seatProvisioningQueue,
    handlers: {
      'order.apply': (items) => apply.run(items),
      'subscription.turn': (items) => turns.run(items),
      'workspace.announce': (items) => announce.run(items),
    },
    intake: openDoor({
      base,
      store,
      contract: seatProvisioningQueue.intake,
      run: (commands) => requests.run(commands),
    }),
  });
}

/** Composition of the seat worker. */
@Module({})
export class SeatWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: SeatWorkerModule,
      imports: [StoreModule.with(base, announceBy(base)), ...consumerModules(seatProvisioningQueue, base)],
      providers: [
        {
          provide: SeatProcessor,
          inject: [Store],
          useFactory: (store: Store) => new SeatProcessor(seatDesk(store, base), base),
        },
      ],
    };
  }
}
