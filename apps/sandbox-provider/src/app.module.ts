import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Clock, Health, Log } from '@billfleet/platform';
import { HostProductModule } from './host-product/host-product.module.js';
import { MailboxModule } from './mailbox/mailbox.module.js';
import type { SandboxProviderOptions } from './options.js';
import { ProviderModule } from './provider.module.js';

/** The whole process: the payment provider, and what else stands in for the outside world in development. */
export type SandboxOptions = {
  readonly provider: SandboxProviderOptions;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly hostWebhookSecret: string;
  readonly log: Log;
  readonly health: Health;
  readonly clock: Clock;
};

@Module({})
export class AppModule {
  static with({ provider, smtp, hostWebhookSecret, log, health, clock }: SandboxOptions): DynamicModule {
    const folder = (name: string): string => join(provider.dataPath, name);
    return {
      module: AppModule,
      imports: [
        ProviderModule.with(provider, { log, health, clock }),
        MailboxModule.with({ smtpHost: smtp.host, smtpPort: smtp.port, dataDir: folder('mailbox') }),
        HostProductModule.with({ webhookSecret: hostWebhookSecret, dataDir: folder('host-product') }),
      ],
    };
  }
}
