import { createHash, randomUUID } from 'node:crypto';
import { AdvanceTestClocks, recogniseWholeMonth, RecogniseRevenue, testClockSweeps } from '@billfleet/billing';
import { addDays, civilDate } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import { books, closedMonths, quotes, refunds, seatChanges, testClocks } from '@billfleet/store';
import type { Store, Tx } from '@billfleet/store';
import { cancel, endChargeback, insertAttempt, isOnClock, pay, payAgain, takeBack } from './played-orders.js';
import type { Played } from './played-orders.js';

/** Something that happens to the books. Numbers choose among what is there; what does not fit leaves everything as it is. */
export type BookDeed =
  | {
      readonly do: 'order';
      readonly what: 'term' | 'rest' | 'add-on';
      readonly amountMinor: number;
      readonly taxPercent: number;
      readonly isLive: boolean;
      readonly days: number;
    }
  | {
      readonly do:
        'pay' | 'pay-again' | 'give' | 'take-back' | 'cancel' | 'send-refund' | 'refund-back' | 'lose' | 'win';
      readonly which: number;
    }
  | { readonly do: 'return-seats'; readonly which: number; readonly percent: number }
  | { readonly do: 'days-pass'; readonly days: number }
  | { readonly do: 'recognise' | 'close' };

const NEVER = new Date('2100-01-01T00:00:00Z');
const NO_CONTENT = { content: '{}', hash: createHash('sha256').update('{}').digest('hex') };
const BEGINS = '2027-01-10T09:00:00Z';

/** Plays deeds through the functions that the fleet uses: some workspaces live on a test clock, the others in the fleet's own time. */
export class PlayedBooks {
  private readonly orders: Played[] = [];

  private constructor(
    private readonly store: Store,
    private readonly clockId: string,
    private now: Date,
  ) {}

  static async begin(store: Store): Promise<PlayedBooks> {
    const [id, nowAt] = [randomUUID(), new Date(BEGINS)];
    await store.transaction((tx) => testClocks.makeClock(tx, { id, name: 'books', nowAt }, 'a test'));
    return new PlayedBooks(store, id, nowAt);
  }

  /** Does one deed, in one transaction or more. */
  async play(deed: BookDeed): Promise<void> {
    switch (deed.do) {
      case 'order':
        return this.order(deed);
      case 'days-pass':
        return this.pass(deed.days);
      case 'recognise':
        return this.recogniseLive();
      case 'close':
        return this.closeLive();
      case 'return-seats':
        return this.withOrder(deed.which, 'fulfilled', (tx, one) => this.returnSeats(tx, one, deed.percent));
      case 'give':
        return this.withOrder(deed.which, 'paid', (tx, one) => this.give(tx, one));
      case 'take-back':
        return this.withOrder(deed.which, 'paid', (tx, one) => takeBack(tx, one));
      case 'pay':
        return this.withOrder(deed.which, 'awaiting_payment', (tx, one) => pay(tx, one));
      case 'cancel':
        return this.withOrder(deed.which, 'awaiting_payment', (tx, one) => cancel(tx, one));
      case 'pay-again':
        return this.withOrder(deed.which, undefined, (tx, one) => payAgain(tx, one));
      case 'send-refund':
        return this.sendRefund(deed.which);
      case 'refund-back':
        return this.refundComesBack(deed.which);
      case 'lose':
      case 'win':
        return this.withOrder(deed.which, 'fulfilled', (tx, one) =>
          endChargeback(tx, one, deed.do === 'lose' ? 'lost' : 'won'),
        );
    }
  }

