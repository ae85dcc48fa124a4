import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call, CPF as taxpayer } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';

type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly actions: readonly string[] };
type Page = { readonly orders: readonly Row[]; readonly next: string | null };

inEveryMode('Order history', (given) => {
  const ask = (customer: Pick<Customer, 'id'>, query = '', apiKey = given.fleet.apiKey): Promise<Answer> =>
    call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/orders${query}`, { apiKey });
  const page = async (customer: Customer, query = ''): Promise<Page> => {
    const { status, body } = await ask(customer, query);
    expect({ status, query }).toEqual({ status: 200, query });
    return body as unknown as Page;
  };
  const idsOf = async (customer: Customer, query = ''): Promise<readonly string[]> =>
    (await page(customer, query)).orders.map(({ id }) => id);

  /** The lines of an export. */
  async function fileOf(customer: Customer, query: string): Promise<{ headers: Headers; lines: readonly string[] }> {
    const response = await fetch(
      `http://127.0.0.1:${String(given.fleet.config.port)}/v1/workspaces/${customer.id}/orders.csv${query}`,
      { headers: { authorization: `Bearer ${given.fleet.apiKey}` } },
    );
    expect(response.status).toBe(200);
    return { headers: response.headers, lines: (await response.text()).trimEnd().split('\r\n') };
  }

  test('shows every order in the words for people, narrowed and page by page', async () => {
    const customer = await given.customer('BR');
    expect(await page(customer)).toEqual({ orders: [], next: null });
    const replaced = await customer.order({ method: 'pix', taxpayer });
    const bought = await customer.order({ token: 'tok_visa', taxpayer });
    await given.fleet.settle();
    const refund = await customer.price({ kind: 'refund', seats: 2 });
    const reduction = { seats: 3, reason: 'two people left', refund: 'rest', quoteId: refund['id'] };
    const reduced = await call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/seat-reductions`, {
      body: reduction,
      key: randomUUID(),
    });
    expect(reduced.status).toBe(201);
    await given.fleet.settle();
    const declined = await customer.order({
      quote: await customer.price({ kind: 'add-seats', seats: 1 }),
      token: 'tok_declined_funds',
      taxpayer,
    });
    const upgrade = await customer.price({ kind: 'upgrade', plan: 'pro' });
    const waiting = await customer.order({ quote: upgrade, taxpayer });
    await given.fleet.settle();
    const all = await page(customer);
    expect(all.next).toBeNull();
    expect(all.orders).toMatchObject([
      { id: waiting, kind: 'upgrade', plan: 'pro', planName: 'Pro', status: 'awaiting_payment', paidBy: 'card' },
      { id: declined, kind: 'add-seats', status: 'failed', statusText: 'Falhou', refundedMinor: '0' },
      { id: bought, status: 'partly_refunded', statusText: 'Reembolsado em parte', seats: 5, actions: [] },
      { id: replaced, status: 'cancelled', statusText: 'Cancelado', paidBy: 'pix', expiresAt: null, actions: [] },
    ]);
    const [newest, failed, paid] = all.orders;
    expect(newest?.actions).toEqual(['pay', 'pay-another-way', 'cancel']);
    expect(failed?.actions).toEqual(['pay', 'pay-another-way', 'cancel']);
    expect(paid?.['refundedMinor']).toBe(reduced.body['refundMinor']);
    expect(paid?.['href']).toBe(`/v1/orders/${bought}`);
    expect((await page(customer, '?language=en&status=failed')).orders).toMatchObject([
      { statusText: 'Failed', kindText: 'Added seats', paidByText: 'Card' },
    ]);

    expect(await idsOf(customer, '?status=partly_refunded,cancelled')).toEqual([bought, replaced]);
    expect(await idsOf(customer, '?kind=upgrade,add-seats&paidBy=card')).toEqual([waiting, declined]);
    expect(await idsOf(customer, '?paidBy=pix')).toEqual([replaced]);
    expect(await idsOf(customer, `?text=%23${String(paid?.['number'])}`)).toEqual([bought]);
    expect(await idsOf(customer, '?text=PRO')).toEqual([waiting]);
    expect(await idsOf(customer, '?text=%25')).toEqual([]);
    const dayOf = (instant: unknown): string =>
      new Intl.DateTimeFormat('sv', { timeZone: 'America/Sao_Paulo' }).format(new Date(String(instant)));
    const [first, last] = [dayOf(all.orders.at(-1)?.['placedAt']), dayOf(newest?.['placedAt'])];
    expect(await idsOf(customer, `?placedFrom=${first}&placedTo=${last}`)).toHaveLength(4);
    expect(await idsOf(customer, '?placedTo=2020-01-01')).toEqual([]);

    const detail = async (id: string, query = ''): Promise<Answer['body']> =>
      (await call(given.fleet, 'GET', `/v1/orders/${id}${query}`)).body;
    const told = ({ history = [] }: { readonly history?: unknown }): readonly string[] =>
      (history as readonly Readonly<Record<string, string>>[]).map(({ kind, status }) =>
        status === undefined ? String(kind) : `${String(kind)} ${status}`,
      );
    const full = await detail(bought);
    // Who is asked first what became of the charge, the provider or its webhook, makes no difference to anybody.
    const asItWas = told(full).filter((what) => what !== 'attempt pending' && what !== 'document');
    expect(asItWas).toEqual([
      ...['placed', 'attempt submitting', 'attempt succeeded', 'paid', 'applied', 'refund owed', 'refund succeeded'],
    ]);
    expect(full).toMatchObject({ id: bought, status: 'fulfilled', shown: paid, refunds: [{ status: 'succeeded' }] });
    const kinds = (paid?.['documents'] as readonly { type: string }[]).map(({ type }) => type);
    expect([kinds, told(full).filter((what) => what === 'document')]).toEqual([
      ['invoice', 'credit_note'],
      ['document', 'document'],
    ]);
    const instants = (full['history'] as readonly { at: string }[]).map(({ at }) => at);
    expect(instants).toEqual([...instants].sort());
    expect(told(await detail(replaced))).toContain('cancelled');
    const reasonOf = async (query: string): Promise<unknown> => {
      const { history } = await detail(declined, query);
      const entries = history as readonly { decline?: { reason: string } | null }[];
      return entries.flatMap(({ decline }) => decline?.reason ?? [])[0];
    };
    expect(await reasonOf('')).toBe('Não havia saldo suficiente.');
    expect(await reasonOf('?language=en')).toBe('There was not enough money available.');

    const exported = await fileOf(customer, '?bom=true&status=partly_refunded,failed');
    expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(exported.lines.map((line) => line.split(',').slice(-5, -1))).toEqual([
      ['Reembolsado', 'Status', 'Forma de pagamento', 'Parcelas'],
      ['0.00', 'Falhou', 'Cartão', '1'],
      [
        `${String(paid?.['refundedMinor']).slice(0, -2)}.${String(paid?.['refundedMinor']).slice(-2)}`,
        'Reembolsado em parte',
        'Cartão',
        '1',
      ],
    ]);
    expect((await fileOf(customer, '?language=en')).lines).toHaveLength(5);

    const before = await page(customer, '?limit=2');
    const newer = await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }), taxpayer });
    expect(await idsOf(customer, `?limit=2&after=${String(before.next)}`)).toEqual([bought, replaced]);
    expect((await page(customer, '?limit=1')).orders).toMatchObject([{ id: newer }]);
  });

  test('is for the people of the workspace, who are offered what their role may do', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order();
    await given.fleet.settle();
    const keyOf = (role: 'member' | 'billing-contact'): Promise<string> =>
      given.fleet.addApiKey(['publish', 'read'], customer.id, role);
    const offered = async (apiKey: string): Promise<unknown> =>
      ((await ask(customer, '', apiKey)).body as unknown as Page).orders[0]?.actions;
    expect(await offered(await keyOf('member'))).toEqual([]);
    expect(await offered(await keyOf('billing-contact'))).toEqual(['pay', 'pay-another-way']);
    const stranger = await given.customer('US');
    const strange = await given.fleet.addApiKey(['read'], stranger.id);
    expect((await ask(customer, '', strange)).body).toMatchObject({ status: 404, code: 'not_found' });
    const export404 = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/orders.csv`, { apiKey: strange });
    expect(export404.body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await ask({ id: randomUUID() })).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await ask({ id: randomUUID() }, '?placedFrom=2026-01-01')).body).toMatchObject({ status: 404 });
    const own = ((await ask(customer)).body as unknown as Page).orders;
    expect(own.map(({ id }) => id)).toEqual([orderId]);
    for (const [query, field] of [
      ['?limit=0', 'limit'],
      ['?limit=101', 'limit'],
      ['?limit=1e1', 'limit'],
      ['?after=AAAA', 'after'],
      ['?status=paid,', 'status.1'],
      ['?status=fulfilled', 'status.0'],
      ['?kind=purchase%00', 'kind.0'],
      ['?paidBy=cash', 'paidBy'],
      ['?placedFrom=2026-02-30', 'placedFrom'],
      ['?placedFrom=2026-02-02&placedTo=2026-02-01', 'placedTo'],
      ['?text=', 'text'],
      ['?text=%00', 'text'],
      [`?text=${'a'.repeat(101)}`, 'text'],
      ['?language=fr', 'language'],
      ['?sort=asc', 'sort'],
      ['?status=paid&status=failed', 'status'],
    ] as const) {
      const { status, body } = await ask(customer, query);
      expect({ query, status, field: body['field'] }).toEqual({ query, status: 400, field });
    }
  });
});
