import { FleetDesk, SendMails, TellHost } from '@billfleet/billing';
import type { HostProduct } from '@billfleet/billing';
import { deliveryQueue } from '@billfleet/contracts';
import { InvariantError, invariant } from '@billfleet/domain';
import { hostWebhook, isMailTemplate, mailFacts, renderMail, smtpMailer } from '@billfleet/outbound';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules, queueConnection } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import type { NotificationToSend } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { DeliveryProcessor } from './delivery.processor.js';

/** What leaves through this worker; closed after the queue's consumer has drained. */
class Outbound implements OnApplicationShutdown {
  readonly mailer: ReturnType<typeof smtpMailer>;
  private readonly hook: ReturnType<typeof hostWebhook> | undefined;

  constructor({ config }: Base) {
    this.mailer = smtpMailer({ url: config.smtpUrl, from: config.mailFrom });
    this.hook =
      config.hostWebhookUrl === undefined
        ? undefined
        : hostWebhook({
            url: config.hostWebhookUrl,
            secret: config.hostWebhookSecret,
            allowPrivate: config.environment !== 'production',
          });
  }

  get host(): HostProduct {
    return this.hook ?? { deliver: () => Promise.resolve({ kind: 'gone' }) };
  }

  onApplicationShutdown(): void {
    this.mailer.close();
    this.hook?.close();
  }
}

function render(
  { template, facts, locale, timeZone }: NotificationToSend,
  publicUrl: string,
): ReturnType<typeof renderMail> {
  invariant(isMailTemplate(template), `unknown mail template ${template}`);
  if (locale !== 'en' && locale !== 'es' && locale !== 'pt-BR') throw new InvariantError(`unknown locale ${locale}`);
  return renderMail(template, mailFacts[template].parse(facts) as never, { locale, timeZone, publicUrl });
}

function deliveryDesk(store: Store, outbound: Outbound, base: Base): FleetDesk<typeof deliveryQueue> {
  const { config, crash, log } = base;
  const mails = new SendMails({
    store,
    crash,
    mailer: outbound.mailer,
    render: (notification) => render(notification, config.publicUrl),
    claimTrustedMs: 2 * config.leaseMs,
    messageDomain: /@([^>\s]+)/.exec(config.mailFrom)?.[1] ?? 'billfleet.example',
  });
  const host = new TellHost(store, outbound.host);
  return new FleetDesk({
    store,
    log,
    queue: deliveryQueue,
    handlers: { 'mail.send': (items) => mails.run(items), 'host.tell': (items) => host.run(items) },
    onOutcome: (kind, result, rows) => base.metrics.workResults.inc({ kind, result }, rows),
  });
}

/** Composition of the delivery worker. */
@Module({})
export class DeliveryWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: DeliveryWorkerModule,
      imports: [StoreModule.with(base, announceBy(base)), ...consumerModules(deliveryQueue, queueConnection(base))],
      providers: [
        { provide: Outbound, useFactory: () => new Outbound(base) },
        {
          provide: DeliveryProcessor,
          inject: [Store, Outbound],
          useFactory: (store: Store, outbound: Outbound) =>
            new DeliveryProcessor(deliveryDesk(store, outbound, base), base),
        },
      ],
    };
  }
}
