import { expect, test } from '@jest/globals';
import type { Route } from 'playwright-core';
import { inBrowser } from './support/in-browser.js';
import type { Person } from './support/person.js';
import { isAtProvider, payByCard } from './support/provider-page.js';

const CHOICE = '/billing/change?kind=purchase&plan=advanced&seats=5&period=6';

inBrowser('what is bought is bought once', (stage) => {
  /** Somebody who has only to press the button that orders. */
  async function aboutToOrder(): Promise<Person> {
    const person = await stage.person({ to: CHOICE });
    await person.link('choose.continue').click();
    await person.isAt('checkout.payTitle');
    await person.button('checkout.toReview').click();
    await person.isAt('review.title');
    return person;
  }
  const boughtOnce = {
    ...{ orders: ['fulfilled'], attempts: ['succeeded'], mails: ['receipt'] },
    books: ['charge 105000 USD', 'sale 105000 USD'],
  };

  test('by a double click', async () => {
    const person = await aboutToOrder();
    await person.button('review.order').dblclick();
    await payByCard(person.page);
    await person.sees('orderStatus.fulfilled');
    await stage.fleet.settle();
    expect(await person.customer.story()).toMatchObject(boughtOnce);
  });

  test('by whoever goes back, from the page of the provider and from what was paid', async () => {
    const person = await aboutToOrder();
    const checkout = person.page.url();
    await person.button('review.order').click();
    await isAtProvider(person.page);
    await person.page.goBack();
    await person.isOn(/^\/billing\//);
    await person.open(new URL(checkout).pathname);
    await person.isAt('checkout.orderedTitle');
    await person.provesSound();
    await person.link('checkout.toOrder').click();
    await person.link('pay.goOn').click();
    await payByCard(person.page);
    await person.sees('orderStatus.fulfilled');
    await person.open(`${new URL(checkout).pathname}?step=review`);
    await person.isAt('checkout.orderedTitle');
    await stage.fleet.settle();
    expect(await person.customer.story()).toMatchObject(boughtOnce);
  });

  test('in two tabs', async () => {
    const person = await aboutToOrder();
    const other = await person.openTab(person.page.url());
    const order = other.getByRole('button', { name: person.text('review.order') });
    await order.waitFor();
    await Promise.all([order.click(), person.button('review.order').click()]);
    await Promise.all([isAtProvider(other), isAtProvider(person.page)]);
    expect(other.url()).toBe(person.page.url());
    await payByCard(other);
    await other.getByText(person.text('orderStatus.fulfilled')).first().waitFor();
    await person.open('/billing/plan');
    await person.seesText('Advanced');
    await stage.fleet.settle();
    expect(await person.customer.story()).toMatchObject(boughtOnce);
  });

  test('when an answer is lost: it says that nobody knows yet, and pressing again orders once', async () => {
    const person = await aboutToOrder();
    const losing = async (route: Route): Promise<void> => {
      await route.fetch();
      await route.abort('aborted');
    };
    await person.page.route('**/v1/orders', (route) => route.abort('aborted'), { times: 1 });
    await person.button('review.order').click();
    await person.sees('problems.connection_lost');
    await person.sees('problemNotice.unknownMoney');
    await person.provesSound();
    await person.page.route('**/v1/orders', losing, { times: 1 });
    await person.button('review.order').click();
    // It was ordered all the same, and the page hears of it.
    await person.isAt('checkout.orderedTitle');
    await person.link('checkout.toOrder').click();
    await person.link('pay.goOn').click();
    await payByCard(person.page);
    await person.sees('orderStatus.fulfilled');
    await stage.fleet.settle();
    expect(await person.customer.story()).toMatchObject(boughtOnce);
  });

  test('a price whose time is over is not ordered, and says so', async () => {
    const person = await stage.person({ to: CHOICE });
    await person.link('choose.continue').click();
    await person.isAt('checkout.payTitle');
    stage.fleet.clock.advanceMs(31 * 60_000);
    await person.page.reload();
    await person.isAt('checkout.overTitle');
    await person.provesSound();
    expect((await person.customer.story()).orders).toEqual([]);
  });
});
