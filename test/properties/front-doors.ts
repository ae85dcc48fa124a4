import { randomUUID } from 'node:crypto';
import {
  CancelUnpaidOrders,
  CloseSubscriptions,
  CreateQuotes,
  DecideChargebacks,
  ManageSubscriptions,
  PayOrdersAnotherWay,
  PlaceOrders,
  RecordConfirmations,
  RecordOfflinePayments,
  ReduceSeats,
  RefundOrders,
  RefundsByHand,
  SpendCredits,
  UndoOrders,
} from '@billfleet/billing';
import type { Command, CommandOutcome } from '@billfleet/billing';
import { payAnotherWay, placeOrder, quoteRequest, recordPaymentConfirmation, refundOrder } from '@billfleet/contracts';
import { InvariantError } from '@billfleet/domain';
import { noCrash } from '@billfleet/platform';
import { refunds } from '@billfleet/store';
import type { Customer, PlayedFleet } from './played-fleet.js';

/** How often a request comes: once, again once it was answered, or twice at once. */
export type Times = 'once' | 'again' | 'at-once';

/** An order, as the books name it. */
export type OrderOfFleet = {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: string;
  readonly kind: string;
  readonly currency: string;
  readonly amountMinor: string;
  readonly collection: string;
};

type Wish = Readonly<Record<string, unknown>>;
type Refused = { readonly kind: 'refused'; readonly problem: { readonly code: string } };

const STAFF = 'key support';
const ADMIN = 'person ana';
const WHY = 'a property';
const TAXPAYER = {
  ...{ taxId: '529.982.247-25', name: 'Ana Souza' },
  ...{ addressLines: ['Rua das Flores, 12'], city: 'São Paulo', region: 'SP', postalCode: '01310-100' },
};
/** A company in Germany owes the tax itself. */
const VAT = { companyName: 'Beispiel GmbH', taxNumber: 'DE136695976', country: 'DE' };

/** What came of a request, in a word: done, or the code of its refusal. */
export type Came = 'done' | `refused: ${string}`;
const cameOf = (outcome: { readonly kind: string } | Refused): Came =>
  'problem' in outcome ? `refused: ${outcome.problem.code}` : 'done';

/** The front doors of the fleet, as people and services come in through them. */
export class FrontDoors {
  constructor(private readonly fleet: PlayedFleet) {}

  /** Every order there is, in the order of their numbers. */
  orders(): Promise<readonly OrderOfFleet[]> {
    return this.fleet.store.query(
      `select id, workspace_id as "workspaceId", status, kind, currency, amount_minor::text as "amountMinor", collection from orders order by number`,
    );
  }

  async buy({ id, country }: Customer, wish: Wish, payment: Wish, times: Times): Promise<Came> {
    const quoted = await this.quote(id, wish);
    if ('problem' in quoted) return cameOf(quoted);
    const details = {
      ...(country === 'BR' ? { taxpayer: TAXPAYER } : {}),
      ...(country === 'DE' ? { invoiceDetails: VAT } : {}),
    };
    const input = placeOrder.parse({ workspaceId: id, quoteId: quoted.id, payment, ...details });
    const { parts, provider } = this.fleet;
    const placing = new PlaceOrders({ ...parts, providerId: provider.id, crash: noCrash });
    return this.deliver(times, input, async (command) => first(await placing.run([command])));
  }

  async payAnotherWay({ id: orderId, workspaceId }: OrderOfFleet, payment: Wish, times: Times): Promise<Came> {
    const input = { workspaceId, orderId, payment: payAnotherWay.parse(payment) };
    const paying = new PayOrdersAnotherWay({ ...this.fleet.parts, providerId: this.fleet.provider.id });
    return this.deliver(times, input, async (command) => first(await paying.run([command])));
  }

  cancel({ id: orderId, workspaceId }: OrderOfFleet, times: Times): Promise<Came> {
    const cancelling = new CancelUnpaidOrders(this.fleet.store);
    return this.deliver(times, { workspaceId, orderId }, async (command) => first(await cancelling.run([command])));
  }

