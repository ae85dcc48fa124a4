import {
  ConfirmPayments,
  FleetDesk,
  loadCatalogue,
  ReconcileSettlements,
  RecordConfirmations,
  SendRefunds,
  openDoor,
  WorkspaceClock,
} from '@billfleet/billing';
import { paymentConfirmationQueue } from '@billfleet/contracts';
import { configuredProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { PaymentProcessor } from './payment.processor.js';

function paymentDesk(store: Store, base: Base): FleetDesk<typeof paymentConfirmationQueue> {
  const { config, crash, log } = base;
  const clock = new WorkspaceClock(base.clock);
  const provider = configuredProvider(config);
  const { dunning } = loadCatalogue(config.cataloguePath).renewal;
  const { firstCheckMs } = config;
  const confirm = new ConfirmPayments({ store, provider, clock, crash, log, firstCheckMs, dunning });
  const refunds = new SendRefunds({ store, provider, clock, firstCheckMs });
  const reconcile = new ReconcileSettlements({ store, provider, clock, firstCheckMs, dunning });
  const record = new RecordConfirmations(store, { booksAtOnce: true });
  return new FleetDesk({
    store,
    base,
    queue: paymentConfirmationQueue,
    handlers: {
      'notice.apply': (items) => confirm.applyNotices(items),
      'attempt.check': (items) => confirm.checkAttempts(items),
      'refund.send': (items) => refunds.run(items),
      'refund.check': (items) => refunds.check(items),
      'settlement.reconcile': (items) => reconcile.compare(items),
      'settlement.repair': (items) => reconcile.repair(items),
    },
    intake: openDoor({
      base,
      store,
      contract: paymentConfirmationQueue.intake,
      run: (commands) => record.run(commands),
    }),
  });
}

/** Composition of the payment worker. */
@Module({})
export class PaymentWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: PaymentWorkerModule,
      imports: [StoreModule.with(base, announceBy(base)), ...consumerModules(paymentConfirmationQueue, base)],
      providers: [
        {
          provide: PaymentProcessor,
          inject: [Store],
          useFactory: (store: Store) => new PaymentProcessor(paymentDesk(store, base), base),
        },
      ],
    };
  }
}
