import { ApiKeys, FleetDesk, loadCatalogue, RemindRenewals, RequestReminders, takeIntake } from '@billfleet/billing';
import { renewalReminderQueue } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { announceBy, consumerModules, queueConnection } from '@billfleet/queue';
import { Store, StoreModule } from '@billfleet/store';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ReminderProcessor } from './reminder.processor.js';

function reminderDesk(store: Store, base: Base): FleetDesk<typeof renewalReminderQueue> {
  const { config, clock, log } = base;
  const remind = new RemindRenewals(store, loadCatalogue(config.cataloguePath), clock);
  const requests = new RequestReminders(store);
  const keys = new ApiKeys(store);
  return new FleetDesk({
    store,
    log,
    queue: renewalReminderQueue,
    handlers: { 'reminder.decide': (items) => remind.run(items) },
    intake: (envelopes) =>
      takeIntake(
        { contract: renewalReminderQueue.intake, keys, store, log, run: (commands) => requests.run(commands) },
        envelopes,
      ),
    onOutcome: (kind, result, rows) => base.metrics.workResults.inc({ kind, result }, rows),
  });
}

/** Composition of the reminder worker. */
@Module({})
export class ReminderWorkerModule {
  static with(base: Base): DynamicModule {
    return {
      module: ReminderWorkerModule,
      imports: [
        StoreModule.with(base, announceBy(base)),
        ...consumerModules(renewalReminderQueue, queueConnection(base)),
      ],
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
