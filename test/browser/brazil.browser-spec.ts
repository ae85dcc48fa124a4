import { expect, test } from '@jest/globals';
import { inBrowser } from './support/in-browser.js';
import type { Person } from './support/person.js';
import { confirmPayment, payByCard } from './support/provider-page.js';
import { fillTaxpayer } from './support/taxpayer.js';

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

  test('in the dark the code stays black on white', async () => {
    const customer = await stage.customer('BR');
    const orderId = await customer.order({ method: 'pix' });
    await customer.checkout(orderId);
    const person = await stage.person({ customer, isDark: true, to: `/billing/pay/${orderId}` });
    await person.isAt('pay.titles.pix');
    await person.provesSound();
    const colours = await person.page.getByRole('img', { name: person.text('pix.qr') }).evaluate(fillsOf);
    expect(colours).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
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
});
