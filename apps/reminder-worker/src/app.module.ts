import {
  FleetDesk,
  loadCatalogue,
  RemindRenewals,
  RenewSubscriptions,
  RequestReminders,
  openDoor,
  WorkspaceClock,
} from '@billfleet/billing';
import { renewalReminderQueue } from '@billfleet/contracts';
import { configuredProvider } from '@billfleet/payments';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ReminderProcessor } from './reminder.processor.js';

function reminderDesk(store: Store, base: Base): FleetDesk<typeof renewalReminderQueue> {
  const { config } = base;
  const clock = new WorkspaceClock(base.clock);
  const catalogue = loadCatalogue(config.cataloguePath);
  const remind = new RemindRenewals(store, catalogue, clock);
  const renew = new RenewSubscriptions({ store, catalogue, clock, providerId: configuredProvider(config).id });
  const requests = new RequestReminders(store);
  return new FleetDesk({
    store,
    base,
    queue: renewalReminderQueue,
    handlers: { 'reminder.decide': (items) => remind.run(items), 'renewal.decide': (items) => renew.run(items) },
    intake: openDoor({ base, store, contract: renewalReminderQueue.intake, run: (commands) => requests.run(commands) }),
  });
}

/** Composition of the reminder worker. */
@Module({})
export class ReminderWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: ReminderWorkerModule,
      imports: [StoreModule.with(base, announceBy(base)), ...consumerModules(renewalReminderQueue, base)],
      providers: [
        {
          provide: ReminderProcessor,
          inject: [Store],
          useFactory: (store: Store) => new ReminderProcessor(reminderDesk(store, base), base),
        },
      ],
    };
  }
}
