import { expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { inBrowser } from './support/in-browser.js';
import type { Person } from './support/person.js';
import { GOOD_CARD, isAtProvider } from './support/provider-page.js';

const STEPS_MAX = 80;

inBrowser('by keyboard alone', (stage) => {
  /** Goes on with Tab until the focus is there. */
  async function reaches(person: Person, place: Locator): Promise<void> {
    await place.waitFor();
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      if (await person.isFocused(place)) return;
      await person.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never comes to ${String(place)}`);
  }

  async function follows(person: Person, place: Locator): Promise<void> {
    await reaches(person, place);
    expect(await person.showsFocus(place)).toBe(true);
    await person.page.keyboard.press('Enter');
  }

  /** From a priced choice to what was bought; `order` is the button that orders. */
  async function orders(person: Person, order: string): Promise<void> {
    await follows(person, person.link('choose.continue'));
    await person.isAt('checkout.payTitle');
    await person.hasFocus(person.page.getByRole('heading', { level: 1 }));
    await follows(person, person.button('checkout.toReview'));
    await person.isAt('review.title');
    await person.hasFocus(person.page.getByRole('heading', { level: 1 }));
    await follows(person, person.button(order));
  }

  async function types(person: Person, field: Locator, text: string): Promise<void> {
    await reaches(person, field);
    await person.page.keyboard.press('Control+A');
    await person.page.keyboard.type(text);
  }

  test('a newcomer buys, upgrades and adds seats', async () => {
    const person = await stage.person();
    await follows(person, person.link('plan.explore'));
    await person.isAt('choose.plansTitle');
    await follows(person, person.link('choose.take', { plan: 'Base' }));
    await person.isAt('choose.titles.purchase');
    await types(person, person.field('choose.seats'), '3');
    await reaches(person, person.page.getByRole('radio', { checked: true }));
    await person.page.keyboard.press('ArrowUp');
    await orders(person, 'review.order');
    await isAtProvider(person.page);
    await types(person, person.page.locator('#number'), GOOD_CARD);
    await person.page.keyboard.press('Enter');
    await person.sees('orderStatus.fulfilled');
    expect(await person.customer.entitlements()).toMatchObject({ plan: 'base', seats: 3 });

    await follows(person, person.link('tabs.plan'));
    await person.isAt('tabs.plan');
    await follows(person, person.link('plan.upgrade'));
    await person.isAt('choose.plansTitle');
    await follows(person, person.link('choose.upgradeTo', { plan: 'Pro' }));
    await person.isAt('choose.titles.upgrade');
    await orders(person, 'review.payStored');
    await person.isAt('pay.titles.applied');

    await follows(person, person.link('failed.toPlan'));
    await person.isAt('tabs.plan');
    await follows(person, person.link('plan.addSeats'));
    await person.isAt('choose.titles.add-seats');
    await types(person, person.field('choose.seats'), '5');
    await orders(person, 'review.payStored');
    await person.isAt('pay.titles.applied');
    expect(await person.customer.entitlements()).toMatchObject({ plan: 'pro', seats: 5 });
  });

  test('skips to the content, and a question that was asked is taken back by Escape', async () => {
    const customer = await stage.customer();
    await customer.order({ token: 'tok_visa' });
    await stage.fleet.settle();
    const person = await stage.person({ customer });
    await follows(person, person.link('frame.skip'));
    await person.hasFocus(person.page.locator('main'));
    await reaches(person, person.page.getByRole('switch'));
    await person.page.keyboard.press('Space');
    await person.sees('renewal.thenOff');
    await person.hasFocus(person.page.getByRole('group', { name: person.text('renewal.askOff') }));
    await person.page.keyboard.press('Escape');
    await person.page.getByText(person.text('renewal.thenOff')).waitFor({ state: 'detached' });
    expect(await customer.entitlements()).toMatchObject({ autoRenewal: true });
  });
});
