import { expect, test } from '@jest/globals';
import type { Customer } from '../support/customer.js';
import { until } from '../support/until.js';
import { inBrowser } from './support/in-browser.js';
import type { Person } from './support/person.js';
import { payByCard } from './support/provider-page.js';

/** Its bank refuses it for good. */
const STOLEN_CARD = '4000 0000 0000 0002';

inBrowser('a change of a subscription', (stage) => {
  /** Has Base for five users, for six months, by a stored card. */
  async function subscribed(): Promise<Customer> {
    const customer = await stage.customer();
    await customer.order({ quote: await customer.quote({ plan: 'base' }), token: 'tok_visa' });
    await stage.fleet.settle();
    return customer;
  }

  /** From a choice that is priced to an order that was carried out, by the stored card. */
  async function pays(person: Person): Promise<void> {
    await person.link('choose.continue').click();
    await person.isAt('checkout.payTitle');
    await person.provesSound();
    await person.button('checkout.toReview').click();
    await person.isAt('review.title');
    await person.provesSound();
    await person.button('review.payStored').click();
    await person.isAt('pay.titles.applied');
    await person.provesSound();
    await person.link('failed.toPlan').click();
    await person.isAt('tabs.plan');
  }

  test('upgrade: the difference for the days that are left, shown as arithmetic, and the end stays', async () => {
    const person = await stage.person({ customer: await subscribed() });
    await person.provesSound();
    await person.link('plan.upgrade').click();
    await person.isAt('choose.plansTitle');
    await person.provesSound();
    await person.link('choose.upgradeTo', { plan: 'Advanced' }).click();
    await person.link('choose.continue').waitFor();
    await person.seesText(/5 × .*182 .*182/);
    await person.provesSound();
    await pays(person);
    await person.seesText('Advanced');
    expect(await person.customer.entitlements()).toMatchObject({ plan: 'advanced', seats: 5, endsOn: '2027-04-05' });
  });

  test('added seats, more by the button and typed', async () => {
    const person = await stage.person({ customer: await subscribed() });
    await person.link('plan.addSeats').click();
    await person.isAt('choose.titles.add-seats');
    await person.button('choose.oneMore').click();
    await person.field('choose.seats').fill('9');
    await until('the price is that of four', async () => (await person.read()).includes('4 ×'));
    await person.provesSound();
    await pays(person);
    expect(await person.customer.entitlements()).toMatchObject({ plan: 'base', seats: 9 });
  });

  test('extension: barred with the reason while automatic renewal is on, and bought once that is off', async () => {
    const person = await stage.person({ customer: await subscribed() });
    const extend = person.button('plan.extend');
    expect(await extend.getAttribute('aria-disabled')).toBe('true');
    await person.sees('extensionBars.auto_renewal_on');
    await person.page.getByRole('switch').click({ force: true });
    await person.sees('renewal.thenOff');
    await person.provesSound();
    await person.button('renewal.yesOff').click();
    await person.sees('renewal.off');
    await person.link('plan.extend').click();
    await person.isAt('choose.titles.extension');
    await person.link('choose.continue').waitFor();
    await person.provesSound();
    await pays(person);
    expect(await person.customer.entitlements()).toMatchObject({ endsOn: '2027-10-05', autoRenewal: false });
    await person.page.getByRole('switch').click({ force: true });
    await person.sees('renewal.thenOn');
    await person.button('renewal.yesOn').click();
    await person.sees('renewal.on');
    expect(await person.customer.entitlements()).toMatchObject({ autoRenewal: true });
    await stage.fleet.settle();
    expect((await person.customer.story()).mails).toEqual([
      ...['auto_renewal_switched', 'auto_renewal_switched', 'receipt', 'receipt'],
    ]);
  });

  test('a lower plan is planned for the next term, with what is lost, and taken back', async () => {
    const customer = await subscribed();
    await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }), token: 'tok_visa' });
    await stage.fleet.settle();
    const person = await stage.person({ customer, to: '/billing/plans' });
    await person.link('choose.downgradeTo', { plan: 'Base' }).click();
    await person.isAt('choose.titles.scheduled-change');
    await person.sees('loss.title');
    await until('it can be planned', () => person.button('choose.schedule').isEnabled());
    await person.provesSound();
    await person.button('choose.schedule').click();
    await person.isAt('scheduled.title');
    await person.provesSound();
    await person.button('scheduled.undo').click();
    await until('it is gone', async () => !(await person.read()).match(person.text('scheduled.title')));
    expect(await customer.entitlements()).toMatchObject({ plan: 'pro' });
  });

  test('AI credits: the effect is shown before they are bought', async () => {
    const person = await stage.person({ customer: await subscribed(), to: '/billing/add-ons' });
    await person.sees('addOns.ownedNone');
    await person.provesSound();
    await person.link('addOns.buy').first().click();
    await person.isAt('choose.titles.add-on');
    await person.link('choose.continue').waitFor();
    await person.sees('addOns.effect');
    await person.provesSound();
    await pays(person);
    await person.open('/billing/add-ons');
    await person.isReady();
    await person.sees('addOns.ownedUntil');
    await person.provesSound();
  });

  test('a payment that is declined, and the same order paid with another card', async () => {
    const customer = await stage.customer();
    const orderId = await customer.order({ quote: await customer.quote(), token: 'tok_declined_funds' });
    await stage.fleet.settle();
    const person = await stage.person({ customer });
    await person.sees('declines.insufficient_funds');
    await person.provesSound();
    await person.link('unpaid.another').click();
    await person.isAt('pay.howTitle');
    await person.provesSound();
    await person.button('pay.payThisWay').click();
    person.faults.want(402, '/pay/');
    await payByCard(person.page, STOLEN_CARD);
    await stage.fleet.settle();
    await person.open(`/billing/pay/${orderId}`);
    await person.sees('declineCodes.stolen_card');
    await person.sees('problemNotice.noMoney');
    await person.provesSound();
    await person.button('pay.payThisWay').click();
    await payByCard(person.page);
    await person.sees('orderStatus.fulfilled');
    expect(await customer.story()).toMatchObject({
      ...{ orders: ['fulfilled'], attempts: ['declined', 'declined', 'succeeded'] },
      books: ['charge 105000 USD', 'sale 105000 USD'],
    });
  });

  test('another payment method takes the place of the stored one, and automatic renewal stays as it is', async () => {
    const customer = await subscribed();
    const person = await stage.person({ customer, to: '/billing/plan?action=update-method' });
    await person.seesText(/Visa.*4242/);
    await person.sees('method.replaceLead');
    await person.provesSound();
    await person.link('method.replace').click();
    await person.page.getByRole('link', { name: 'Visa 4242 (declined)' }).click();
    await person.sees('method.outcomes.declined');
    await person.provesSound();
    await person.button('method.done').click();
    await person.seesText(/Visa.*4242/);
    await person.link('method.replace').click();
    await person.page.getByRole('link', { name: 'Mastercard 4444' }).click();
    await person.sees('method.outcomes.stored');
    await person.seesText(/Mastercard.*4444/);
    await person.sees('renewal.on');
    await person.provesSound();
    await stage.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ autoRenewal: true });
    expect(await customer.story()).toMatchObject({ books: ['charge 75000 USD', 'sale 75000 USD'] });
  });
});
