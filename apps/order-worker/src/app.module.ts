import { ApiKeys, CallProvider, FleetDesk, loadCatalogue, newId, PlaceOrders, takeIntake } from '@billfleet/billing';
import { orderQueue } from '@billfleet/contracts';
import { sandboxProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules, queueConnection } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { OrderProcessor } from './order.processor.js';

function orderDesk(store: Store, base: Base): FleetDesk<typeof orderQueue> {
  const { config, crash, clock, log } = base;
  const provider = sandboxProvider({
    baseUrl: config.sandboxUrl,
    apiKey: config.sandboxApiKey,
    webhookSecrets: [config.sandboxWebhookSecret],
    timeoutMs: config.providerTimeoutMs,
  });
  const calls = new CallProvider({
    store,
    provider,
    crash,
    publicUrl: config.publicUrl,
    firstCheckMs: config.firstCheckMs,
    ...(config.mutant === 'new-key-per-try' ? { keyOf: () => newId() } : {}),
    takesTimeoutAsDecline: config.mutant === 'timeout-is-decline',
  });
  const place = new PlaceOrders({
    store,
    clock,
    crash,
    catalogue: loadCatalogue(config.cataloguePath),
    providerId: provider.id,
  });
  const keys = new ApiKeys(store);
  return new FleetDesk({
    store,
    log,
    queue: orderQueue,
    handlers: {
      'checkout.open': (items) => calls.openCheckouts(items),
      'token.charge': (items) => calls.chargeTokens(items),
      'checkout.cancel': (items) => calls.cancelCheckouts(items),
    },
    intake: (envelopes) =>
      takeIntake({ contract: orderQueue.intake, keys, store, log, run: (commands) => place.run(commands) }, envelopes),
    onOutcome: (kind, result, rows) => base.metrics.workResults.inc({ kind, result }, rows),
  });
}

/** Composition of the order worker. */
@Module({})
export class OrderWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: OrderWorkerModule,
      imports: [StoreModule.with(base, announceBy(base)), ...consumerModules(orderQueue, queueConnection(base))],
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
