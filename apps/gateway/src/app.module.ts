import {
  AccessNow,
  ApiKeys,
  CancelUnpaidOrders,
  CreateQuotes,
  KeepDetails,
  loadCatalogue,
  ManageSubscriptions,
  PayByLink,
  PayLinks,
  PayOrdersAnotherWay,
  PlaceOrders,
  ReadOrderHistory,
  ReadPdfs,
  ReadLimitFixes,
  ReadUsage,
  ReadUsageHistory,
  ReceiveWebhooks,
  RecordConfirmations,
  RecordUsage,
  ReduceSeats,
  RegisterWorkspaces,
  ReportMembers,
  ReplaceMethods,
  RequestProvisioning,
  RequestReminders,
  SpendCredits,
  RequestSeatChecks,
  StopMailLinks,
  StopMails,
  WorkspaceClock,
} from '@billfleet/billing';
import { configuredProvider } from '@billfleet/payments';
import type { PaymentProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { announceBy } from '@billfleet/queue';
import { staffEntries, Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { ApiKeyGuard } from './api-key.guard.js';
import { BillingController } from './billing.controller.js';
import { billingProviders } from './billing-part.js';
import { BillingDetailsController } from './billing-details.controller.js';
import { pageControllers, pageProviders } from './page-part.js';
import type { PageLogin } from './page-login.js';
import { DocumentsController } from './documents.controller.js';
import { Doors } from './doors.js';
import { FailedLogins } from './failed-logins.js';
import { MembersController } from './members.controller.js';
import { OrderHistoryController } from './order-history.controller.js';
import { OrdersController } from './orders.controller.js';
import { PagesController } from './pages.controller.js';
import { PayController } from './pay.controller.js';
import { PingController } from './ping.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { SchemaPipe } from './request-validation.js';
import { RequestsController } from './requests.controller.js';
import { SalesController } from './sales.controller.js';
import { SeatChecksController } from './seat-checks.controller.js';
import { SeatsController } from './seats.controller.js';
import { staffControllers, staffProviders } from './staff-part.js';
import { StopMailsController } from './stop-mails.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { UsageController } from './usage.controller.js';
import { UsageExportController } from './usage-export.controller.js';
import { UsageDoors } from './usage-doors.js';
import { WebhooksController } from './webhooks.controller.js';
import { WorkspacesController } from './workspaces.controller.js';

function openDoors(store: Store, provider: PaymentProvider, base: Base): Doors {
  const { config, crash } = base;
  const clock = new WorkspaceClock(base.clock);
  const catalogue = loadCatalogue(config.cataloguePath);
  return new Doors({
    quotes: new CreateQuotes(store, catalogue, clock),
    orders: new PlaceOrders({ store, catalogue, clock, crash, providerId: provider.id }),
    payments: new PayOrdersAnotherWay({ store, catalogue, clock, providerId: provider.id }),
    cancellations: new CancelUnpaidOrders(store),
    methods: new ReplaceMethods(store, provider.id),
    confirmations: new RecordConfirmations(store, { booksAtOnce: false }),
    provisioning: new RequestProvisioning(store),
    reminders: new RequestReminders(store),
    webhooks: new ReceiveWebhooks(store),
    seatChecks: new RequestSeatChecks({ store, clock: base.clock, asksHost: config.hostUrl !== undefined }),
  });
}

/** What reads: what is used, and what was ordered. */
function readingProviders(base: Base): Provider[] {
  const { config } = base;
  const clock = new WorkspaceClock(base.clock);
  const catalogue = loadCatalogue(config.cataloguePath);
  const partsOf = (store: Store) => ({ store, catalogue, clock });
  return [
    ...billingProviders(base),
    { provide: 'catalogue', useValue: catalogue },
    { provide: AccessNow, useFactory: () => new AccessNow(catalogue, clock) },
    { provide: ReadPdfs, inject: [Store], useFactory: (store: Store) => new ReadPdfs(store) },
    {
      provide: ReadOrderHistory,
      inject: [Store],
      useFactory: (store: Store) => new ReadOrderHistory(store, clock, catalogue),
    },
    { provide: ReadUsage, inject: [Store], useFactory: (store: Store) => new ReadUsage(partsOf(store)) },
    {
      provide: ReadUsageHistory,
      inject: [Store],
      useFactory: (store: Store) => new ReadUsageHistory(store, catalogue),
    },
    {
      provide: ReadLimitFixes,
      inject: [Store, ReadUsage],
      useFactory: (store: Store, usage: ReadUsage) => new ReadLimitFixes(partsOf(store), usage),
    },
    {
      provide: UsageDoors,
      inject: [Store],
      useFactory: (store: Store) => {
        const parts = partsOf(store);
        return new UsageDoors({ reports: new RecordUsage(parts), spendings: new SpendCredits(parts) });
      },
    },
  ];
}

type Logins = { readonly page: PageLogin; readonly support: PageLogin };

const controllers = [
  PingController,
  WorkspacesController,
  BillingDetailsController,
  SalesController,
  OrdersController,
  DocumentsController,
  OrderHistoryController,
  SubscriptionsController,
  RequestsController,
  BillingController,
  UsageController,
  UsageExportController,
  MembersController,
  SeatsController,
  SeatChecksController,
  ...staffControllers,
  ...pageControllers,
  WebhooksController,
  PagesController,
  PayController,
  StopMailsController,
];

/** Composition of the gateway. It never calls a provider in a request. */
@Module({})
export class GatewayModule {
  static with(base: Base): DynamicModule {
    const { config, log } = base;
    const clock = new WorkspaceClock(base.clock);
    const provider = configuredProvider(config);
    return {
      module: GatewayModule,
      imports: [StoreModule.with(base, announceBy(base))],
      controllers,
      providers: [
        { provide: 'base', useValue: base },
        { provide: 'clock', useValue: base.clock },
        { provide: 'provider', useValue: provider },
        { provide: Doors, inject: [Store], useFactory: (store: Store) => openDoors(store, provider, base) },
        ...readingProviders(base),
        {
          provide: PayByLink,
          inject: [Store, Doors],
          useFactory: (store: Store, doors: Doors) => {
            const links = new PayLinks(config.linkSecret);
            return new PayByLink({ store, clock, links, pay: (command) => doors.payments.add(command) });
          },
        },
        {
          provide: StopMails,
          inject: [Store],
          useFactory: (store: Store) => new StopMails(store, new StopMailLinks(config.linkSecret)),
        },
        {
          provide: RegisterWorkspaces,
          inject: [Store],
          useFactory: (store: Store) => new RegisterWorkspaces(store, loadCatalogue(config.cataloguePath), clock),
        },
        {
          provide: ReduceSeats,
          inject: [Store],
          useFactory: (store: Store) =>
            new ReduceSeats({ store, clock, catalogue: loadCatalogue(config.cataloguePath) }),
        },
        { provide: KeepDetails, inject: [Store], useFactory: (store: Store) => new KeepDetails(store) },
        { provide: ReportMembers, inject: [Store], useFactory: (store: Store) => new ReportMembers(store) },
        {
          provide: ManageSubscriptions,
          inject: [Store],
          useFactory: (store: Store) =>
            new ManageSubscriptions({ store, clock, catalogue: loadCatalogue(config.cataloguePath) }),
        },
        ...staffProviders(base),
        ...pageProviders(base),
        { provide: ApiKeys, inject: [Store], useFactory: (store: Store) => new ApiKeys(store) },
        {
          provide: APP_GUARD,
          inject: [Reflector, ApiKeys, FailedLogins, 'logins', Store],
          useFactory: (reflector: Reflector, keys: ApiKeys, failures: FailedLogins, logins: Logins, store: Store) =>
            new ApiKeyGuard(reflector, keys, failures, logins, (note) => staffEntries.openEntry(store, note)),
        },
        { provide: APP_PIPE, useClass: SchemaPipe },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(log) },
      ],
    };
  }
}
