import { randomUUID } from 'node:crypto';
import { verifyDocuments } from '@billfleet/billing';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';

type Series = {
  readonly kind: string;
  readonly mode: string;
  readonly documents: number;
  readonly last: number;
  readonly orders: number;
};

inEveryMode('Invoices', (given) => {
  /** Documents by series: how many there are, the highest number, and how many orders they are about. */
  const counted = (): Promise<Series[]> =>
    given.fleet.sql(
      `select kind, mode, count(*)::int as documents, max(seq) as last, count(distinct order_id)::int as orders from document where seller = 'general'
       group by kind, mode order by kind, mode`,
    );

  test('of a hundred payments at once are numbered without gaps and doubles', async () => {
    const customers = [];
    for (let n = 0; n < 100; n += 1) customers.push(await given.customer('US'));
    const [customer] = customers;
    expect(customer).toBeDefined();
    const orders = await Promise.all(customers.map((one) => one.order({ isUpstream: true })));
    await given.fleet.settle();
    const proof = () => ({ kind: 'bank-transfer', reference: randomUUID() });
    const answers = await Promise.all(
      orders.map((orderId) =>
        call(given.fleet, 'POST', `/v1/orders/${orderId}/offline-payments`, {
          body: {
            ...{ amountMinor: '105000', currency: 'USD', proof: proof(), paidAt: '2026-10-05T14:00:00Z' },
            reason: 'paid by transfer',
          },
          key: randomUUID(),
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await given.fleet.settle();
    const mode = given.mode.onTestClock === true ? 'test' : 'live';
    expect(await counted()).toEqual([{ kind: 'invoice', mode, documents: 100, last: 100, orders: 100 }]);
    expect(await verifyDocuments({ query: (sql, values) => given.fleet.sql(sql, values) })).toMatchObject({
      faults: [],
    });
  });
});