  /** A service that collected the money itself says so. */
  confirm({ id, workspaceId, amountMinor, currency }: OrderOfFleet, times: Times): Promise<Came> {
    const recording = new RecordConfirmations(this.fleet.store, { booksAtOnce: true });
    const input = recordPaymentConfirmation.parse({
      ...{ provider: 'upstream', workspaceId, order: { orderId: id }, reference: `paid-${id}`, amountMinor, currency },
      paidAt: '2026-10-05T15:00:00Z',
    });
    return this.deliver(times, input, async (command) => first(await recording.run([command])));
  }

  payOffline({ id, workspaceId, amountMinor, currency }: OrderOfFleet, times: Times): Promise<Came> {
    const recording = new RecordOfflinePayments(this.fleet.store, this.fleet.clock);
    const proof = { kind: 'bank-transfer', reference: randomUUID() } as const;
    const payment = { amountMinor, currency, proof, paidAt: '2026-10-05T15:00:00.000Z', reason: WHY };
    return this.deliver(times, { workspaceId, orderId: id, payment }, (command) => recording.run(command));
  }

  /** @param wish what is given back: an amount, all that is left or the unused days; or a quote of a refund. */
  refund({ id: orderId, workspaceId }: OrderOfFleet, wish: Wish, times: Times): Promise<Came> {
    const refund = refundOrder.parse({ subscription: 'keep', reason: WHY, ...wish });
    const refunding = new RefundOrders(this.fleet.parts);
    const input = { workspaceId, orderId, refund, actor: STAFF };
    return this.deliver(times, input, (command) => refunding.run(command));
  }

  /** Seats, or all of them, are taken back for what the quote says, to the payment of an order. */
  async takeBack(order: OrderOfFleet, seats: number, times: Times): Promise<Came> {
    const quoted = await this.quote(order.workspaceId, { kind: 'refund', ...(seats === 0 ? {} : { seats }) });
    if ('problem' in quoted) return cameOf(quoted);
    return this.refund(order, { subscription: 'take-back', quoteId: quoted.id }, times);
  }

  async reduceSeats({ id: workspaceId }: Customer, refund: 'none' | 'rest', times: Times): Promise<Came> {
    const [held] = await this.fleet.store.query<{ seats: number }>(
      `select seats from subscription where workspace_id = $1`,
      [workspaceId],
    );
    const seats = (held?.seats ?? 1) - 1;
    if (seats < 1) return 'refused: nothing to reduce';
    const quoted = refund === 'rest' ? await this.quote(workspaceId, { kind: 'refund', seats: 1 }) : undefined;
    if (quoted !== undefined && 'problem' in quoted) return cameOf(quoted);
    const quote = quoted === undefined ? {} : { quoteId: quoted.id };
    const reducing = new ReduceSeats(this.fleet.parts);
    const input = { workspaceId, seats, reason: WHY, refund, ...quote, actor: STAFF };
    return this.deliver(times, input, (command) => reducing.run(command));
  }

  async close({ id: workspaceId }: Customer, hasRefund: boolean, times: Times): Promise<Came> {
    const quoted = hasRefund ? await this.quote(workspaceId, { kind: 'refund' }) : undefined;
    if (quoted !== undefined && 'problem' in quoted) return cameOf(quoted);
    const quote = quoted === undefined ? {} : { quoteId: quoted.id };
    const closing = new CloseSubscriptions(this.fleet.parts);
    return this.deliver(times, { workspaceId, reason: WHY, ...quote, actor: STAFF }, (command) => closing.run(command));
  }

  undo({ id: orderId, workspaceId }: OrderOfFleet, times: Times): Promise<Came> {
    const undoing = new UndoOrders(this.fleet.parts);
    return this.deliver(times, { workspaceId, orderId, reason: WHY, actor: ADMIN }, (command) => undoing.run(command));
  }

  async spend({ id: workspaceId }: Customer, amount: number): Promise<Came> {
    const input = { workspaceId, amount, action: 'summary' };
    const [outcome] = await new SpendCredits(this.fleet.parts).run([{ ...from(), input }]);
    return cameOf(first([outcome]));
  }

  async schedule({ id: workspaceId }: Customer, wish: Wish): Promise<Came> {
    const quoted = await this.quote(workspaceId, { kind: 'scheduled-change', ...wish });
    if ('problem' in quoted) return cameOf(quoted);
    return cameOf(await new ManageSubscriptions(this.fleet.parts).schedule(workspaceId, quoted.id, ADMIN));
  }

