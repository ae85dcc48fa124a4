import { seatProvisioningQueue } from '@billfleet/contracts';
import { consumerOptions, QueueConsumer } from '@billfleet/queue';
import { Processor } from '@nestjs/bullmq';
import type { Base } from '@billfleet/platform';
import type { Desk } from '@billfleet/queue';

/** Queue `seat-provisioning`: applies paid orders and takes requests to bring seats in line. */
@Processor(seatProvisioningQueue.name, consumerOptions(seatProvisioningQueue))
export class SeatProcessor extends QueueConsumer {
  constructor(desk: Desk, base: Base) {
    super(seatProvisioningQueue, desk, base);
  }
}
