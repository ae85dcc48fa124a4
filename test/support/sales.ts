import { randomUUID } from 'node:crypto';
import type { Currency } from '@billfleet/domain';
import { attempts, orders, tenants } from '@billfleet/store';
import type { Queryable, Store } from '@billfleet/store';

/** An order that waits for its payment, which an upstream service collects. */
export type OpenSale = {
  readonly workspaceId: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
};

const ENDS_AT = new Date('2100-01-01T00:00:00Z');

/** What a sale may differ in. */
export type SaleOptions = { readonly country?: 'US' | 'BR'; readonly seats?: number; readonly testClockId?: string };

/** Places an order of seats for six months in a workspace of its own, past the front door. */
export async function openSale(store: Store, options: SaleOptions = {}): Promise<OpenSale> {
  const { country = 'US', seats = 1, testClockId } = options;
  const [workspaceId, orderId, attemptId] = [randomUUID(), randomUUID(), randomUUID()];
  const currency = country === 'BR' ? 'BRL' : 'USD';
  const [unitMinor, amountMinor] = [15_000n, 15_000n * BigInt(seats)];
  const timeZone = country === 'BR' ? 'America/Sao_Paulo' : 'America/New_York';
  await store.transaction(async (tx) => {
    const place = { country, currency, timeZone, locale: 'en', billingEmail: null, trialEndsOn: null } as const;
    await tenants.insertWorkspaces(tx, [{ id: workspaceId, name: 'Acme', ...place }]);
    if (testClockId !== undefined)
      await tx.query(`update workspace set test_clock_id = $2 where id = $1`, [workspaceId, testClockId]);
    await orders.insertOrders(tx, [
      {
        ...{ id: orderId, workspaceId, kind: 'purchase', quoteId: null, plan: 'base', seats, periodMonths: 6 },
        ...{ priceList: 'general-2026-09', currency, unitMinor, amountMinor, lines: lineOf(seats, unitMinor) },
        ...{ basis: null, addOn: null, collection: 'upstream', method: null, installments: 1 },
        ...{ taxMinor: 0n, taxpayer: null, invoiceDetails: null, placedBy: null, dueAt: null, expiresAt: ENDS_AT },
      },
    ]);
    await attempts.insertAttempts(tx, [
      {
        ...{ id: attemptId, orderId, workspaceId, currency, amountMinor, provider: 'upstream', method: null },
        ...{ token: null, installments: 1, status: 'pending', expiresAt: ENDS_AT },
      },
    ]);
  });
  return { workspaceId, orderId, attemptId, amountMinor, currency };
}

const lineOf = (seats: number, unitMinor: bigint): string =>
  JSON.stringify([
    {
      description: { kind: 'plan-seats', plan: 'base', planName: 'Base', periodMonths: 6 },
      ...{ quantity: seats, unitMinor: unitMinor.toString(), amountMinor: (unitMinor * BigInt(seats)).toString() },
      derivation: { seats, monthlyMinor: '2500', payMonths: 6 },
    },
  ]);

/** Some money of a sale went back, as it stands in the table afterwards; answers the refund. */
export async function refundSale(db: Queryable, sale: OpenSale, amountMinor: bigint): Promise<string> {
  const id = randomUUID();
  await db.query(
    `insert into refund (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, status, reference)
     values ($1, $2, $3, $4, $5, $6, 'asked_for', 'succeeded', $7)`,
    [id, sale.orderId, sale.attemptId, sale.workspaceId, sale.currency, amountMinor.toString(), `back-${id}`],
  );
  return id;
}
