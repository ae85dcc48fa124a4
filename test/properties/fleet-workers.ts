import {
  AccessNow,
  AnnounceWorkspaces,
  ApplyOrders,
  AttachDocuments,
  CallProvider,
  CheckGrants,
  ConfirmPayments,
  DrawDocuments,
  FleetDesk,
  IssueDocuments,
  ReconcileSettlements,
  RemindRenewals,
  RenewSubscriptions,
  RetellHost,
  SendMails,
  SendRefunds,
  StoreMethods,
  TellHost,
  TurnSubscriptions,
} from '@billfleet/billing';
import type { Mail, WorkspaceClock } from '@billfleet/billing';
import {
  deliveryQueue,
  orderQueue,
  paymentConfirmationQueue,
  renewalReminderQueue,
  seatProvisioningQueue,
} from '@billfleet/contracts';
import type { QueueName, WorkMark } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { documentLanguageOf, isOptionalMail, renderStoredMail } from '@billfleet/outbound';
import { createMetrics, noCrash, silentLog, systemClock } from '@billfleet/platform';
import type { Base } from '@billfleet/platform';
import type { Store } from '@billfleet/store';
import type { HostedProvider } from './hosted-provider.js';

/** What the workers work with. */
export type WorkerParts = {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly clock: WorkspaceClock;
  readonly provider: HostedProvider;
  readonly take: (mail: Mail) => void;
};

/** What failed waits until somebody makes everything due: nothing happens by itself here. */
const LONG_MS = 3_600_000;
const PUBLIC_URL = 'http://fleet.example';
const base = {
  config: { retryFirstMs: LONG_MS } as Base['config'],
  log: silentLog,
  metrics: createMetrics('a property'),
};

/** Does the work of a queue that some marks name. */
export type Desks = Readonly<Record<QueueName, { runWork(marks: readonly WorkMark[]): Promise<unknown> }>>;

/** The workers of the fleet, each with the use cases that its app gives it; the provider, the mailbox and the host product are played. */
export function fleetWorkers(parts: WorkerParts): Desks {
  const { store, catalogue, clock, provider } = parts;
  const { dunning } = catalogue.renewal;
  const looking = { store, provider, clock, firstCheckMs: LONG_MS, dunning };
  const calls = new CallProvider({ ...looking, crash: noCrash, publicUrl: PUBLIC_URL });
  const methods = new StoreMethods(store, provider, clock);
  const confirm = new ConfirmPayments({ ...looking, crash: noCrash, log: silentLog });
  const refunds = new SendRefunds(looking);
  const apply = new ApplyOrders({ store, catalogue, clock });
  const turns = new TurnSubscriptions({ store, catalogue, clock });
  const announce = new AnnounceWorkspaces(store, new AccessNow(catalogue, clock));
  const remind = new RemindRenewals(store, catalogue, clock);
  const renew = new RenewSubscriptions({ store, catalogue, clock, providerId: provider.id });
  const reconcile = new ReconcileSettlements(looking);
  return {
    order: new FleetDesk({
      ...{ store, base, queue: orderQueue },
      handlers: {
        'checkout.open': (items) => calls.openCheckouts(items),
        'token.charge': (items) => calls.chargeTokens(items),
        'checkout.cancel': (items) => calls.cancelCheckouts(items),
        'method.store': (items) => methods.run(items),
      },
    }),
    'payment-confirmation': new FleetDesk({
      ...{ store, base, queue: paymentConfirmationQueue },
      handlers: {
        'notice.apply': (items) => confirm.applyNotices(items),
        'attempt.check': (items) => confirm.checkAttempts(items),
        'refund.send': (items) => refunds.run(items),
        'refund.check': (items) => refunds.check(items),
        'settlement.reconcile': (items) => reconcile.compare(items),
        'settlement.repair': (items) => reconcile.repair(items),
      },
    }),
    'seat-provisioning': new FleetDesk({
      ...{ store, base, queue: seatProvisioningQueue },
      handlers: {
        'order.apply': (items) => apply.run(items),
        'subscription.turn': (items) => turns.run(items),
        'workspace.announce': (items) => announce.run(items),
      },
    }),
    'renewal-reminder': new FleetDesk({
      ...{ store, base, queue: renewalReminderQueue },
      handlers: { 'reminder.decide': (items) => remind.run(items), 'renewal.decide': (items) => renew.run(items) },
    }),
    delivery: deliveryDesk(parts),
  };
}

/** PDFs take their time and are looked at elsewhere. */
const draw = (_drawable: unknown, language: string): Promise<Uint8Array> =>
  Promise.resolve(Buffer.from(documentLanguageOf(language)));

function deliveryDesk({ store, catalogue, clock, take }: WorkerParts): FleetDesk<typeof deliveryQueue> {
  const { sellers } = catalogue;
  const attachments = new AttachDocuments({ store, draw, languageOf: documentLanguageOf });
  const mails = new SendMails({
    ...{ store, clock, crash: noCrash, isOptional: isOptionalMail, claimTrustedMs: LONG_MS },
    mailer: {
      send: (mail) => {
        take(mail);
        return Promise.resolve({ kind: 'sent' });
      },
    },
    attach: (notification) => attachments.of(notification),
    render: ({ template, facts, locale, timeZone }) =>
      renderStoredMail(template, facts, {
        ...{ locale, timeZone, publicUrl: PUBLIC_URL },
        payPath: (orderId) => `/pay/${orderId}`,
        signInPath: () => '/sign-in',
        unsubscribePath: '/stop',
      }),
    messageDomain: 'fleet.example',
  });
  const telling = { store, clock: systemClock, host: { deliver: () => Promise.resolve({ kind: 'gone' } as const) } };
  const host = new TellHost(telling);
  const again = new RetellHost(telling);
  const hostSeats = { ask: () => Promise.resolve({ kind: 'away', message: 'there is none' } as const) };
  const checks = new CheckGrants({ store, clock: systemClock, host: hostSeats });
  const documents = new IssueDocuments({ store, clock, sellers });
  const drawings = new DrawDocuments({ store, sellers, draw });
  return new FleetDesk({
    ...{ store, base, queue: deliveryQueue },
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
