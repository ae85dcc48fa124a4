import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  ApplyOrders,
  ConfirmPayments,
  CreateQuotes,
  CustomerCredits,
  DecideChargebacks,
  PlaceOrders,
  RefundOrders,
  RefundsByHand,
  SendRefunds,
  SpendCredits,
  UndoOrders,
  WorkspaceClock,
} from '@billfleet/billing';
import type { CommandOutcome } from '@billfleet/billing';
import { parseCatalogue, quoteRequest, refundOrder } from '@billfleet/contracts';
import type { CivilDate } from '@billfleet/domain';
import { MovableClock, noCrash, silentLog } from '@billfleet/platform';
import { audits, customerCredits, dataSourceOptions, refunds, Store, tenants } from '@billfleet/store';
import type { OrderToRefund, OwedWork, RefundView } from '@billfleet/store';
import { DataSource } from 'typeorm';
import { PlayedProvider } from './played-provider.js';

const read = parseCatalogue(readFileSync(new URL('../../config/catalogue.yaml', import.meta.url), 'utf8'));
if (read.kind === 'faulty') throw new Error('the catalogue is faulty');
const { catalogue } = read;

const STARTS_AT = new Date('2026-10-05T15:00:00Z');
const ACTOR = 'key support';

/** The use cases of the fleet on a real database, without its processes: what each step does is asked for by name. Its provider is played. */
export class RefundWorld {
  readonly clock = new MovableClock(STARTS_AT);
  readonly provider = new PlayedProvider();
  readonly store: Store;
  readonly parts;
  readonly source: DataSource;
  private readonly sends: SendRefunds;
  private readonly confirms: ConfirmPayments;
  readonly orders: RefundOrders;
  readonly byHand: RefundsByHand;

