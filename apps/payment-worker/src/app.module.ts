import { ApiKeys, ConfirmPayments, FleetDesk, RecordConfirmations, SendRefunds, takeIntake } from '@billfleet/billing';
import { paymentConfirmationQueue } from '@billfleet/contracts';
import { sandboxProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules, queueConnection } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { PaymentProcessor } from './payment.processor.js';

function paymentDesk(store: Store, base: Base): FleetDesk<typeof paymentConfirmationQueue> {
  const { config, crash, clock, log } = base;
  const provider = sandboxProvider({
    baseUrl: config.sandboxUrl,
    apiKey: config.sandboxApiKey,
    webhookSecrets: [config.sandboxWebhookSecret],
    timeoutMs: config.providerTimeoutMs,
  });
  const confirm = new ConfirmPayments({ store, provider, clock, crash, log, firstCheckMs: config.firstCheckMs });
  const refunds = new SendRefunds(store, provider);
  const record = new RecordConfirmations(store, { booksAtOnce: true });
  const keys = new ApiKeys(store);
  return new FleetDesk({
    store,
    log,
    queue: paymentConfirmationQueue,
    handlers: {
      'notice.apply': (items) => confirm.applyNotices(items),
      'attempt.check': (items) => confirm.checkAttempts(items),
      'refund.send': (items) => refunds.run(items),
    },
    intake: (envelopes) =>
      takeIntake(
        { contract: paymentConfirmationQueue.intake, keys, store, log, run: (commands) => record.run(commands) },
        envelopes,
      ),
    onOutcome: (kind, result, rows) => base.metrics.workResults.inc({ kind, result }, rows),
  });
}

/** Composition of the payment worker. */
@Module({})
export class PaymentWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: PaymentWorkerModule,
      imports: [
        StoreModule.with(base, announceBy(base)),
        ...consumerModules(paymentConfirmationQueue, queueConnection(base)),
      ],
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
