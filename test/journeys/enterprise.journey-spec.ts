import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { SALES_EMAIL } from '../support/fleet.js';
import { inEveryMode } from '../support/journey.js';

inEveryMode('Enterprise contract', (given) => {
  const post = (path: string, body: unknown): Promise<Answer> =>
    call(given.fleet, 'POST', path, { body, key: randomUUID() });
  const request = ({ id: workspaceId, email }: Customer): Promise<Answer> =>
    post('/v1/enterprise-requests', {
      workspaceId,
      contact: { name: 'Ana Souza', email, phone: '+1 (212) 555-0100', company: 'Northwind' },
      seats: 60,
      message: 'Two offices.\nPlease call after ten.',
    });
  const move = (id: unknown, to: string): Promise<Answer> =>
    post(`/v1/enterprise-requests/${String(id)}/moves`, { to, reason: `it is ${to}` });
  const contract = ({ id: workspaceId }: Customer, terms: Record<string, unknown>): Promise<Answer> =>
    post('/v1/contracts', {
      ...{ workspaceId, plan: 'enterprise', monthlyPriceMinor: '3800', validFrom: '2026-10-01', reason: 'agreed' },
      ...terms,
    });
  const quote = ({ id: workspaceId }: Customer, wish: Record<string, unknown>): Promise<Answer> =>
    call(given.fleet, 'POST', '/v1/quotes', { body: { workspaceId, ...wish } });
  const mailsTo = async (address: string): Promise<number> => {
    const reply = await given.fleet.atSandbox(`/mailbox/messages?to=${encodeURIComponent(address)}`);
    return ((await reply.json()) as { messages: unknown[] }).messages.length;
  };

  test('is asked for, won, agreed, quoted, ordered and given with its own limits', async () => {
    const customer = await given.customer('US');
    const salesMails = await mailsTo(SALES_EMAIL);
    const asked = await request(customer);
    expect([asked.status, asked.body['status']]).toEqual([202, 'accepted']);
    const { id } = asked.body;
    expect((await request(customer)).body['id']).toBe(id);
    await given.fleet.settle();
    expect(await customer.mails()).toEqual(['enterprise_received']);
    expect(await mailsTo(SALES_EMAIL)).toBeGreaterThan(salesMails);

    expect((await move(id, 'won')).body).toMatchObject({ code: 'move_not_allowed', found: 'new to won' });
    for (const to of ['contacted', 'contacted', 'lost', 'contacted', 'won']) {
      expect([to, (await move(id, to)).body['status']]).toEqual([to, to]);
    }
    const seen = (await call(given.fleet, 'GET', `/v1/enterprise-requests/${String(id)}`)).body;
    const timeline = seen['timeline'] as { to: string }[];
    expect(timeline.map(({ to }) => to)).toEqual(['new', 'contacted', 'lost', 'contacted', 'won']);
    const won = await call(given.fleet, 'GET', '/v1/enterprise-requests?state=won&limit=1');
    expect(won.body['items']).toMatchObject([{ id, contact: { name: 'Ana Souza' }, seats: 60 }]);

    const wish = { plan: 'enterprise', seats: 60, periodMonths: 12 };
    expect((await quote(customer, wish)).body).toMatchObject({ status: 422, code: 'plan_on_request' });
    const terms = { requestId: id, seatsMin: 50, periodMonths: [12, 24], limits: { leads: { kind: 'unlimited' } } };
    const made = await contract(customer, terms);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ currency: 'USD', seatsMin: 50, withdrawnAt: null, orders: 0 });
    const stranger = await given.customer('US');
    expect((await quote(stranger, wish)).body).toMatchObject({ code: 'plan_on_request' });
    expect((await quote(customer, { ...wish, seats: 49 })).body).toMatchObject({ code: 'seats_out_of_range' });
    expect((await quote(customer, { ...wish, periodMonths: 6 })).body).toMatchObject({ code: 'period_unknown' });
    // 60 seats × 38.00 × 10 months that are paid
    const priced = (await quote(customer, wish)).body;
    expect(priced).toMatchObject({ amountMinor: '2280000', priceListId: made.body['priceListId'] });
    await customer.order({ quote: priced, token: 'tok_visa' });
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({
      ...{ plan: 'enterprise', seats: 60, endsOn: '2027-10-05', autoRenewal: true },
      limits: { leads: 'unlimited' },
    });
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded'],
      mails: ['enterprise_received', 'receipt'],
      told: ['enterprise × 60'],
      books: ['charge 2280000 USD', 'sale 2280000 USD'],
      dead: [],
    });
    // Fewer seats leave the limits that were agreed.
    const fewer = { seats: 55, reason: 'fewer people', refund: 'none' };
    const path = `/v1/workspaces/${customer.id}/seat-reductions`;
    expect((await call(given.fleet, 'POST', path, { body: fewer, key: randomUUID() })).status).toBe(201);
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ seats: 55, limits: { leads: 'unlimited' } });
    const actions = await given.fleet.sql<{ action: string }>(
      `select action from ops_action where (subject like '%' || $1 || '%' or subject like '%' || $2 || '%') and action <> 'test-clock.attach' order by id`,
      [String(id), customer.id],
    );
    expect(actions.map(({ action }) => action)).toEqual([
      ...['contacted', 'lost', 'contacted', 'won'].map((to) => `enterprise-request.${to}`),
      ...['contract.make', 'seats.reduce'],
    ]);
  });

  test('is ordered on account: invoiced at once, given once it is paid, and credited where it never is', async () => {
    const customer = await given.customer('US');
    const order = async (): Promise<Answer> => {
      const priced = await customer.price({ plan: 'enterprise', seats: 10, periodMonths: 12 });
      const payment = { collection: 'account' };
      return post('/v1/orders', { workspaceId: customer.id, quoteId: priced['id'], payment });
    };
    const documents = async (orderId: unknown): Promise<readonly Record<string, unknown>[]> =>
      (await call(given.fleet, 'GET', `/v1/orders/${String(orderId)}/documents`)).body as unknown as readonly Record<
        string,
        unknown
      >[];
    await contract(customer, {});
    expect((await order()).body).toMatchObject({ status: 422, code: 'account_not_agreed' });
    await contract(customer, { dueDays: 30 });
    const [first, second] = [await order(), await order()];
    expect([first.status, second.status]).toEqual([202, 202]);
    await given.fleet.settle();
    // The newer order of the same kind took the place of the older one, whose invoice is credited.
    expect(await documents(first.body['id'])).toMatchObject([
      { kind: 'credit_note', amountMinor: '380000', refundId: null },
      { kind: 'invoice', amountMinor: '380000', paidAt: null },
    ]);
    const [invoice, ...others] = await documents(second.body['id']);
    expect([invoice, others]).toMatchObject([{ kind: 'invoice', amountMinor: '380000', paidAt: null }, []]);
    const seen = (await call(given.fleet, 'GET', `/v1/orders/${String(second.body['id'])}`)).body;
    expect(seen).toMatchObject({ status: 'awaiting_payment', collection: 'account', dueAt: invoice?.['dueAt'] });
    // The fleet stands on 5 October: due after the 30 days of the contract, and over 30 days later.
    expect([seen['dueAt'], seen['expiresAt']].map((at) => String(at).slice(0, 10))).toEqual([
      '2026-11-04',
      '2026-12-04',
    ]);
    expect(await customer.entitlements()).toBeUndefined();
    expect(await customer.story()).toMatchObject({
      ...{ orders: ['cancelled', 'awaiting_payment'], attempts: [], dead: [] },
      mails: ['invoice_credited', 'invoice_to_pay', 'invoice_to_pay'],
      books: ['sale 380000 USD', 'reversal 380000 USD', 'sale 380000 USD'],
    });
    expect(await customer.attachments()).toEqual(
      [...(await documents(first.body['id'])), invoice].map((one) => `${String(one?.['number'])}.pdf`).sort(),
    );
    const paid = await post(`/v1/orders/${String(second.body['id'])}/offline-payments`, {
      ...{ amountMinor: '380000', currency: 'USD', paidAt: '2026-10-05T14:00:00Z', reason: 'by transfer' },
      proof: { kind: 'bank-transfer', reference: randomUUID() },
    });
    expect(paid.status).toBe(202);
    await given.fleet.settle();
    const after = await documents(second.body['id']);
    expect(after).toEqual([{ ...invoice, paidAt: expect.any(String) }]);
    expect(await customer.entitlements()).toMatchObject({ plan: 'enterprise', seats: 10 });
    expect(await customer.story()).toMatchObject({
      ...{ orders: ['cancelled', 'fulfilled'], attempts: ['succeeded'], dead: [] },
      books: ['sale 380000 USD', 'reversal 380000 USD', 'sale 380000 USD', 'charge 380000 USD'],
    });
  });

  test('takes a running subscription over by an upgrade, and prices its seats from then on', async () => {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const limits = { aiAgents: { kind: 'flat', amount: 700 } };
    const made = await contract(customer, { monthlyPriceMinor: '8000', seatsMin: 5, limits });
    // 5 seats × (80.00 − 35.00) × 6 months
    const upgrade = await customer.price({ kind: 'upgrade', plan: 'enterprise' });
    expect(upgrade).toMatchObject({ amountMinor: '135000', priceListId: made.body['priceListId'] });
    await customer.order({ quote: upgrade, token: 'tok_visa' });
    await given.fleet.settle();
    const seats = await customer.price({ kind: 'add-seats', seats: 2 });
    expect(seats).toMatchObject({ amountMinor: '96000' });
    await customer.order({ quote: seats, token: 'tok_visa' });
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({
      ...{ plan: 'enterprise', seats: 7, endsOn: '2027-04-05' },
      limits: { aiAgents: { amount: 700 } },
    });
    const withdrawn = await post(`/v1/contracts/${String(made.body['id'])}/withdrawal`, { reason: 'a mistake' });
    expect(withdrawn.body).toMatchObject({ status: 409, code: 'contract_used' });
  });

  test('is withdrawn while nothing was ordered under it, and a newer one takes the place of an older one', async () => {
    const customer = await given.customer('US');
    const wish = { plan: 'enterprise', seats: 10, periodMonths: 12 };
    const limits = { leads: { kind: 'unlimited' } };
    const first = await contract(customer, { monthlyPriceMinor: '9000', limits });
    const held = (await quote(customer, wish)).body;
    const second = await contract(customer, { monthlyPriceMinor: '7000' });
    expect((await quote(customer, wish)).body).toMatchObject({ amountMinor: '700000' });
    const earlier = await contract(customer, { validFrom: '2026-09-30' });
    expect(earlier.body).toMatchObject({ status: 409, code: 'contract_not_newer' });
    for (const { body } of [first, second, second]) {
      const gone = await post(`/v1/contracts/${String(body['id'])}/withdrawal`, { reason: 'a mistake' });
      expect([gone.status, typeof gone.body['withdrawnAt']]).toEqual([200, 'string']);
    }
    expect((await quote(customer, wish)).body).toMatchObject({ code: 'plan_on_request' });
    // What was quoted is honoured to its end, with the limits and the price of the contract that is gone.
    expect(held).toMatchObject({ amountMinor: '900000' });
    await customer.order({ quote: held, token: 'tok_visa' });
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({
      ...{ plan: 'enterprise', seats: 10, limits: { leads: 'unlimited' } },
    });
  });

  test('that the catalogue could not sell is refused with everything that is wrong with it', async () => {
    const customer = await given.customer('BR');
    const faulty = await contract(customer, {
      ...{ plan: 'gold', monthlyPriceMinor: '100000000000', seatsMin: 10_000, periodMonths: [12, 7] },
      limits: { wishes: { kind: 'unlimited' } },
    });
    expect(faulty.status).toBe(422);
    const errors = faulty.body['errors'] as { code: string; field: string }[];
    expect(errors.map(({ field }) => field).sort()).toEqual([
      'limits.wishes',
      'monthlyPriceMinor',
      'periodMonths[1]',
      'plan',
    ]);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['contract_invalid']));
    const unknown = await contract(customer, { requestId: randomUUID() });
    expect(unknown.body).toMatchObject({ status: 404, code: 'enterprise_request_unknown' });
  });
});
