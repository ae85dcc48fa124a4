import { sandboxTruth } from '@billfleet/payments';
import type { SandboxTruth } from '@billfleet/payments';
import type { Queryable } from '@billfleet/store';
import type { BuyerRecord } from './buyers.js';
import type { World } from './world.js';

/** One harm that was found; `orderId` leads to the history that is printed with it. */
export type Harm = {
  readonly kind: 'lost' | 'double-charge' | 'unpaid-seats' | 'mail-doubled';
  readonly what: string;
  readonly orderId?: string;
};

/** What the records of provider, mail sink and database say when they are held side by side. */
export type Verdict = { readonly harms: readonly Harm[]; readonly sometimes: Readonly<Record<string, number>> };

type OrderRow = {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: string;
  readonly amountMinor: string;
  readonly currency: string;
  readonly openAttempts: number;
  readonly isGranted: boolean;
};

const ENDED: ReadonlySet<string> = new Set(['fulfilled', 'cancelled', 'expired', 'refunded']);

/** Compares what buyers were promised with the provider's own record, the mail sink's own record and our database. */
export async function judge(world: World, db: Queryable, records: readonly BuyerRecord[]): Promise<Verdict> {
  const truth = await providerTruth(world);
  const orders = await allOrders(db);
  const mails = await mailTruth(world, db);
  return {
    harms: [
      ...lostOrders(records, orders),
      ...lostMoney(truth, orders),
      ...doubleCharges(records, truth, orders),
      ...unpaidSeats(records, truth, orders),
      ...mails.harms,
    ],
    sometimes: {
      ...(await databaseSometimes(db)),
      receiptsDoubled: mails.receiptsDoubled,
      doublePaymentsRefunded: truth.filter((one) => one.refundedMinor > 0n).length,
      buyersDeclined: records.filter((one) => one.plan.way === 'token-declined').length,
    },
  };
}

async function providerTruth(world: World): Promise<SandboxTruth[]> {
  const rows: SandboxTruth[] = [];
  const { BILLFLEET_SANDBOX_URL: baseUrl = '', BILLFLEET_SANDBOX_API_KEY: apiKey = '' } = world.environment;
  for await (const row of sandboxTruth({ baseUrl, apiKey })) rows.push(row);
  return rows;
}

