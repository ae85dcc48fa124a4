import { expect, test } from '@jest/globals';
import { CNPJ } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

inEveryMode('First purchase', (given) => {
  test('by card on the hosted page gives seats, a receipt and word to the host product', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order();
    await customer.pay(orderId, { card: '4000 0000 0000 9995', isRefused: true });
    await customer.pay(orderId);
    await given.fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded'],
      mails: ['receipt'],
      told: ['advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
      dead: [],
    });
    expect(await customer.entitlements()).toMatchObject({
      status: 'active',
      plan: 'advanced',
      seats: 5,
      autoRenewal: true,
      startsOn: '2026-10-05',
      endsOn: '2027-04-05',
    });
  });

  test('by Pix with a CPF or an alphanumeric CNPJ is paid in BRL and does not renew by itself', async () => {
    const person = await given.customer('BR');
    const personal = await person.order({ method: 'pix' });
    await person.codeMailed();
    await person.pay(personal);
    expect((await person.look(personal)).attempts[0]?.pixCode).toMatch(/^000201/);
    const company = await given.customer('BR');
    const corporate = await company.order({ method: 'pix', taxpayer: CNPJ });
    await company.codeMailed();
    await company.pay(corporate);
    await given.fleet.settle();
    for (const customer of [person, company]) {
      expect(await customer.story()).toEqual({
        orders: ['fulfilled'],
        attempts: ['succeeded'],
        mails: ['order_to_pay', 'receipt'],
        told: ['advanced × 5'],
        books: ['charge 468000 BRL', 'sale 468000 BRL'],
        dead: [],
      });
      expect(await customer.entitlements()).toMatchObject({ status: 'active', autoRenewal: false });
    }
    const stored = await given.fleet.sql(`select taxpayer ->> 'taxId' as id from orders where id = $1`, [corporate]);
    expect(stored).toEqual([{ id: '12ABC34501DE35' }]);
  });

  test('by token that is declined says so by mail, and a new order by another card goes through', async () => {
    const customer = await given.customer('US');
    const declined = await customer.order({ token: 'tok_declined_funds' });
    await given.fleet.settle();
    expect((await customer.look(declined)).status).toBe('awaiting_payment');
    expect((await customer.look(declined)).attempts[0]?.status).toBe('declined');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['cancelled', 'fulfilled'],
      attempts: ['declined', 'succeeded'],
      mails: ['payment_declined', 'receipt'],
      told: ['advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
      dead: [],
    });
  });

  test('by a card whose bank takes its time is applied once the money is there', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order({ token: 'tok_slow' });
    await given.fleet.settle();
    expect((await customer.look(orderId)).status).toBe('awaiting_payment');
    given.fleet.ownClock.advanceMs(5_000);
    await until('the slow payment is applied', async () => (await customer.look(orderId)).status === 'fulfilled');
    await given.fleet.settle();
    expect((await customer.story()).mails).toEqual(['receipt']);
  });
});
