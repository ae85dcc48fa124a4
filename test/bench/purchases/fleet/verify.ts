import { setTimeout as pause } from 'node:timers/promises';
import { audits } from '@billfleet/store';
import { openStore } from '../../../../apps/cli/src/open-store.js';
import { differences } from '../pipeline.js';
import { PURCHASE } from '../purchase.js';

const COUNTS = `select (select count(*) from orders) as orders, (select count(*) from orders where status = 'fulfilled') as fulfilled,
  (select count(*) from attempt where status = 'succeeded') as succeeded, (select count(*) from journal where kind = 'charge') as charges,
  (select count(*) from journal where kind = 'sale') as sales, (select coalesce(sum(amount_minor), 0) from posting where amount_minor > 0) as booked,
  (select count(*) from seat_grant) as grants, (select count(*) from subscription where status = 'active') as subscriptions,
  (select coalesce(sum(seats), 0) from subscription) as seats, (select count(*) from notification where template = 'receipt') as receipts,
  (select count(*) from notification where status = 'sent') as sent, (select count(*) from request where status = 'accepted') as requests,
  (select count(*) from payment_notice where processed_at is not null) as notices, (select count(*) from work) as owed`;

const SETTLE_EVERY_MS = 250;
const SETTLED_WITHIN_MS = 180_000;

/** Waits until nothing is owed any more, then counts every row that a purchase leaves behind and runs the audits. */
export async function verifyFleet(databaseUrl: string, count: number): Promise<readonly string[]> {
  const { store, source, close } = await openStore(databaseUrl);
  try {
    const deadline = performance.now() + SETTLED_WITHIN_MS;
    const isOwed = async (): Promise<boolean> => (await store.query('select 1 from work limit 1')).length > 0;
    while ((await isOwed()) && performance.now() < deadline) await pause(SETTLE_EVERY_MS);
    const [found] = await store.query<Record<string, string>>(COUNTS);
    const wrong = differences(found ?? {}, {
      orders: count,
      fulfilled: count,
      succeeded: count,
      charges: count,
      sales: count,
      booked: 2 * count * Number(PURCHASE.amountMinor),
      grants: count,
      subscriptions: count,
      seats: count * PURCHASE.seats,
      receipts: count,
      sent: count,
      requests: 2 * count,
      notices: count,
      owed: 0,
    });
    const violated = (await audits.runAudits(source)).filter((audit) => audit.violations > 0);
    return [...wrong, ...violated.map((audit) => `audit ${audit.id}: ${String(audit.violations)} violations`)];
  } finally {
    await close();
  }
}
