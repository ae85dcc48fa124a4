import type pg from 'pg';
import type { ConfirmJob, PlaceJob, ProvisionJob } from './jobs.js';

type Value = string | number | null;

/** One statement, prepared once per connection. */
async function run<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  name: string,
  text: string,
  values: readonly Value[],
): Promise<Row[]> {
  return (await client.query<Row>({ name, text, values: [...values] })).rows;
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Stores an order, once per key. */
export async function placeOrder(pool: pg.Pool, job: PlaceJob): Promise<void> {
  await inTransaction(pool, async (client) => {
    const [workspace] = await run<{ currency: string }>(
      client,
      'workspace',
      'select currency from workspace where id = $1',
      [job.workspaceId],
    );
    if (workspace?.currency !== job.currency) throw new Error(`workspace ${job.workspaceId} does not pay so`);
    await run(
      client,
      'insert order',
      `insert into orders (workspace_id, order_key, plan, seats, period_months, amount_minor, currency, status)
       values ($1, $2, $3, $4, $5, $6, $7, 'awaiting_payment') on conflict (workspace_id, order_key) do nothing`,
      [job.workspaceId, job.orderKey, job.plan, job.seats, job.periodMonths, job.amountMinor, job.currency],
    );
  });
}

/** Books a payment: payment, two ledger rows, order paid. Answers the order whose seats are owed now. */
export async function confirmPayment(pool: pg.Pool, job: ConfirmJob): Promise<ProvisionJob> {
  return inTransaction(pool, async (client) => {
    const [order] = await run<{ id: string; amount_minor: string; currency: string; status: string }>(
      client,
      'order by key',
      'select id, amount_minor, currency, status from orders where workspace_id = $1 and order_key = $2 for update',
      [job.workspaceId, job.orderKey],
    );
    if (order === undefined) throw new Error(`there is no order ${job.orderKey} yet`);
    if (order.amount_minor !== job.amountMinor || order.currency !== job.currency) throw new Error('wrong amount');
    if (order.status !== 'awaiting_payment') return { orderId: order.id };
    await run(client, 'insert payment', 'insert into payment (order_id, reference, amount_minor) values ($1, $2, $3)', [
      order.id,
      job.reference,
      job.amountMinor,
    ]);
    await run(
      client,
      'insert ledger',
      `insert into ledger (order_id, account, amount_minor) values ($1, 'cash', $2), ($1, 'deferred_revenue', -$2::bigint)`,
      [order.id, job.amountMinor],
    );
    await run(client, 'pay order', `update orders set status = 'paid' where id = $1`, [order.id]);
    return { orderId: order.id };
  });
}

/** Gives what was paid for: subscription, seats, a notification that is owed, order fulfilled. */
export async function provisionSeats(pool: pg.Pool, job: ProvisionJob): Promise<void> {
  await inTransaction(pool, async (client) => {
    const [order] = await run<{ status: string; seats: number; workspace_id: string }>(
      client,
      'order by id',
      'select status, seats, workspace_id from orders where id = $1 for update',
      [job.orderId],
    );
    if (order?.status !== 'paid') return;
    const [subscription] = await run<{ id: string }>(
      client,
      'insert subscription',
      `insert into subscription (workspace_id, order_id, plan, starts_on, ends_on)
       select workspace_id, id, plan, current_date, current_date + make_interval(months => period_months) from orders where id = $1
       on conflict (workspace_id) do update set plan = excluded.plan, order_id = excluded.order_id returning id`,
      [job.orderId],
    );
    await run(
      client,
      'insert seats',
      'insert into seat (subscription_id, n) select $1, n from generate_series(1, $2::int) as n on conflict do nothing',
      [subscription?.id ?? null, order.seats],
    );
    await run(
      client,
      'insert notification',
      `insert into notification (order_id, template, recipient) select $1, 'receipt', billing_email from workspace where id = $2
       on conflict (order_id) do nothing`,
      [job.orderId, order.workspace_id],
    );
    await run(client, 'fulfil order', `update orders set status = 'fulfilled' where id = $1`, [job.orderId]);
  });
}