  private async order(deed: Extract<BookDeed, { do: 'order' }>): Promise<void> {
    const { what, taxPercent, isLive, days } = deed;
    const [id, workspaceId, attemptId] = [randomUUID(), randomUUID(), randomUUID()];
    const amountMinor = BigInt(deed.amountMinor);
    const lines = [
      ...(what === 'rest' ? this.restLines(amountMinor, days, isLive) : [{ amountMinor: amountMinor.toString() }]),
    ];
    const kind = { term: 'renewal', rest: 'upgrade', 'add-on': 'add-on' }[what];
    await this.store.transaction(async (tx) => {
      await tx.query(
        `insert into workspace (id, name, country, currency, time_zone, locale, test_clock_id) values ($1, 'W', 'US', 'USD', $2, 'en', $3)`,
        [workspaceId, isLive ? 'America/New_York' : 'Pacific/Auckland', isLive ? null : this.clockId],
      );
      await tx.query(
        `insert into orders (id, workspace_id, kind, basis, add_on, plan, seats, period_months, price_list, currency, amount_minor, tax_minor, lines, collection, method, expires_at)
         values ($1, $2, $3, '{}', case when $3 = 'add-on' then '{"id": "any"}'::jsonb end, 'base', 5, 12, 'usd', 'USD', $4, $5, $6, 'provider', 'card', '2100-01-01')`,
        [
          id,
          workspaceId,
          kind,
          amountMinor.toString(),
          ((amountMinor * BigInt(taxPercent)) / 100n).toString(),
          JSON.stringify(lines),
        ],
      );
      await insertAttempt(tx, { id, workspaceId, amountMinor, attemptId });
    });
    this.orders.push({ id, workspaceId, what, amountMinor, days, attemptId });
  }

  /** A running term and one that is paid ahead; the order pays for the rest of both. */
  private restLines(amountMinor: bigint, days: number, isLive: boolean) {
    const today = this.today(isLive);
    const [first, second] = [amountMinor / 3n, amountMinor - amountMinor / 3n];
    const turn = addDays(today, days);
    return [
      { amountMinor: first.toString(), term: { startsOn: addDays(today, -20), endsOn: turn } },
      { amountMinor: second.toString(), term: { startsOn: turn, endsOn: addDays(turn, days) } },
    ];
  }

  private today(isLive: boolean): CivilDate {
    return civilDate((isLive ? new Date() : this.now).toISOString().slice(0, 10));
  }

  private async withOrder(
    which: number,
    status: string | undefined,
    run: (tx: Tx, one: Played) => Promise<void>,
  ): Promise<void> {
    await this.store.transaction(async (tx) => {
      const rows = await tx.query<{ id: string; status: string }>(
        `select id, status from orders where id = any($1::uuid[]) for update`,
        [this.orders.map(({ id }) => id)],
      );
      const fitting = this.orders.filter(({ id }) =>
        rows.some((row) => row.id === id && (status === undefined || row.status === status)),
      );
      const one = fitting[which % Math.max(fitting.length, 1)];
      if (one !== undefined) await run(tx, one);
    });
  }

  private async give(tx: Tx, { id, workspaceId, what, days }: Played): Promise<void> {
    const isLive = !(await isOnClock(tx, workspaceId));
    const from = this.today(isLive);
    const subscriptionId = randomUUID();
    await tx.query(
      `insert into subscription (id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits)
       values ($1, $2, 'active', 'base', 5, 12, 'usd', $3, $3, $4, false, '{}')`,
      [subscriptionId, workspaceId, from, addDays(from, 2 * days)],
    );
    const to = addDays(from, days);
    if (what === 'add-on') {
      await tx.query(
        `insert into add_on_grant (order_id, add_on, subscription_id, workspace_id, limit_name, packages, amount, during) values ($1, 'any', $2, $3, 'leads', 1, 1, daterange($4, $5))`,
        [id, subscriptionId, workspaceId, from, to],
      );
    } else {
      await tx.query(
        `insert into seat_grant (order_id, subscription_id, workspace_id, plan, seats, seats_delta, price_list, period_months, during)
         values ($1, $2, $3, 'base', 5, 5, 'usd', 12, case when $6 then daterange($4::date, $5::date) end)`,
        [id, subscriptionId, workspaceId, from, to, what === 'term'],
      );
    }
    await tx.query(`update orders set status = 'fulfilled' where id = $1`, [id]);
  }

  private async returnSeats(tx: Tx, one: Played, percent: number): Promise<void> {
    const [row] = await tx.query<{ subscriptionId: string; leftMinor: string; seats: number; isDisputed: boolean }>(
      `select s.id as "subscriptionId", s.seats, ($2::bigint - coalesce((select sum(amount_minor) from refund where attempt_id = $3), 0))::text as "leftMinor",
         exists (select 1 from chargeback where attempt_id = $3) as "isDisputed" from subscription s where s.workspace_id = $1 for update`,
      [one.workspaceId, one.amountMinor.toString(), one.attemptId],
    );
    const amountMinor = (BigInt(row?.leftMinor ?? '0') * BigInt(percent)) / 100n;
    if (row === undefined || row.isDisputed || amountMinor <= 0n) return;
    const [id, quoteId] = [randomUUID(), randomUUID()];
    const asked = { id: quoteId, workspaceId: one.workspaceId, kind: 'refund', ...NO_CONTENT } as const;
    await quotes.insertQuotes(tx, [{ ...asked, currency: 'USD', amountMinor: -amountMinor, expiresAt: NEVER }]);
    const change = {
      id,
      subscriptionId: row.subscriptionId,
      workspaceId: one.workspaceId,
      seatsBefore: 5,
      seats: 4,
      currency: 'USD',
    } as const;
    await seatChanges.insertSeatChange(tx, {
      ...change,
      reason: 'a test',
      actor: 'a test',
      quoteId,
      refundMinor: amountMinor,
      lines: '[]',
    });
    await seatChanges.oweSeatRefunds(tx, id, [{ id: randomUUID(), attemptId: one.attemptId, amountMinor }]);
  }

