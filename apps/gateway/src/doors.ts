import type {
  RequestSeatChecks,
  CancelUnpaidOrders,
  CreateQuotes,
  PayAgainInput,
  PayOrdersAnotherWay,
  PlaceOrders,
  PreparedQuote,
  QuoteCommand,
  QuoteOutcome,
  ReceiveWebhooks,
  RecordConfirmations,
  ReplaceMethodInput,
  ReplaceMethods,
  RequestProvisioning,
  RequestReminders,
  WebhookNotice,
} from '@billfleet/billing';
import type { Command, CommandOutcome } from '@billfleet/billing';
import { NaturalBatch } from '@billfleet/contracts';
import type {
  NaturalBatchOptions,
  PlaceOrder,
  RecordPaymentConfirmation,
  RequestRenewalReminder,
  RequestSeatCheck,
  RequestSeatProvisioning,
} from '@billfleet/contracts';
import { isConnectionFault } from '@billfleet/store';

/** The use cases behind the HTTP door. */
export type UseCases = {
  readonly quotes: CreateQuotes;
  readonly orders: PlaceOrders;
  readonly payments: PayOrdersAnotherWay;
  readonly cancellations: CancelUnpaidOrders;
  readonly methods: ReplaceMethods;
  readonly confirmations: RecordConfirmations;
  readonly provisioning: RequestProvisioning;
  readonly reminders: RequestReminders;
  readonly webhooks: ReceiveWebhooks;
  readonly seatChecks: RequestSeatChecks;
};

/** Requests that arrive while a commit is in flight share the next one, so a loaded gateway commits hundreds at once. */
export class Doors {
  readonly quotes: { add(command: QuoteCommand): Promise<QuoteOutcome> };
  readonly orders: NaturalBatch<Command<PlaceOrder>, CommandOutcome>;
  readonly payments: NaturalBatch<Command<PayAgainInput>, CommandOutcome>;
  readonly cancellations: NaturalBatch<Command<Omit<PayAgainInput, 'payment'>>, CommandOutcome>;
  readonly methods: NaturalBatch<Command<ReplaceMethodInput>, CommandOutcome>;
  readonly confirmations: NaturalBatch<Command<RecordPaymentConfirmation>, CommandOutcome>;
  readonly provisioning: NaturalBatch<Command<RequestSeatProvisioning>, CommandOutcome>;
  readonly reminders: NaturalBatch<Command<RequestRenewalReminder>, CommandOutcome>;
  readonly webhooks: NaturalBatch<WebhookNotice, boolean>;
  readonly seatChecks: NaturalBatch<Command<RequestSeatCheck>, CommandOutcome>;

  constructor(cases: UseCases) {
    const quotes = door((prepared: readonly PreparedQuote[]) => cases.quotes.run(prepared), QUOTES);
    this.quotes = { add: (command) => quotes.add(cases.quotes.prepare(command)) };
    this.orders = door((commands) => cases.orders.run(commands));
    this.payments = door((commands) => cases.payments.run(commands));
    this.cancellations = door((commands) => cases.cancellations.run(commands));
    this.methods = door((commands) => cases.methods.run(commands));
    this.confirmations = door((commands) => cases.confirmations.run(commands));
    this.provisioning = door((commands) => cases.provisioning.run(commands));
    this.reminders = door((commands) => cases.reminders.run(commands));
    this.seatChecks = door((commands) => cases.seatChecks.run(commands));
    this.webhooks = door((notices) => cases.webhooks.run(notices), { waitingMax: 5_000 });
  }
}

/**
 * Quotes do not wait for each other: while one batch is on its way to the disk the next one sets off, and none takes so many that the other
 * goes nearly empty.
 */
const QUOTES = { inFlightMax: 2, sizeMax: 32 };

/** A door whose batches share a commit; a full one answers that it is busy. */
export function door<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  limits: Pick<NaturalBatchOptions<Item, Result>, 'inFlightMax' | 'sizeMax' | 'waitingMax'> = {},
): NaturalBatch<Item, Result> {
  // While PostgreSQL is away a whole batch is answered at once: trying its requests one by one would only keep all of them waiting.
  const splitOnFailure = (error: unknown): boolean => !isConnectionFault(error);
  return new NaturalBatch({ run, waitingMax: 2_000, splitOnFailure, ...limits });
}
