import { paymentConfirmationQueue } from '@billfleet/contracts';
import { consumerOptions, QueueConsumer } from '@billfleet/queue';
import { Processor } from '@nestjs/bullmq';
import type { Base } from '@billfleet/platform';
import type { Desk } from '@billfleet/queue';

/** Queue `payment-confirmation`: reads payments back, moves money into the books, takes confirmations from the queue's door. */
@Processor(paymentConfirmationQueue.name, consumerOptions(paymentConfirmationQueue))
export class PaymentProcessor extends QueueConsumer {
  constructor(desk: Desk, base: Base) {
    super(paymentConfirmationQueue, desk, base);
  }
}