  constructor(app: string) {
    this.source = new DataSource(dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 8, app }));
    this.store = new Store(this.source, { leaseMs: 30_000 });
    const clock = new WorkspaceClock(this.clock);
    const { store, provider } = this;
    this.parts = { store, catalogue, clock };
    this.sends = new SendRefunds({ store, provider, clock, firstCheckMs: 1 });
    const { dunning } = catalogue.renewal;
    const looking = { firstCheckMs: 1, dunning, crash: noCrash, log: silentLog };
    this.confirms = new ConfirmPayments({ store, provider, clock, ...looking });
    this.orders = new RefundOrders(this.parts);
    this.byHand = new RefundsByHand(store, clock);
  }

  open(): Promise<unknown> {
    return this.source.initialize();
  }

  close(): Promise<void> {
    return this.source.destroy();
  }

  /** A fresh workspace in New York that pays in USD; `trialEndsOn`: it has been trying the product. */
  async workspace(trialEndsOn: CivilDate | null = null): Promise<string> {
    const id = randomUUID();
    const place = { country: 'US', currency: 'USD', timeZone: 'America/New_York', locale: 'en' } as const;
    const more = { name: 'Payer', billingEmail: `admin-${id.slice(0, 8)}@customer.example`, trialEndsOn };
    await this.store.transaction((tx) => tenants.insertWorkspaces(tx, [{ id, ...place, ...more }]));
    return id;
  }

  /** Prices something; answers the quote's id. */
  async quote(workspaceId: string, wish: Readonly<Record<string, unknown>>): Promise<string> {
    const request = quoteRequest.parse({ workspaceId, ...wish });
    const [outcome] = await new CreateQuotes(this.store, catalogue, this.parts.clock).run([
      { input: request, actorWorkspaceId: null, mayRefund: true },
    ]);
    if (outcome?.kind !== 'quoted') throw new Error(`no quote: ${JSON.stringify(outcome)}`);
    return outcome.id;
  }

  /** Orders what is wished, has it paid by card, and applies it; answers the order's id. 5 seats of Advanced for 6 months cost 105,000. */
  async buy(workspaceId: string, wish: Readonly<Record<string, unknown>> = PURCHASE): Promise<string> {
    const orderId = await this.order(workspaceId, wish);
    await this.pay(orderId);
    await this.apply();
    return orderId;
  }

  /** Orders and does not pay; with `by: 'page'` nothing is charged by itself. */
  async order(
    workspaceId: string,
    wish: Readonly<Record<string, unknown>> = PURCHASE,
    by: 'token' | 'page' = 'token',
  ): Promise<string> {
    const quoteId = await this.quote(workspaceId, wish);
    const way = { collection: 'provider', method: 'card', installments: 1 } as const;
    const payment = by === 'token' ? { ...way, token: 'tok_visa' } : way;
    const placing = new PlaceOrders({ ...this.parts, providerId: 'sandbox', crash: noCrash });
    const command = { idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null } as const;
    const [placed] = await placing.run([{ ...command, input: { workspaceId, quoteId, payment } }]);
    if (placed?.kind !== 'accepted') throw new Error(`no order: ${JSON.stringify(placed)}`);
    return placed.ref;
  }

  /** The provider takes the money, and the fleet looks. */
  async pay(orderId: string): Promise<void> {
    const [attempt] = await this.store.query<{ id: string; amountMinor: string }>(
      `select id, amount_minor::text as "amountMinor" from attempt where order_id = $1 order by n desc limit 1`,
      [orderId],
    );
    if (attempt === undefined) throw new Error('an order without an attempt');
    this.provider.take({ attemptId: attempt.id, orderId, amountMinor: BigInt(attempt.amountMinor), currency: 'USD' });
    await this.store.query(
      `insert into work (queue, kind, ref, generation, leased, due_at) values ('payment-confirmation', 'attempt.check', $1, 1, true, now())
       on conflict do nothing`,
      [attempt.id],
    );
    await this.confirms.checkAttempts((await this.owed('attempt.check')).filter(({ ref }) => ref === attempt.id));
  }

  async apply(): Promise<void> {
    await new ApplyOrders(this.parts).run(await this.owed('order.apply'));
  }

  /** A refund as staff ask for it. */
  refund(
    order: { readonly id: string; readonly workspaceId: string },
    wish: Readonly<Record<string, unknown>>,
    key: string = randomUUID(),
  ): Promise<CommandOutcome> {
    const refund = refundOrder.parse({ subscription: 'keep', reason: 'a bad week', ...wish });
    const { id: orderId, workspaceId } = order;
    const from = { idempotencyKey: key, source: 'http', actorWorkspaceId: null } as const;
    return this.orders.run({ ...from, input: { workspaceId, orderId, refund, actor: ACTOR } });
  }

  /** Undoes an order, as an admin does. */
  undo(
    order: { readonly id: string; readonly workspaceId: string },
    key: string = randomUUID(),
  ): Promise<CommandOutcome> {
    const input = { workspaceId: order.workspaceId, orderId: order.id, reason: 'a slip', actor: 'person ana' };
    const from = { idempotencyKey: key, source: 'http', actorWorkspaceId: null } as const;
    return new UndoOrders(this.parts).run({ ...from, input });
  }

  /** Spends credits; the first time that anybody does opens the account. */
  async spend(workspaceId: string, amount: number): Promise<void> {
    const from = { idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null } as const;
    const [outcome] = await new SpendCredits(this.parts).run([
      { ...from, input: { workspaceId, amount, action: 'summary' } },
    ]);
    if (outcome?.kind !== 'spent') throw new Error(`not spent: ${JSON.stringify(outcome)}`);
  }

  /** All that a workspace has, but for what only counts or names changes. */
  async has(workspaceId: string): Promise<unknown> {
    const [rows] = await this.store.query<{ has: unknown }>(
      `select jsonb_build_object(
         'subscription', (select to_jsonb(s) - 'version' - 'updated_at' - 'created_at' - 'id' from subscription s where s.workspace_id = $1),
         'seats', (select jsonb_agg(to_jsonb(g) order by g.order_id) from seat_grant g where g.workspace_id = $1),
         'addOns', (select jsonb_agg(to_jsonb(a) order by a.order_id) from add_on_grant a where a.workspace_id = $1),
         'credits', (select to_jsonb(c) - 'updated_at' from credit_account c where c.workspace_id = $1 and c.basis is not null),
         'meters', (select jsonb_agg(jsonb_build_object('meter', m.meter, 'used', m.used, 'reached', m.reached_percent) order by m.meter) from usage_meter m
           where m.workspace_id = $1)) as has`,
      [workspaceId],
    );
    return rows?.has;
  }

  /** What the books have on the accounts of an order that are not at nothing. */
  async accountsOf(orderId: string): Promise<readonly string[]> {
    const rows = await this.store.query<{ line: string }>(
      `select account || ' ' || balance_minor as line from order_balance where order_id = $1 and balance_minor <> 0 order by 1`,
      [orderId],
    );
    return rows.map(({ line }) => line);
  }

  /** Sends what is owed, once. */
  async send(): Promise<void> {
    await this.sends.run(await this.owed('refund.send'));
  }

  /** Looks at what the provider has in hand, once. */
  async check(): Promise<void> {
    await this.sends.check(await this.owed('refund.check'));
  }

  /** Hears of a payment again, as after a webhook. */
  async hear(orderId: string): Promise<void> {
    const reference = this.provider.referenceOf(orderId);
    const [notice] = await this.store.query<{ id: string }>(
      `insert into payment_notice (id, provider, event_id, source, reference) values (gen_random_uuid(), 'sandbox', gen_random_uuid()::text, 'webhook', $1) returning id`,
      [reference],
    );
    await this.store.query(
      `insert into work (queue, kind, ref, generation, leased, due_at) values ('payment-confirmation', 'notice.apply', $1, 1, true, now())`,
      [notice?.id],
    );
    await this.confirms.applyNotices(await this.owed('notice.apply'));
  }

  retry(refund: Pick<RefundView, 'id' | 'workspaceId'>): Promise<CommandOutcome> {
    const input = { workspaceId: refund.workspaceId, refundId: refund.id, reason: 'once more', actor: ACTOR };
    return this.byHand.retry({ idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null, input });
  }

  giveOutside(
    refund: Pick<RefundView, 'id' | 'workspaceId' | 'amountMinor'>,
    more: { readonly reference?: string; readonly amountMinor?: string; readonly givenAt?: string } = {},
  ): Promise<CommandOutcome> {
    const { reference = randomUUID(), amountMinor = refund.amountMinor } = more;
    const proof = { kind: 'bank-transfer', reference } as const;
    const givenAt = more.givenAt ?? this.clock.now().toISOString();
    const given = { amountMinor, currency: 'USD', proof, reason: 'by bank transfer', givenAt };
    const input = { workspaceId: refund.workspaceId, refundId: refund.id, given, actor: ACTOR };
    return this.byHand.giveOutside({ idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null, input });
  }

  /** Staff promise credit. */
  promise(workspaceId: string, amountMinor: number): Promise<CommandOutcome> {
    const grant = { amountMinor: String(amountMinor), currency: 'USD', reason: 'a bad week' };
    const from = { idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null } as const;
    return new CustomerCredits(this.store).grant({ ...from, input: { workspaceId, grant, actor: ACTOR } });
  }

  /** Staff withdraw all that is left of the credit of a workspace. */
  async withdrawPromises(workspaceId: string): Promise<void> {
    const credits = await customerCredits.creditsOf(this.store, workspaceId);
    for (const { id: creditId } of credits) {
      const input = { workspaceId, creditId, reason: 'a mistake', actor: ACTOR };
      const from = { idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null } as const;
      await new CustomerCredits(this.store).withdraw({ ...from, input });
    }
  }

  /** Staff let every workspace go on whose payments a bank took back. */
  async decideAll(): Promise<void> {
    const open = await this.store.query<{ id: string }>(`select id from chargeback where decision is null`);
    const deciding = new DecideChargebacks(this.parts);
    for (const { id } of open) await deciding.run(id, { decision: 'keep', reason: 'a good customer' }, ACTOR);
  }

  async look(orderId: string): Promise<OrderToRefund> {
    const order = await refunds.findOrderToRefund(this.store, orderId);
    if (order === undefined) throw new Error(`no order ${orderId}`);
    return order;
  }

  refundsOf(orderId: string): Promise<readonly RefundView[]> {
    return refunds.refundsOfOrder(this.store, orderId);
  }

  /** The audits that find something; those of mails need a mailbox and are left out, as are those of a fleet at rest. */
  async violated(): Promise<readonly string[]> {
    const results = await audits.runAudits(this.source, { payments: this.provider.truth() });
    return results
      .filter(({ id, violations }) => violations > 0 && !id.startsWith('L'))
      .map(({ id, examples }) => `${id}: ${JSON.stringify(examples[0])}`);
  }

  private owed(kind: string): Promise<OwedWork[]> {
    return this.store.query<OwedWork>(
      `select id, generation, kind, ref, attempts from work where kind = $1 and dead_at is null order by id`,
      [kind],
    );
  }
}

export const PURCHASE = { kind: 'purchase', plan: 'advanced', seats: 5, periodMonths: 6 } as const;
