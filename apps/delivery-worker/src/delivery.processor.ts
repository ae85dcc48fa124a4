import { deliveryQueue } from '@billfleet/contracts';
import { consumerOptions, QueueConsumer } from '@billfleet/queue';
import { Processor } from '@nestjs/bullmq';
import type { Base } from '@billfleet/platform';
import type { Desk } from '@billfleet/queue';

/** Queue `delivery`: mails and calls to the host product. */
@Processor(deliveryQueue.name, consumerOptions(deliveryQueue))
export class DeliveryProcessor extends QueueConsumer {
  constructor(desk: Desk, base: Base) {
    super(deliveryQueue, desk, base);
  }
}
