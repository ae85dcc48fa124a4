import {
  CustomerCredits,
  loadCatalogue,
  RefundOrders,
  RefundsByHand,
  UndoOrders,
  WorkspaceClock,
  WriteOffMoney,
} from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { Store } from '@billfleet/store';
import type { Provider } from '@nestjs/common';
import { RefundsController } from './refunds.controller.js';
import { UndoController } from './undo.controller.js';
import { WriteOffsController } from './write-offs.controller.js';

/** Doors through which money of orders goes back, is promised or is given up. */
export const refundControllers = [RefundsController, UndoController, WriteOffsController] as const;

/** The use cases behind them. */
export function refundProviders({ config, clock }: Base): readonly Provider[] {
  const workspaceClock = new WorkspaceClock(clock);
  const partsOf = (store: Store) => ({
    ...{ store, clock: workspaceClock, catalogue: loadCatalogue(config.cataloguePath) },
  });
  return [
    { provide: WorkspaceClock, useValue: workspaceClock },
    { provide: CustomerCredits, inject: [Store], useFactory: (store: Store) => new CustomerCredits(store) },
    { provide: WriteOffMoney, inject: [Store], useFactory: (store: Store) => new WriteOffMoney(store) },
    { provide: UndoOrders, inject: [Store], useFactory: (store: Store) => new UndoOrders(partsOf(store)) },
    { provide: RefundOrders, inject: [Store], useFactory: (store: Store) => new RefundOrders(partsOf(store)) },
    {
      provide: RefundsByHand,
      inject: [Store],
      useFactory: (store: Store) => new RefundsByHand(store, workspaceClock),
    },
  ];
}
