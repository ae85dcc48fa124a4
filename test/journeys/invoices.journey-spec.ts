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

  /** Gets something that is no JSON; a gateway that dies meanwhile is asked again. */
  const download = async (path: string, headers: Record<string, string>, tries = 5): Promise<Response> => {
    const response = await fetch(`http://127.0.0.1:${String(given.fleet.config.port)}${path}`, { headers });
    return response.status < 500 || tries === 1 ? response : download(path, headers, tries - 1);
  };

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

  test('are read and downloaded by whoever may, once and again the same bytes', async () => {
    const customer = await given.customer('BR');
    const orderId = await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const { fleet } = given;
    const listed = await call(fleet, 'GET', `/v1/workspaces/${customer.id}/documents`);
    const [invoice] = listed.body['documents'] as {
      id: string;
      number: string;
      orderId: string;
      amountMinor: string;
    }[];
    expect(invoice).toMatchObject({ kind: 'invoice', orderId, currency: 'BRL', refundId: null });
    expect(invoice?.number).toMatch(/^BR-2026-T?\d{6}$/);
    expect((await call(fleet, 'GET', `/v1/documents/${invoice?.id ?? ''}`)).body).toMatchObject({
      content: { kind: 'invoice', payment: { method: 'card' }, seller: { id: 'brazil' } },
    });
    const key = { authorization: `Bearer ${fleet.apiKey}` };
    const pdfOf = (headers: Record<string, string>, language = 'pt-BR'): Promise<Response> =>
      download(`/v1/documents/${invoice?.id ?? ''}/pdf?language=${language}`, headers);
    const [first, second] = [await pdfOf(key), await pdfOf(key)];
    expect(first.headers.get('content-type')).toBe('application/pdf');
    expect(first.headers.get('content-disposition')).toBe(`attachment; filename="${invoice?.number ?? ''}.pdf"`);
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(bytes.equals(Buffer.from(await second.arrayBuffer()))).toBe(true);
    expect((await pdfOf({ ...key, 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304);
    expect((await pdfOf({})).status).toBe(401);
    expect((await pdfOf(key, 'de')).status).toBe(400);
    const stranger = await given.customer('US');
    const foreign = await fleet.addApiKey(['read'], stranger.id, 'workspace-admin');
    expect((await pdfOf({ authorization: `Bearer ${foreign}` })).status).toBe(404);
    const member = await fleet.addApiKey(['read'], customer.id, 'member');
    expect((await pdfOf({ authorization: `Bearer ${member}` })).status).toBe(403);
    const contact = await fleet.addApiKey(['read'], customer.id, 'billing-contact');
    expect((await pdfOf({ authorization: `Bearer ${contact}` }, 'en')).status).toBe(200);
    await fleet.settle();
  });

  test('do not come before the payment: an unpaid Pix order has a request to pay, and a paid one has none', async () => {
    const customer = await given.customer('BR');
    const orderId = await customer.order({ method: 'pix' });
    await given.fleet.settle();
    const request = (): Promise<Response> =>
      download(`/v1/orders/${orderId}/payment-request`, { authorization: `Bearer ${given.fleet.apiKey}` });
    const asked = await request();
    expect([asked.status, asked.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(await call(given.fleet, 'GET', `/v1/orders/${orderId}/documents`)).toMatchObject({ body: [] });
    await call(given.fleet, 'POST', `/v1/orders/${orderId}/cancellation`, { key: randomUUID() });
    await given.fleet.settle();
    expect((await request()).status).toBe(409);
  });
});
