import {
  ChangeCountries,
  CloseSubscriptions,
  DecideChargebacks,
  loadCatalogue,
  MakeContracts,
  ManageTestClocks,
  MoveEnterpriseRequests,
  RecordOfflinePayments,
  RedeliverEvents,
  RequestEnterpriseContracts,
  WorkspaceClock,
} from '@billfleet/billing';
import { configuredProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { Store } from '@billfleet/store';
import type { Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ChargebacksController } from './chargebacks.controller.js';
import { ClosingsController } from './closings.controller.js';
import { ContractsController } from './contracts.controller.js';
import { EnterpriseController } from './enterprise.controller.js';
import { EventsController } from './events.controller.js';
import { OfflinePaymentsController } from './offline-payments.controller.js';
import { refundControllers, refundProviders } from './refund-part.js';
import { StaffEntryKeeper } from './staff-entry-keeper.js';
import { SupportController } from './support.controller.js';
import { TestClocksController } from './test-clocks.controller.js';

/**
 * Doors of what support and sales do: Enterprise requests, contracts, payments outside of every provider, events and telling them again,
 * closing subscriptions, deciding about chargebacks, test clocks, finding workspaces and the work that is owed to them;
 * and the record of what staff ask for.
 */
export const staffControllers = [
  EnterpriseController,
  ContractsController,
  OfflinePaymentsController,
  EventsController,
  ClosingsController,
  ChargebacksController,
  TestClocksController,
  ...refundControllers,
  SupportController,
] as const;

/** The use cases behind them. */
export function staffProviders(base: Base): readonly Provider[] {
  const { config, clock } = base;
  const partsOf = (store: Store) => ({
    ...{ store, clock: new WorkspaceClock(clock), catalogue: loadCatalogue(config.cataloguePath) },
  });
  return [
    ...refundProviders(base),
    { provide: APP_INTERCEPTOR, inject: [Store], useFactory: (store: Store) => new StaffEntryKeeper(store, base.log) },
    {
      provide: CloseSubscriptions,
      inject: [Store],
      useFactory: (store: Store) => new CloseSubscriptions(partsOf(store)),
    },
    {
      provide: DecideChargebacks,
      inject: [Store],
      useFactory: (store: Store) => new DecideChargebacks(partsOf(store)),
    },
    { provide: ChangeCountries, inject: [Store], useFactory: (store: Store) => new ChangeCountries(partsOf(store)) },
    {
      provide: RequestEnterpriseContracts,
      inject: [Store],
      useFactory: (store: Store) => new RequestEnterpriseContracts(store, config.salesEmail),
    },
    {
      provide: MoveEnterpriseRequests,
      inject: [Store],
      useFactory: (store: Store) => new MoveEnterpriseRequests(store),
    },
    {
      provide: MakeContracts,
      inject: [Store],
      useFactory: (store: Store) => new MakeContracts(store, loadCatalogue(config.cataloguePath)),
    },
    {
      provide: RecordOfflinePayments,
      inject: [Store],
      useFactory: (store: Store) => new RecordOfflinePayments(store, new WorkspaceClock(clock)),
    },
    {
      provide: ManageTestClocks,
      inject: [Store],
      useFactory: (store: Store) => new ManageTestClocks({ store, clock, providerId: configuredProvider(config).id }),
    },
    { provide: RedeliverEvents, inject: [Store], useFactory: (store: Store) => new RedeliverEvents(store) },
  ];
}
