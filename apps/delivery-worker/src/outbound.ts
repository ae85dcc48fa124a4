import type { HostProduct } from '@billfleet/billing';
import { hostWebhook, smtpMailer } from '@billfleet/outbound';
import type { Base } from '@billfleet/platform';
import type { OnApplicationShutdown } from '@nestjs/common';

/** What leaves through this worker; closed after the queue's consumer has drained. */
export class Outbound implements OnApplicationShutdown {
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
