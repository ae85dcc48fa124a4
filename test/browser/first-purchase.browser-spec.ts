import { expect, test } from '@jest/globals';
import { until } from '../support/until.js';
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

  test('is found again among all orders, with its invoice as PDF and the list as CSV', async () => {
    const customer = await stage.customer();
    await customer.order({ token: 'tok_visa' });
    await stage.fleet.settle();
    await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }) });
    await stage.fleet.settle();
    const [document] = await stage.fleet.sql<{ number: string }>(
      `select number from document where workspace_id = $1`,
      [customer.id],
    );
    const number = document?.number ?? 'no invoice';
    const person = await stage.person({ customer });
    await person.link('tabs.orders').click();
    const rows = person.page.locator('tbody tr');
    await until('both orders are listed', async () => (await rows.count()) === 2);
    await person.field('orders.status').selectOption('paid');
    await until('one is left', async () => (await rows.count()) === 1);
    expect(new URL(person.page.url()).searchParams.get('status')).toBe('paid');
    await person.page.reload();
    await person.isReady();
    expect(await rows.count()).toBe(1);
    await person.provesSound();

    const invoice = person.page.getByRole('link', { name: number });
    const pdf = await person.downloads(invoice);
    expect([pdf.name, pdf.bytes.subarray(0, 5).toString()]).toEqual([`${number}.pdf`, '%PDF-']);
    const csv = await person.downloads(person.link('orders.csv'));
    const lines = csv.bytes.toString().trim().split(/\r?\n/);
    expect([csv.name, lines.length]).toEqual(['orders.csv', 2]);
    expect(lines[1]).toContain('1050.00');

    await person.field('orders.kind').selectOption('renewal');
    await person.sees('orders.noneFit');
    await person.provesSound();
    await person.button('orders.clear').click();
    await until('all are listed again', async () => (await rows.count()) === 2);
    // Another language than that of the workspace: its PDF is drawn when it is asked for.
    await person.speaks('es');
    await rows
      .last()
      .getByRole('link', { name: person.text('order.title') })
      .first()
      .click();
    await person.isAt('order.documents');
    const spanish = await person.downloads(person.page.getByRole('link', { name: number }));
    expect(spanish.name).toBe(`${number}.pdf`);
    expect(spanish.bytes.equals(pdf.bytes)).toBe(false);
    await person.provesSound();
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
