import type { HostProduct, HostSeats } from '@billfleet/billing';
import { hostSeats, hostWebhook, smtpMailer } from '@billfleet/outbound';
import type { Base } from '@billfleet/platform';
import type { OnApplicationShutdown } from '@nestjs/common';

/** What leaves through this worker; closed after the queue's consumer has drained. */
export class Outbound implements OnApplicationShutdown {
  readonly mailer: ReturnType<typeof smtpMailer>;
  private readonly hook: ReturnType<typeof hostWebhook> | undefined;
  private readonly asker: ReturnType<typeof hostSeats> | undefined;

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
    this.asker =
      config.hostUrl === undefined
        ? undefined
        : hostSeats({
            url: config.hostUrl,
            secret: config.hostWebhookSecret,
            allowPrivate: config.environment !== 'production',
          });
  }

  get host(): HostProduct {
    return this.hook ?? { deliver: () => Promise.resolve({ kind: 'gone' }) };
  }

  /** Checks that were owed while the address was configured wait until it is again. */
  get seats(): HostSeats {
    return this.asker ?? { ask: () => Promise.resolve({ kind: 'away', message: 'BILLFLEET_HOST_URL is empty' }) };
  }

  onApplicationShutdown(): void {
    this.mailer.close();
    this.hook?.close();
    this.asker?.close();
  }
}
