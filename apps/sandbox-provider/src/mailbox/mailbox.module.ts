import { Inject, Injectable, Module } from '@nestjs/common';
import type { BeforeApplicationShutdown, DynamicModule, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { MailFaults } from './mail-faults.js';
import { MailStore } from './mail-store.js';
import { MailboxPagesController } from './mailbox-pages.controller.js';
import { MailboxController } from './mailbox.controller.js';
import { SmtpListener } from './smtp-listener.js';
import { TemplatePagesController } from './template-pages.controller.js';

/** Where the mailbox listens for SMTP, and the folder that it keeps its mails in. */
export type MailboxOptions = { readonly smtpPort: number; readonly smtpHost?: string; readonly dataDir: string };

const MAILBOX_OPTIONS = Symbol('MAILBOX_OPTIONS');

/** Starts the SMTP server with the application, and stops it first: what it has accepted must still reach the file. */
@Injectable()
class MailboxLife implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(MAILBOX_OPTIONS) private readonly options: MailboxOptions,
    private readonly listener: SmtpListener,
    private readonly store: MailStore,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.listener.start(this.options.smtpHost ?? '127.0.0.1', this.options.smtpPort);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.listener.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** A real SMTP server with a mailbox to look into: where the fleet's mail ends up in development and in tests. */
@Module({})
export class MailboxModule {
  static with(options: MailboxOptions): DynamicModule {
    return {
      module: MailboxModule,
      controllers: [MailboxController, TemplatePagesController, MailboxPagesController],
      providers: [
        { provide: MAILBOX_OPTIONS, useValue: options },
        { provide: MailStore, useFactory: () => MailStore.open(options.dataDir) },
        { provide: MailFaults, useFactory: () => new MailFaults() },
        {
          provide: SmtpListener,
          useFactory: (store: MailStore, faults: MailFaults) => new SmtpListener(store, faults),
          inject: [MailStore, MailFaults],
        },
        MailboxLife,
      ],
      exports: [SmtpListener, MailStore],
    };
  }
}
