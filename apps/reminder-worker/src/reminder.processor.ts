import { renewalReminderQueue } from '@billfleet/contracts';
import { consumerOptions, QueueConsumer } from '@billfleet/queue';
import { Processor } from '@nestjs/bullmq';
import type { Base } from '@billfleet/platform';
import type { Desk } from '@billfleet/queue';

/** Queue `renewal-reminder`: decides what one subscription needs now. */
@Processor(renewalReminderQueue.name, consumerOptions(renewalReminderQueue))
export class ReminderProcessor extends QueueConsumer {
  constructor(desk: Desk, base: Base) {
    super(renewalReminderQueue, desk, base);
  }
}
