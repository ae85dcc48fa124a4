import {
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
import { ContractsController } from './contracts.controller.js';
import { EnterpriseController } from './enterprise.controller.js';
import { EventsController } from './events.controller.js';
import { OfflinePaymentsController } from './offline-payments.controller.js';
import { TestClocksController } from './test-clocks.controller.js';

/** Doors of what support and sales do: Enterprise requests, contracts, payments outside of every provider, events and telling them again, test clocks. */
export const staffControllers = [
  EnterpriseController,
  ContractsController,
  OfflinePaymentsController,
  EventsController,
  TestClocksController,
] as const;

/** The use cases behind them. */
export function staffProviders({ config, clock }: Base): readonly Provider[] {
  return [
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