  private async sendRefund(which: number): Promise<void> {
    await this.store.transaction(async (tx) => {
      const owed = await tx.query<{ id: string }>(
        `select id from refund where status = 'owed' and order_id = any($1::uuid[]) order by id for update`,
        [this.orders.map(({ id }) => id)],
      );
      const one = owed[which % Math.max(owed.length, 1)];
      const refund = one === undefined ? undefined : (await books.findRefunds(tx, [one.id])).get(one.id);
      const reference = `back-${String(refund?.id)}-${String(refund?.returns)}`;
      if (refund !== undefined) await books.bookRefunds(tx, [{ refund, reference }]);
    });
  }

  /** A bank sends a refund back, and staff have it tried again. */
  private async refundComesBack(which: number): Promise<void> {
    await this.store.transaction(async (tx) => {
      const gone = await tx.query<{ id: string; reference: string }>(
        `select id, reference from refund where status = 'succeeded' and reference like 'back-%' and order_id = any($1::uuid[]) order by id for update`,
        [this.orders.map(({ id }) => id)],
      );
      const one = gone[which % Math.max(gone.length, 1)];
      const refund = one === undefined ? undefined : (await books.findRefunds(tx, [one.id])).get(one.id);
      if (one === undefined || refund === undefined) return;
      await books.bookReturned(tx, [{ refund, reference: one.reference, code: 'sent_back', message: 'sent back' }]);
      await refunds.reopenRefund(tx, one.id);
    });
  }

  /** Moves the clock as the dispatcher does: from one moment at which revenue is due to the next one. */
  private async pass(days: number): Promise<void> {
    const to = new Date(this.now.getTime() + days * 86_400_000);
    const nothing = { run: () => Promise.resolve(0) };
    const clocks = new AdvanceTestClocks(this.store, (id) => ({
      ...{
        turn: nothing,
        renewal: nothing,
        order: nothing,
        credits: nothing,
        meter: nothing,
        checkout: nothing,
        mail: nothing,
      },
      revenue: new RecogniseRevenue(this.store, testClockSweeps(id)),
    }));
    // No worker is there to do what is owed; deeds do it.
    await this.store.transaction((tx) => tx.query('delete from work'));
    await this.store.transaction((tx) => testClocks.setTarget(tx, this.clockId, to));
    for (let isAdvancing = true; isAdvancing;) {
      const came = await clocks.run();
      if (came.failures[0] !== undefined) throw came.failures[0];
      ({ isAdvancing } = came);
    }
    this.now = to;
  }

  /** Months of the live books are recognised ahead of time, as nobody waits for them here. */
  private async recogniseLive(): Promise<void> {
    const live = { testClockId: null };
    const [row] = await this.store.query<{ month: CivilDate }>(
      `select coalesce((select max(month) + interval '1 month' from recognised_month), date_trunc('month', now()))::date::text as month`,
    );
    if (row === undefined) return;
    await recogniseWholeMonth(this.store, row.month, live);
    await recogniseWholeMonth(this.store, row.month, live);
  }

  /** Only months before this one can be closed while there are payments today. */
  private async closeLive(): Promise<void> {
    const { closedMonth } = await closedMonths.booksState(this.store);
    const month = closedMonth === null ? '2020-01-01' : await this.after(closedMonth);
    await this.store.transaction((tx) => closedMonths.closeMonth(tx, civilDate(month), 'a test'));
  }

  private async after(month: CivilDate): Promise<string> {
    const [row] = await this.store.query<{ month: string }>(
      `select ($1::date + interval '1 month')::date::text as month`,
      [month],
    );
    return row?.month ?? month;
  }
}
