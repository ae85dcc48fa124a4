import { expect, test } from '@jest/globals';
import { inBrowser } from './support/in-browser.js';
import type { Person } from './support/person.js';
import { confirmPayment, payByCard } from './support/provider-page.js';

inBrowser('a first purchase', (stage) => {
  /** Chooses Advanced for five users, for a year, and goes on to how it is paid. */
  async function chooses(person: Person): Promise<void> {
    await person.link('plan.explore').click();
    await person.isAt('choose.plansTitle');
    await person.provesSound();
    await person.link('choose.take', { plan: 'Advanced' }).click();
    await person.isAt('choose.titles.purchase');
    await person.field('choose.seats').fill('5');
    await person.page.getByRole('radio', { name: /^12 / }).click();
    await person.link('choose.continue').waitFor();
    await person.provesSound();
    await person.link('choose.continue').click();
    await person.isAt('checkout.payTitle');
  }

  async function reviews(person: Person): Promise<void> {
    await person.button('checkout.toReview').click();
    await person.isAt('review.title');
    await person.sees('review.noShortening');
    await person.provesSound();
  }

  test('elsewhere: by card, from the plans to an active plan', async () => {
    const person = await stage.person();
    await person.sees('plan.noneLead');
    await person.provesSound();
    await chooses(person);
    await person.provesSound();
    await reviews(person);
    await person.button('review.order').click();
    await payByCard(person.page);
    await person.isOn(/^\/billing\/(orders|pay)\//);
    await person.sees('orderStatus.fulfilled');
    await person.provesSound();
    await person.open('/billing/plan');
    await person.isReady();
    await person.seesText(/\$1,750\.00/);
    await stage.fleet.settle();
    await person.provesSound();
    expect(await person.customer.story()).toMatchObject({
      ...{ orders: ['fulfilled'], attempts: ['succeeded'], books: ['charge 175000 USD', 'sale 175000 USD'] },
      ...{ mails: ['receipt'], told: ['advanced × 5'] },
    });
  });

  test('elsewhere: by PayPal', async () => {
    const person = await stage.person();
    await chooses(person);
    await person.radio('checkout.ways.paypal').click();
    await reviews(person);
    await person.button('review.order').click();
    await confirmPayment(person.page);
    await person.isOn(/^\/billing\/(orders|pay)\//);
    await person.sees('orderStatus.fulfilled');
    expect(await person.customer.entitlements()).toMatchObject({ plan: 'advanced', seats: 5, autoRenewal: true });
  });
});
