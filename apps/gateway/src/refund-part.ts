import { loadCatalogue, RefundOrders, RefundsByHand, UndoOrders, WorkspaceClock } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { Store } from '@billfleet/store';
import type { Provider } from '@nestjs/common';
import { RefundsController } from './refunds.controller.js';
import { UndoController } from './undo.controller.js';

/** Doors through which money of orders goes back. */
export const refundControllers = [RefundsController, UndoController] as const;

/** The use cases behind them. */
export function refundProviders({ config, clock }: Base): readonly Provider[] {
  const workspaceClock = new WorkspaceClock(clock);
  const partsOf = (store: Store) => ({
    ...{ store, clock: workspaceClock, catalogue: loadCatalogue(config.cataloguePath) },
  });
  return [
    { provide: WorkspaceClock, useValue: workspaceClock },
    { provide: UndoOrders, inject: [Store], useFactory: (store: Store) => new UndoOrders(partsOf(store)) },
    { provide: RefundOrders, inject: [Store], useFactory: (store: Store) => new RefundOrders(partsOf(store)) },
    {
      provide: RefundsByHand,
      inject: [Store],
      useFactory: (store: Store) => new RefundsByHand(store, workspaceClock),
    },
  ];
}