async function allOrders(db: Queryable): Promise<ReadonlyMap<string, OrderRow>> {
  const rows = await db.query<OrderRow>(
    `select o.id, o.workspace_id as "workspaceId", o.status, o.amount_minor::text as "amountMinor", o.currency,
       (select count(*)::int from attempt a where a.order_id = o.id and a.status in ('submitting', 'pending', 'unknown')) as "openAttempts",
       exists (select 1 from seat_grant g where g.order_id = o.id) as "isGranted"
     from orders o`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Acknowledged, yet gone, not at its end, or with an attempt whose outcome nobody knows. */
function lostOrders(records: readonly BuyerRecord[], orders: ReadonlyMap<string, OrderRow>): Harm[] {
  return records.flatMap((record): Harm[] => {
    const lost = (what: string, orderId?: string): Harm => ({
      kind: 'lost',
      what: `buyer ${String(record.plan.n)} (${record.plan.way}): ${what}`,
      ...(orderId === undefined ? {} : { orderId }),
    });
    const gone = record.orderIds.flatMap((id): Harm[] => {
      const order = orders.get(id);
      if (order === undefined) return [lost(`order ${id} was acknowledged and does not exist`)];
      if (order.openAttempts > 0) return [lost(`order ${id} has an attempt without an outcome`, id)];
      return ENDED.has(order.status) ? [] : [lost(`order ${id} is still ${order.status}`, id)];
    });
    const isServed =
      record.givenBack.length > 0 || record.orderIds.some((id) => orders.get(id)?.status === 'fulfilled');
    const complaints = record.complaints.map((what) => lost(what, record.orderIds.at(-1)));
    const unserved =
      record.isDone && !isServed ? [lost('he did all that was asked and has no seats', record.orderIds.at(-1))] : [];
    return [...gone, ...complaints, ...unserved];
  });
}

/** Money that the provider took for an order that neither gave anything nor went back. */
function lostMoney(truth: readonly SandboxTruth[], orders: ReadonlyMap<string, OrderRow>): Harm[] {
  return truth.flatMap((payment): Harm[] => {
    if (payment.state !== 'succeeded' || payment.refundedMinor === payment.amountMinor) return [];
    const order = orders.get(payment.orderId);
    if (order === undefined)
      return [{ kind: 'lost', what: `payment ${payment.reference} belongs to no order: ${payment.orderId}` }];
    if (order.status === 'fulfilled') return [];
    const what = `order ${order.id} is ${order.status}, but payment ${payment.reference} was taken and kept`;
    return [{ kind: 'lost', what, orderId: order.id }];
  });
}

/** Gross: a charge that was given back later was still one too many on somebody's card. */
function doubleCharges(
  records: readonly BuyerRecord[],
  truth: readonly SandboxTruth[],
  orders: ReadonlyMap<string, OrderRow>,
): Harm[] {
  const taken = new Map<string, string[]>();
  for (const payment of truth) {
    const buyer = orders.get(payment.orderId)?.workspaceId;
    if (payment.state !== 'succeeded' || buyer === undefined) continue;
    taken.set(buyer, [...(taken.get(buyer) ?? []), payment.orderId]);
  }
  return records.flatMap(({ plan, paymentsMeant }) => {
    const paid = taken.get(plan.workspaceId) ?? [];
    return paid.slice(paymentsMeant).map((orderId): Harm => {
      const what = `buyer ${String(plan.n)} (${plan.way}) meant ${String(paymentsMeant)} payments and was charged ${String(paid.length)} times`;
      return { kind: 'double-charge', what, orderId };
    });
  });
}

/** What went back on purpose was paid for once. */
function unpaidSeats(
  records: readonly BuyerRecord[],
  truth: readonly SandboxTruth[],
  orders: ReadonlyMap<string, OrderRow>,
): Harm[] {
  const givenBack = new Set(records.flatMap((record) => record.givenBack));
  const kept = truth.filter((one) => one.state === 'succeeded' && one.refundedMinor < one.amountMinor);
  return [...orders.values()]
    .filter((order) => order.isGranted && !givenBack.has(order.id))
    .filter(
      (order) =>
        !kept.some(
          (one) =>
            one.orderId === order.id &&
            one.currency === order.currency &&
            one.amountMinor === BigInt(order.amountMinor),
        ),
    )
    .map((order) => ({ kind: 'unpaid-seats', what: `order ${order.id} gave seats without money`, orderId: order.id }));
}

async function mailTruth(world: World, db: Queryable): Promise<{ harms: Harm[]; receiptsDoubled: number }> {
  const reply = await fetch(new URL('/mailbox/truth', world.environment['BILLFLEET_SANDBOX_URL']));
  const { deliveries } = (await reply.json()) as { deliveries: { messageId: string; count: number }[] };
  const doubled = deliveries.filter((one) => one.count > 1);
  const rows = await db.query<{ id: string; class: string; template: string }>(
    `select id, class, template from notification where id = any($1::uuid[])`,
    [doubled.map((one) => /^<([^@]+)@/.exec(one.messageId)?.[1] ?? '00000000-0000-0000-0000-000000000000')],
  );
  return {
    harms: rows
      .filter((row) => row.class === 'at_most_once')
      .map((row) => ({ kind: 'mail-doubled', what: `${row.template} ${row.id} was delivered more than once` })),
    receiptsDoubled: rows.filter((row) => row.class === 'at_least_once').length,
  };
}

/** Things that have to happen now and then, or the run proved nothing about them. */
async function databaseSometimes(db: Queryable): Promise<Record<string, number>> {
  const [row] = await db.query<Record<string, string>>(
    `select (select count(*) from payment_notice where outcome = 'duplicate') as "webhookDuplicateSeen",
       (select count(*) from payment_notice) as "webhooksTaken",
       (select count(*) from transition where entity = 'attempt' and from_status = 'unknown' and to_status <> 'unknown') as "unknownResolved",
       (select count(*) from orders where status = 'fulfilled') as "ordersFulfilled",
       (select count(*) from orders where status = 'cancelled') as "ordersReplaced",
       (select count(*) from orders where status = 'refunded') as "ordersRefunded",
       (select count(*) from refund where reason = 'goodwill') as "goodwillRefunds",
       (select count(*) from refund where reason = 'undone') as "ordersUndone",
       (select count(*) from chargeback where status <> 'open') as "chargebacksEnded",
       (select count(*) from notification where class = 'at_most_once') as "remindersOwed",
       (select count(*) from notification where status = 'uncertain') as "remindersUncertain"`,
  );
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]));
}

/** What happened to an order, for people to read. */
export async function historyOf(db: Queryable, orderId: string): Promise<unknown> {
  const [row] = await db.query<{ history: unknown }>(
    `select jsonb_build_object('order', (select to_jsonb(o) - 'lines' - 'taxpayer' from orders o where id = $1),
       'attempts', (select jsonb_agg(to_jsonb(a) - 'token' - 'pix_code' - 'checkout_url') from attempt a where order_id = $1),
       'transitions', (select jsonb_agg(jsonb_build_array(t.entity, t.from_status, t.to_status, t.at) order by t.id) from transition t
         where t.entity_id = $1 or t.entity_id in (select id from attempt where order_id = $1)),
       'journal', (select jsonb_agg(jsonb_build_array(j.kind, j.reference, j.amount_minor, j.created_at)) from movement j where order_id = $1),
       'refunds', (select jsonb_agg(jsonb_build_array(r.status, r.reason)) from refund r where order_id = $1),
       'owed', (select jsonb_agg(to_jsonb(w)) from work w where w.ref = $1 or w.ref in (select id from attempt where order_id = $1)
         or w.ref in (select id from refund where order_id = $1))) as history`,
    [orderId],
  );
  return row?.history;
}
