import { orderQueue } from '@billfleet/contracts';
import { consumerOptions, QueueConsumer } from '@billfleet/queue';
import { Processor } from '@nestjs/bullmq';
import type { Base } from '@billfleet/platform';
import type { Desk } from '@billfleet/queue';

/** Queue `order`: opens checkouts, charges tokens, takes orders from the queue's door. */
@Processor(orderQueue.name, consumerOptions(orderQueue))
export class OrderProcessor extends QueueConsumer {
  constructor(desk: Desk, base: Base) {
    super(orderQueue, desk, base);
  }
}
