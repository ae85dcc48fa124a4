import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { call, CPF } from '../support/customer.js';
import type { Customer } from '../support/customer.js';
import { until } from '../support/until.js';
import { inBrowser } from './support/in-browser.js';
import type { Person } from './support/person.js';
import { confirmPayment, payByCard } from './support/provider-page.js';
import { fillTaxpayer } from './support/taxpayer.js';

const DAY_MS = 86_400_000;

type Part = { readonly ownerDocument: { readonly defaultView: { getComputedStyle(part: Part): { fill: string } } } };

/** The colours of a picture of squares on a ground; runs in the page. */
const fillsOf = (picture: Part & { querySelector(name: string): Part }): readonly string[] =>
  [picture.querySelector('rect'), picture.querySelector('path')].map(
    (part) => part.ownerDocument.defaultView.getComputedStyle(part).fill,
  );

inBrowser('a purchase in Brazil', (stage) => {
  /** Somebody who is about to say how he pays for Advanced, five users, twelve months. */
  async function atCheckout(): Promise<Person> {
    const person = await stage.person({
      customer: await stage.customer('BR'),
      to: '/billing/change?kind=purchase&plan=advanced&seats=5&period=12',
    });
    await person.link('choose.continue').click();
    await person.isAt('checkout.payTitle');
    return person;
  }

  test('by card in instalments, with the details of the taxpayer', async () => {
    const person = await atCheckout();
    await person.provesSound();
    await person.page.getByRole('combobox', { name: person.text('checkout.installments') }).selectOption('6');
    await fillTaxpayer(person);
    await person.provesSound();
    await person.button('checkout.toReview').click();
    await person.isAt('review.title');
    await person.seesText(/529\.982\.247-25/);
    await person.provesSound();
    await person.button('review.order').click();
    await payByCard(person.page);
    await person.isOn(/^\/billing\/(orders|pay)\//);
    await person.sees('orderStatus.fulfilled');
    await stage.fleet.settle();
    const [order] = await stage.fleet.sql<{ installments: number; taxpayer: { taxId: string } }>(
      `select installments, taxpayer from orders where workspace_id = $1`,
      [person.customer.id],
    );
    expect(order).toMatchObject({ installments: 6, taxpayer: { taxId: '52998224725' } });
    expect(await person.customer.story()).toMatchObject({ orders: ['fulfilled'], mails: ['receipt'] });
  });

  test('by Pix, paid in another tab: the page notices by itself', async () => {
    const person = await atCheckout();
    await person.radio('checkout.ways.pix').click();
    await person.sees('checkout.pixRenewal');
    await fillTaxpayer(person);
    await person.button('checkout.toReview').click();
    await person.isAt('review.title');
    await person.button('review.order').click();
    await person.isAt('pay.titles.pix');
    await person.sees('pix.lead');
    await person.provesSound();
    const code = await person.field('pix.code').inputValue();
    expect(code).toMatch(/^000201.+6304[0-9A-F]{4}$/);
    await person.button('pix.copy').click();
    await person.button('pix.copied').waitFor();
    expect(await person.page.evaluate<string>('navigator.clipboard.readText()')).toBe(code);
    const qr = await person.page.getByRole('img', { name: person.text('pix.qr') }).boundingBox();
    expect(Math.min(qr?.width ?? 0, qr?.height ?? 0)).toBeGreaterThanOrEqual(240);

    const [open] = await stage.fleet.sql<{ url: string }>(
      `select checkout_url as url from attempt where workspace_id = $1 and status = 'pending'`,
      [person.customer.id],
    );
    const tab = await person.openTab(open?.url ?? '');
    await confirmPayment(tab);
    await person.isAt('pay.titles.applied');
    await person.provesSound();
    expect(await person.customer.story()).toMatchObject({ orders: ['fulfilled'], attempts: ['succeeded'] });
  });

  test('on a phone the code to copy comes first; in the dark the picture stays black on white', async () => {
    const customer = await stage.customer('BR');
    const orderId = await customer.order({ method: 'pix' });
    await customer.checkout(orderId);
    const viewport = { width: 320, height: 700 };
    const person = await stage.person({ customer, isDark: true, viewport, to: `/billing/pay/${orderId}` });
    await person.isAt('pay.titles.pix');
    await person.provesSound();
    const [code, qr] = await Promise.all([
      person.field('pix.code').boundingBox(),
      person.page.getByRole('img', { name: person.text('pix.qr') }).boundingBox(),
    ]);
    expect((code?.y ?? 0) + (code?.height ?? 0)).toBeLessThanOrEqual(qr?.y ?? 0);
    expect(qr?.width ?? 0).toBeGreaterThanOrEqual(240);
    const colours = await person.page.getByRole('img', { name: person.text('pix.qr') }).evaluate(fillsOf);
    expect(colours).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
    // Said aloud, and not to be seen: at first until when, and again as it runs out.
    const isSaid = (key: string, count = '') =>
      person.page.getByText(person.text(key, count === '' ? {} : { count })).waitFor({ state: 'attached' });
    await isSaid('pix.saidStart');
    stage.fleet.clock.advanceMs(DAY_MS - 240_000);
    await person.page.reload();
    await isSaid('pix.saidLeft_other', '5');
  });

  test('whose CPF is wrong is told so at the field, with everything else kept and the focus there', async () => {
    const person = await atCheckout();
    await fillTaxpayer(person, '529.982.247-26');
    person.faults.want(422, '/v1/workspaces/');
    await person.button('checkout.toReview').click();
    await person.sees('faults.taxId');
    const taxId = person.page.getByRole('textbox', { name: person.text('payer.taxId') });
    expect(await taxId.inputValue()).toBe('529.982.247-26');
    expect(await person.field('payer.fullName').inputValue()).toBe('Ana Souza');
    await person.hasFocus(taxId);
    await person.provesSound();
    await taxId.fill('529.982.247-25');
    await person.button('checkout.toReview').click();
    await person.isAt('review.title');
    await person.button('review.order').click();
    await payByCard(person.page);
    await person.sees('orderStatus.fulfilled');
  });

  describe('a Pix code whose time is over', () => {
    type Late = {
      readonly customer: Customer;
      readonly orderId: string;
      readonly person: Person;
      readonly oldTab: Page;
    };

    /** Has ordered by Pix, and has the code open in the payer's app, the other tab, while its time passes. */
    async function letPass(ms: number): Promise<Late> {
      const customer = await stage.customer('BR');
      // As whoever orders on the page leaves them behind.
      await call(stage.fleet, 'PUT', `/v1/workspaces/${customer.id}/taxpayer-details`, { body: CPF });
      const orderId = await customer.order({ method: 'pix' });
      const oldPage = await customer.checkout(orderId);
      await stage.fleet.settle();
      const person = await stage.person({ customer, to: `/billing/pay/${orderId}` });
      await person.isAt('pay.titles.pix');
      const oldTab = await person.openTab(oldPage);
      stage.fleet.clock.advanceMs(ms);
      await until('the code is closed', async () => (await customer.look(orderId)).attempts[0]?.status === 'expired');
      return { customer, orderId, person, oldTab };
    }

    /** Gets another code for the same order, by one button. */
    async function getsNewCode({ person, customer, orderId }: Late): Promise<void> {
      await person.isAt('pay.titles.code-over');
      await person.seesText(/R\$\s4\.680,00/);
      await person.provesSound();
      await person.takesPicture('pix-code-over');
      await person.button('pix.newCode').click();
      await person.isAt('pay.titles.pix');
      const codes = (await customer.look(orderId)).attempts.map(({ pixCode }) => pixCode);
      expect(await person.field('pix.code').inputValue()).toBe(codes[1]);
      expect(codes[1]).not.toBe(codes[0]);
    }

    /** A bank may let money through all the same. */
    async function paysLate(tab: Page): Promise<void> {
      await stage.fleet.setFaults({ pixLate: 1 });
      await confirmPayment(tab);
      await stage.fleet.setFaults({});
    }

    const soldOnce = ['charge 468000 BRL', 'sale 468000 BRL'];

    test('gives way to a new one for the same order and price; a second payment, by the old one, goes back', async () => {
      const late = await letPass(DAY_MS + 60_000);
      const { customer, orderId, person, oldTab } = late;
      await getsNewCode(late);
      await confirmPayment(await person.openTab(await customer.checkout(orderId)));
      await person.isAt('pay.titles.applied');
      await paysLate(oldTab);
      await person.sees('told.double_payment');
      await person.sees('story.refunds.succeeded');
      await person.provesSound();
      await person.takesPicture('pix-paid-twice');
      await stage.fleet.settle();
      expect(await customer.story()).toMatchObject({
        ...{ orders: ['fulfilled'], attempts: ['succeeded', 'succeeded'] },
        books: [...soldOnce, 'charge 468000 BRL', 'refund 468000 BRL'],
      });
    });

    test('still pays its order while that stands, and the new one takes no money any more', async () => {
      const late = await letPass(DAY_MS + 60_000);
      const { customer, person, oldTab } = late;
      await getsNewCode(late);
      await paysLate(oldTab);
      await person.isAt('pay.titles.applied');
      await person.sees('told.oldWay');
      await person.provesSound();
      await stage.fleet.settle();
      expect(await customer.story()).toMatchObject({
        ...{ orders: ['fulfilled'], attempts: ['succeeded', 'cancelled'], books: soldOnce },
      });
    });

    test('gives nothing once its order has ended: the money goes back, and the same is ordered again by one button', async () => {
      const { customer, orderId, person, oldTab } = await letPass(8 * DAY_MS);
      await person.isAt('pay.titles.ended');
      await person.button('again.order').waitFor();
      await person.provesSound();
      await paysLate(oldTab);
      await person.isAt('pay.titles.returned');
      await person.sees('told.late_payment');
      await person.sees('again.same');
      await person.provesSound();
      await person.takesPicture('pix-paid-late');
      await person.button('again.order').click();
      await person.isAt('pay.titles.pix');
      const newId = new URL(person.page.url()).pathname.split('/').at(-1) ?? '';
      expect(newId).not.toBe(orderId);
      await confirmPayment(await person.openTab(await customer.checkout(newId)));
      await person.isAt('pay.titles.applied');
      await stage.fleet.settle();
      expect(await customer.story()).toMatchObject({
        ...{ orders: ['refunded', 'fulfilled'], attempts: ['succeeded', 'succeeded'] },
        books: ['charge 468000 BRL', 'refund 468000 BRL', ...soldOnce],
      });
    });
  });

  test('an order that waits is paid by card in as many parts as at its checkout', async () => {
    const customer = await stage.customer('BR');
    const orderId = await customer.order({ quote: await customer.quote({ periodMonths: 12 }), method: 'pix' });
    await customer.checkout(orderId);
    await stage.fleet.settle();
    const person = await stage.person({ customer, to: `/billing/pay/${orderId}?another=true` });
    await person.radio('checkout.ways.card').click();
    const parts = person.page.getByRole('combobox', { name: person.text('checkout.installments') });
    expect(await parts.locator('option').count()).toBe(12);
    await person.seesText(/R\$\s/);
    await parts.selectOption('6');
    await person.provesSound();
    await person.button('pay.payThisWay').click();
    await payByCard(person.page);
    await person.sees('orderStatus.fulfilled');
    const [paid] = await stage.fleet.sql<{ installments: number; method: string }>(
      `select installments, method from orders where id = $1`,
      [orderId],
    );
    expect(paid).toEqual({ installments: 6, method: 'card' });
  });
});
