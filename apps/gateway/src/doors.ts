import type {
  CreateQuotes,
  PlaceOrders,
  QuoteCommand,
  QuoteOutcome,
  ReceiveWebhooks,
  RecordConfirmations,
  RequestProvisioning,
  RequestReminders,
  WebhookNotice,
} from '@billfleet/billing';
import type { Command, CommandOutcome } from '@billfleet/billing';
import { NaturalBatch } from '@billfleet/contracts';
import type {
  PlaceOrder,
  RecordPaymentConfirmation,
  RequestRenewalReminder,
  RequestSeatProvisioning,
} from '@billfleet/contracts';

/** The use cases behind the HTTP door. */
export type UseCases = {
  readonly quotes: CreateQuotes;
  readonly orders: PlaceOrders;
  readonly confirmations: RecordConfirmations;
  readonly provisioning: RequestProvisioning;
  readonly reminders: RequestReminders;
  readonly webhooks: ReceiveWebhooks;
};

/** Requests that arrive while a commit is in flight share the next one, so a loaded gateway commits hundreds at once. */
export class Doors {
  readonly quotes: NaturalBatch<QuoteCommand, QuoteOutcome>;
  readonly orders: NaturalBatch<Command<PlaceOrder>, CommandOutcome>;
  readonly confirmations: NaturalBatch<Command<RecordPaymentConfirmation>, CommandOutcome>;
  readonly provisioning: NaturalBatch<Command<RequestSeatProvisioning>, CommandOutcome>;
  readonly reminders: NaturalBatch<Command<RequestRenewalReminder>, CommandOutcome>;
  readonly webhooks: NaturalBatch<WebhookNotice, boolean>;

  constructor(cases: UseCases) {
    this.quotes = new NaturalBatch({ run: (commands) => cases.quotes.run(commands), waitingMax: 2_000 });
    this.orders = new NaturalBatch({ run: (commands) => cases.orders.run(commands), waitingMax: 2_000 });
    this.confirmations = new NaturalBatch({ run: (commands) => cases.confirmations.run(commands), waitingMax: 2_000 });
    this.provisioning = new NaturalBatch({ run: (commands) => cases.provisioning.run(commands), waitingMax: 2_000 });
    this.reminders = new NaturalBatch({ run: (commands) => cases.reminders.run(commands), waitingMax: 2_000 });
    this.webhooks = new NaturalBatch({ run: (notices) => cases.webhooks.run(notices), waitingMax: 5_000 });
  }
}
