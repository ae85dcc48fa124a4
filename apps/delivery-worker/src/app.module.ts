import {
  AttachDocuments,
  CheckGrants,
  DrawDocuments,
  FleetDesk,
  IssueDocuments,
  loadCatalogue,
  PayLinks,
  RetellHost,
  SendMails,
  SignInLinks,
  StopMailLinks,
  TellHost,
  WorkspaceClock,
} from '@billfleet/billing';
import { deliveryQueue } from '@billfleet/contracts';
import type { Drawable } from '@billfleet/contracts';
import { documentLanguageOf, drawDocument, isOptionalMail, parseSender, renderStoredMail } from '@billfleet/outbound';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DeliveryProcessor } from './delivery.processor.js';
import { Outbound } from './outbound.js';

function deliveryDesk(store: Store, outbound: Outbound, base: Base): FleetDesk<typeof deliveryQueue> {
  const { config, clock, crash } = base;
  const links = new PayLinks(config.linkSecret);
  const stops = new StopMailLinks(config.linkSecret);
  const signIns = new SignInLinks(config.linkSecret);
  const draw = (drawable: Drawable, language: string): Promise<Uint8Array> =>
    drawDocument(drawable, documentLanguageOf(language));
  const attachments = new AttachDocuments({ store, draw, languageOf: documentLanguageOf });
  const mails = new SendMails({
    store,
    clock: new WorkspaceClock(clock),
    crash,
    mailer: outbound.mailer,
    isOptional: isOptionalMail,
    attach: (notification) => attachments.of(notification),
    render: ({ id, template, facts, locale, timeZone }) =>
      renderStoredMail(template, facts, {
        ...{ locale, timeZone, publicUrl: config.publicUrl },
        payPath: (orderId) => links.pathOf(orderId),
        signInPath: (link) => signIns.pathOf(link),
        unsubscribePath: stops.pathOf(id),
      }),
    claimTrustedMs: 2 * config.leaseMs,
    messageDomain: parseSender(config.mailFrom).address.replace(/^.*@/, ''),
  });
  const host = new TellHost({ store, clock, host: outbound.host });
  const again = new RetellHost({ store, clock, host: outbound.host });
  const checks = new CheckGrants({ store, clock, host: outbound.seats });
  const { sellers } = loadCatalogue(config.cataloguePath);
  const documents = new IssueDocuments({ store, clock: new WorkspaceClock(clock), sellers });
  const drawings = new DrawDocuments({ store, sellers, draw });
  return new FleetDesk({
    store,
    base,
    queue: deliveryQueue,
    handlers: {
      'mail.send': (items) => mails.run(items),
      'host.tell': (items) => host.run(items),
      'host.retell': (items) => again.run(items),
      'seats.check': (items) => checks.run(items),
      'invoice.issue': (items) => documents.invoices(items),
      'credit-note.issue': (items) => documents.creditNotes(items),
      'cancellation-note.issue': (items) => documents.cancellationNotes(items),
      'document.render': (items) => drawings.run(items),
    },
  });
}

/** Composition of the delivery worker. */
@Module({})
export class DeliveryWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: DeliveryWorkerModule,
      imports: [StoreModule.with(base, announceBy(base)), ...consumerModules(deliveryQueue, base)],
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
