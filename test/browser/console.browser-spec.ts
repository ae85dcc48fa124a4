import { expect, test } from '@jest/globals';
import { newId } from '@billfleet/billing';
import type { Page } from 'playwright-core';
import { linkMailed } from '../support/sign-in.js';
import { until } from '../support/until.js';
import { violationsOn } from './support/accessibility.js';
import { inBrowser } from './support/in-browser.js';

inBrowser('the support console', (stage) => {
  /** Somebody on the staff, who signs in by the link of a mail in a browser that nobody else uses. */
  async function signedIn(role: string): Promise<Page> {
    const email = `${role}-${newId().slice(-8)}@seller.example`;
    await stage.fleet.sql(`insert into staff_account (id, email, name, role) values ($1, $2, 'Bo Lima', $3)`, [
      ...[newId(), email, role],
    ]);
    const { page } = await stage.person();
    await page.goto(new URL('/support/sign-in', stage.fleet.config.publicUrl).href);
    await page.getByRole('textbox').fill(email);
    await page.getByRole('button').click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goto(new URL(await linkMailed(stage.fleet, email), stage.fleet.config.publicUrl).href);
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'Find a workspace' }).waitFor();
    return page;
  }

  async function isSound(page: Page): Promise<void> {
    await until('nothing is loading', async () => (await page.locator('[aria-busy="true"]').count()) === 0);
    expect(await violationsOn(page)).toEqual([]);
    expect(await page.locator('body').innerText()).not.toMatch(
      /\{\{|\bundefined\b|\bNaN\b|\[object|\b[a-z]+\.[a-z]+\.[a-z]+\b(?!\.)/,
    );
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(
      0,
    );
  }

  test('finds a workspace, takes seats and gives money back: shown before, with a reason, on record by name', async () => {
    const customer = await stage.customer();
    const order = await customer.order({ token: 'tok_visa' });
    await stage.fleet.settle();
    const page = await signedIn('support');
    await isSound(page);
    await page.getByRole('searchbox').fill(order);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'Northwind Studio' }).click();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    await isSound(page);

    await page.getByRole('button', { name: 'Take seats away' }).click();
    await page.getByText('goes back to the payment that it came from').waitFor();
    await page.getByRole('button', { name: 'Leave 4 seats' }).click();
    await page.getByText('Say why.').waitFor();
    await page.getByLabel('Reason').fill('one person left');
    await page.getByRole('button', { name: 'Leave 4 seats' }).click();
    await page.getByText('one person left').waitFor();
    await page
      .getByText(/staff Bo Lima/)
      .first()
      .waitFor();

    await page.getByRole('button', { name: 'Refund' }).click();
    await page.getByRole('radio', { name: 'Another amount' }).check();
    await page.getByLabel('Amount in USD').fill('12.345');
    await page.getByLabel('Reason').fill('they waited for long');
    await page.getByRole('button', { name: 'Refund', exact: true }).last().click();
    await page.getByText('no more decimals than the currency has').waitFor();
    await page.getByLabel('Amount in USD').fill('12.34');
    await page.getByText('$12.34 goes back').waitFor();
    await isSound(page);
    await page.getByRole('button', { name: 'Refund', exact: true }).last().click();
    const given = await until(
      'the refund is there',
      () =>
        stage.fleet.sql(`select amount_minor::text as minor from refund where order_id = $1 and reason = 'goodwill'`, [
          order,
        ]),
      { isDone: (rows) => rows.length > 0 },
    );
    expect(given).toEqual([{ minor: '1234' }]);
  });

  test('shows the page of a customer, where nothing can be changed', async () => {
    const customer = await stage.customer();
    await customer.order({ token: 'tok_visa' });
    await stage.fleet.settle();
    const page = await signedIn('viewer');
    await page.goto(new URL(`/support/workspaces/${customer.id}`, stage.fleet.config.publicUrl).href);
    await page.getByRole('link', { name: 'See its billing page' }).click();
    await page.getByText('Nothing can be changed here').waitFor();
    await page.getByRole('heading', { name: 'My plan' }).waitFor();
    await page.getByText('Advanced').first().waitFor();
    expect(await page.getByRole('switch').and(page.locator(':enabled')).count()).toBe(0);
    await page.getByRole('link', { name: 'Order history' }).click();
    await page.getByRole('heading', { name: 'Order history' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/support/workspaces/${customer.id}/page`);
  });

  test('talks about a contract, and tries work again', async () => {
    const customer = await stage.customer();
    const page = await signedIn('admin');
    await stage.fleet.sql(
      `insert into enterprise_request (id, workspace_id, contact, seats, message, requested_by) values ($1, $2, $3, 60, 'we grow', 'a test')`,
      [newId(), customer.id, JSON.stringify({ name: 'Rosa', email: 'rosa@customer.example' })],
    );
    await page.getByRole('link', { name: 'Enterprise' }).click();
    await page.getByText('we grow').waitFor();
    await isSound(page);
    await page.getByRole('button', { name: 'We are talking' }).click();
    await page.getByLabel('Reason').fill('called them');
    await page.getByRole('button', { name: 'We are talking' }).click();
    await page.getByText('Nobody is here.').waitFor();
    await page.getByText('in talks', { exact: true }).click();
    await page.getByRole('button', { name: 'Make a contract' }).click();
    await page.getByLabel('Price of one seat for one month, in USD').fill('38');
    await page.getByLabel('Reason').fill('agreed today');
    await page.getByText('$38.00 for one seat and month').waitFor();
    await isSound(page);
    await page.getByRole('button', { name: 'Make the contract' }).click();
    const made = (): Promise<readonly unknown[]> =>
      stage.fleet.sql(`select monthly_price_minor::text as minor from contract where workspace_id = $1`, [customer.id]);
    await until('the contract is there', made, { isDone: (rows) => rows.length === 1 });
    for (const place of ['Refunds and chargebacks', 'Owed work']) {
      await page.getByRole('link', { name: place }).click();
      await page.getByRole('heading', { name: place, level: 1 }).waitFor();
      await isSound(page);
    }
  });
});