  async switchAutoRenewal({ id }: Customer, on: boolean): Promise<Came> {
    return cameOf(await new ManageSubscriptions(this.fleet.parts).switchAutoRenewal(id, on, ADMIN));
  }

  /** The provider tells of a payment, as often as it likes, or not at all. */
  async tell(reference: string | undefined, told: 'once' | 'twice' | 'never'): Promise<Came> {
    if (reference === undefined) return 'refused: nothing to tell';
    if (told === 'never') this.fleet.untold.add(reference);
    else await this.fleet.tell([reference], told);
    return 'done';
  }

  async decide(which: number, decision: 'keep' | 'close'): Promise<Came> {
    const open = await this.fleet.store.query<{ id: string }>(
      `select c.id from chargeback c join orders o on o.id = c.order_id where c.decision is null order by o.number`,
    );
    const one = open[which % open.length];
    if (one === undefined) return 'refused: nothing to decide';
    const outcome = await new DecideChargebacks(this.fleet.parts).run(one.id, { decision, reason: WHY }, STAFF);
    return cameOf(outcome);
  }

  /** Staff look after a refund that waits for a person. */
  async helpRefund({ id }: OrderOfFleet, how: 'retry' | 'outside', times: Times): Promise<Came> {
    // Nobody gives money in another way without a look at what the provider has done with it.
    if (how === 'outside') await this.fleet.catchUp();
    const waiting = (await refunds.refundsOfOrder(this.fleet.store, id)).find(({ needsPerson }) => needsPerson);
    if (waiting === undefined) return 'refused: nothing waits';
    const { workspaceId, id: refundId, amountMinor, currency } = waiting;
    const helping = new RefundsByHand(this.fleet.store, this.fleet.clock);
    if (how === 'retry')
      return this.deliver(times, { workspaceId, refundId, reason: WHY, actor: STAFF }, (one) => helping.retry(one));
    const proof = { kind: 'bank-transfer', reference: randomUUID() } as const;
    const given = { amountMinor, currency, proof, reason: WHY, givenAt: '2026-10-05T15:00:00.000Z' };
    return this.deliver(times, { workspaceId, refundId, given, actor: STAFF }, (one) => helping.giveOutside(one));
  }

  /** Staff give what waits for them, however it can be given. */
  async giveWhatWaits(): Promise<void> {
    for (const order of await this.orders()) {
      for (let came: Came = 'done'; came === 'done';) came = await this.helpRefund(order, 'outside', 'once');
    }
  }

  private async quote(workspaceId: string, wish: Wish): Promise<{ readonly id: string } | Refused> {
    const { store, catalogue, clock } = this.fleet;
    const input = quoteRequest.parse({ workspaceId, ...wish });
    const quoting = new CreateQuotes(store, catalogue, clock);
    return first(await quoting.run([{ input, actorWorkspaceId: null, mayRefund: true }]));
  }

  /** The same request under one key, as often as it comes: it is done once, and answered with the same each time. */
  private async deliver<Input extends { readonly workspaceId: string }>(
    times: Times,
    input: Input,
    run: (command: Command<Input>) => Promise<CommandOutcome>,
  ): Promise<Came> {
    const command = { ...from(), input };
    const both = times === 'at-once' ? await Promise.all([run(command), run(command)]) : [await run(command)];
    if (times === 'again') both.push(await run(command));
    const refs = new Set(both.flatMap((one) => (one.kind === 'accepted' ? [one.ref] : [])));
    const fresh = both.filter((one) => one.kind === 'accepted' && !one.isReplay);
    const wasAccepted = both[0]?.kind === 'accepted';
    if (refs.size > 1 || fresh.length > 1 || (wasAccepted && both.some(({ kind }) => kind !== 'accepted')))
      throw new InvariantError(`one key was answered in two ways: ${JSON.stringify(both)}`);
    return cameOf(first(both));
  }
}

const from = () =>
  ({ idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null, requestedBy: STAFF }) as const;

function first<Outcome>(outcomes: readonly (Outcome | undefined)[]): Outcome {
  const [one] = outcomes;
  if (one === undefined) throw new InvariantError('a request without an answer');
  return one;
}
