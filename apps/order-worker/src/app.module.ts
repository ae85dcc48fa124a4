import {
  CallProvider,
  FleetDesk,
  loadCatalogue,
  newId,
  PlaceOrders,
  StoreMethods,
  openDoor,
  WorkspaceClock,
} from '@billfleet/billing';
import { orderQueue } from '@billfleet/contracts';
import { configuredProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { OrderProcessor } from './order.processor.js';

function orderDesk(store: Store, base: Base): FleetDesk<typeof orderQueue> {
  const { config, crash, clock } = base;
  const provider = configuredProvider(config);
  const catalogue = loadCatalogue(config.cataloguePath);
  const workspaceClock = new WorkspaceClock(clock);
  const calls = new CallProvider({
    store,
    provider,
    crash,
    publicUrl: config.publicUrl,
    firstCheckMs: config.firstCheckMs,
    dunning: catalogue.renewal.dunning,
    ...(config.mutant === 'new-key-per-try' ? { keyOf: () => newId() } : {}),
    takesTimeoutAsDecline: config.mutant === 'timeout-is-decline',
  });
  const place = new PlaceOrders({
    store,
    clock: workspaceClock,
    crash,
    catalogue,
    providerId: provider.id,
  });
  const methods = new StoreMethods(store, provider, workspaceClock);
  return new FleetDesk({
    store,
    base,
    queue: orderQueue,
    handlers: {
      'checkout.open': (items) => calls.openCheckouts(items),
      'token.charge': (items) => calls.chargeTokens(items),
      'checkout.cancel': (items) => calls.cancelCheckouts(items),
      'method.store': (items) => methods.run(items),
    },
    intake: openDoor({ base, store, contract: orderQueue.intake, run: (commands) => place.run(commands) }),
  });
}

/** Composition of the order worker. */
@Module({})
export class OrderWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: OrderWorkerModule,
      imports: [StoreModule.with(base, announceBy(base)), ...consumerModules(orderQueue, base)],
      providers: [
        {
          provide: OrderProcessor,
          inject: [Store],
          useFactory: (store: Store) => new OrderProcessor(orderDesk(store, base), base),
        },
      ],
    };
  }
}
