import { expect, test } from '@jest/globals';
import { inBrowser } from './support/in-browser.js';
import { payByCard } from './support/provider-page.js';
import { fillTaxpayer } from './support/taxpayer.js';

inBrowser('what was filled in wrongly', (stage) => {
  test('the Enterprise form says what is missing and what is wrong at the field, keeps the rest, and sends once it is right', async () => {
    const person = await stage.person({ customer: await stage.customer('MX'), to: '/billing/enterprise?seats=80' });
    await person.field('talk.name').fill('');
    await person.field('talk.message').fill('Dos oficinas.');
    await person.button('talk.send').click();
    await person.sees('faults.missing');
    await person.hasFocus(person.field('talk.name'));
    await person.field('talk.name').fill('Ana Souza');
    await person.field('talk.email').fill('ana at customer');
    person.faults.want(400, '/v1/enterprise-requests');
    await person.button('talk.send').click();
    await person.sees('faults.email');
    await person.hasFocus(person.field('talk.email'));
    expect(await person.field('talk.email').inputValue()).toBe('ana at customer');
    expect(await person.field('talk.message').inputValue()).toBe('Dos oficinas.');
    await person.provesSound();
    await person.field('talk.email').fill('ana@customer.example');
    await person.button('talk.send').click();
    await person.isAt('talk.sentTitle');
    await person.provesSound();
    await stage.fleet.settle();
    const rows = await stage.fleet.sql(`select contact, seats from enterprise_request where workspace_id = $1`, [
      person.customer.id,
    ]);
    expect(rows).toMatchObject([{ contact: { name: 'Ana Souza', email: 'ana@customer.example' }, seats: 80 }]);
  });

  test('the details of a taxpayer: what is missing is said before anything is sent', async () => {
    const person = await stage.person({
      customer: await stage.customer('BR'),
      to: '/billing/change?kind=purchase&plan=base&seats=1&period=6',
    });
    await person.link('choose.continue').click();
    await person.isAt('checkout.payTitle');
    await fillTaxpayer(person);
    await person.field('payer.fullName').fill('');
    await person.button('checkout.toReview').click();
    await person.sees('faults.missing');
    await person.hasFocus(person.field('payer.fullName'));
    expect(await person.field('payer.taxId').inputValue()).toBe('529.982.247-25');
    await person.provesSound();
  });

  test('invoice details: what the gateway refuses is said at the field', async () => {
    const person = await stage.person({ to: '/billing/change?kind=purchase&plan=base&seats=1&period=6' });
    await person.link('choose.continue').click();
    await person.isAt('checkout.payTitle');
    await person.field('payer.wantsInvoice').click();
    await person.field('payer.company').fill('Northwind Studio LLC');
    await person.field('payer.invoiceEmail').fill('books at northwind');
    person.faults.want(400, '/v1/workspaces/');
    await person.button('checkout.toReview').click();
    await person.sees('faults.email');
    await person.hasFocus(person.field('payer.invoiceEmail'));
    expect(await person.field('payer.company').inputValue()).toBe('Northwind Studio LLC');
    await person.provesSound();
    await person.field('payer.invoiceEmail').fill('books@northwind.example');
    await person.button('checkout.toReview').click();
    await person.isAt('review.title');
    await person.button('review.order').click();
    await payByCard(person.page);
    await person.sees('orderStatus.fulfilled');
  });

  test('billing details, apart from any order: a tax number that is wrong is said at its field, and the rest is kept', async () => {
    const customer = await stage.customer('MX');
    const person = await stage.person({ customer, to: '/billing/details' });
    await person.field('payer.wantsInvoice').click();
    await person.field('payer.company').fill('Cafetería Luna');
    await person.field('payer.country').fill('DE');
    await person.field('payer.taxNumber').fill('DE12');
    person.faults.want(422, '/v1/workspaces/');
    await person.button('details.save').click();
    await person.sees('faults.taxNumber');
    await person.hasFocus(person.field('payer.taxNumber'));
    expect(await person.field('payer.taxNumber').inputValue()).toBe('DE12');
    expect(await person.field('payer.company').inputValue()).toBe('Cafetería Luna');
    await person.provesSound();
    await person.field('payer.taxNumber').fill('DE136695976');
    await person.button('details.save').click();
    await person.isAt('tabs.plan');
    await person.open('/billing/details');
    await person.isReady();
    expect(await person.field('payer.taxNumber').inputValue()).toBe('DE136695976');
  });

  test('a number of seats that is not sold is brought back to one that is', async () => {
    const person = await stage.person({ to: '/billing/change?kind=purchase&plan=base&seats=1&period=6' });
    await person.field('choose.seats').fill('20000');
    await person.sees('faults.range', { min: '1', max: '10,000' });
    await person.hasFocus(person.field('choose.seats'));
    await person.field('choose.seats').blur();
    await person.link('choose.continue').waitFor();
    expect(await person.field('choose.seats').inputValue()).toMatch(/^10,?000$/);
    await person.provesSound();
  });
});
