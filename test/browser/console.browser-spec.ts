import { expect, test } from '@jest/globals';
import { newId } from '@billfleet/billing';
import { until } from '../support/until.js';
import { laidDesk } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { inBrowser } from './support/in-browser.js';
import type { Person, Seat } from './support/person.js';
import { isTakingPictures } from './support/pictures.js';
import { signIn } from './support/staff.js';

const phone = { width: 320, height: 700 } as const;

/** As for the billing page: each look in another language, but for pictures all in English. */
const looks: readonly { readonly name: string; readonly seat: Seat }[] = [
  { name: 'light', seat: {} },
  { name: 'dark', seat: { isDark: true, locale: isTakingPictures ? 'en-US' : 'es-MX' } },
  { name: 'phone', seat: { viewport: phone, locale: isTakingPictures ? 'en-US' : 'pt-BR' } },
];

inBrowser('the support console', (stage) => {
  let desk: Desk;

  type Screen = {
    readonly name: string;
    readonly to: (desk: Desk) => string;
    /** What is pressed there before it is looked at, by the names of texts. */
    readonly press?: readonly string[];
  };
  const workspace = ({ customer }: Desk): string => `/support/workspaces/${customer.id}`;
  const screens: readonly Screen[] = [
    { name: 'console-find', to: () => '/support' },
    { name: 'console-found', to: () => '/support?q=north' },
    { name: 'console-found-nothing', to: () => '/support?q=nobody' },
    { name: 'console-workspace', to: workspace },
    { name: 'console-seats', to: workspace, press: ['seats.open'] },
    { name: 'console-refund', to: workspace, press: ['refund.open'] },
    { name: 'console-paid-outside', to: workspace, press: ['offline.open', 'offline.yes'] },
    { name: 'console-withdrawal', to: workspace, press: ['contracts.withdraw'] },
    { name: 'console-page', to: (at) => `${workspace(at)}/page` },
    { name: 'console-enterprise', to: () => '/support/enterprise', press: ['enterprise.moves.contacted'] },
    { name: 'console-money', to: () => '/support/money' },
    { name: 'console-decision', to: () => '/support/money', press: ['chargebacks.close.yes'] },
    { name: 'console-given-outside', to: () => '/support/money', press: ['outside.open'] },
    { name: 'console-work', to: () => '/support/work', press: ['work.retry.open'] },
  ];

  async function lookAt({ name, to, press = [] }: Screen, person: Person, look: string): Promise<void> {
    await person.open(to(desk));
    await person.isReady();
    // Of orders the first one is the last on the list; nothing stands against giving it back.
    for (const key of press) await person.button(`support.${key}`).last().click();
    await person.provesSound();
    await person.takesPicture(`${name}-${look}`);
  }

  test('every screen and form, in each look', async () => {
    desk = await laidDesk(stage);
    const walk = async ({ name, seat }: (typeof looks)[number]): Promise<void> => {
      const person = await signIn(stage, 'admin', { ...seat, customer: desk.customer });
      for (const screen of screens) await lookAt(screen, person, name);
    };
    // As for the billing page: one after the other where pictures are taken.
    if (isTakingPictures) for (const look of looks) await walk(look);
    else await Promise.all(looks.map(walk));
  });

  test('decides about a chargeback, gives a refund outside, takes a contract back, and tries work again', async () => {
    const person = await signIn(stage, 'admin');
    const { page } = person;
    await person.open('/support/money');
    await person.button('support.chargebacks.keep.yes').click();
    await page.getByLabel('Reason').fill('talked to the customer');
    await person.button('support.chargebacks.keep.yes').click();
    await person.sees('support.chargebacks.none');

    await person.button('support.outside.open').click();
    await page.getByLabel('Reason').fill('by transfer');
    await person.button('support.outside.yes').click();
    await person.sees('support.proof.referenceFault');
    // What is missing is where the focus is.
    await person.hasFocus(page.getByLabel('Amount that was given'));
    await page.getByLabel('Amount that was given').fill('50');
    await page.getByLabel('Reference of the payment').fill('TR-4711');
    await page.getByLabel('When it was given').fill('2026-10-05T09:30');
    await person.button('support.outside.yes').click();
    await person.sees('support.refunds.none');

    await person.open(`/support/workspaces/${desk.customer.id}`);
    await person.button('support.contracts.withdraw').click();
    await page.getByRole('cell', { name: 'as the catalogue says' }).waitFor();
    await page.getByLabel('Reason').fill('a better offer comes');
    await person.button('support.contracts.withdraw').click();
    await page.getByText('withdrawn', { exact: true }).first().waitFor();

    await person.button('support.work.retry.open').click();
    await page.getByLabel('Reason').fill('it is well again');
    await person.button('support.work.retry.yes').click();
    await person.sees('support.work.none.dead');
    const about = (action: string): RegExp => person.text(`support.actions.names.${action}`);
    for (const action of ['contract_withdraw', 'refund_give_outside']) await person.seesText(about(action));
    await person.provesSound();
    const entries = await stage.fleet.sql(
      `select action, outcome from ops_action where actor like 'staff Bo Lima%' and reason in ('by transfer', 'it is well again',
         'a better offer comes', 'talked to the customer') order by id`,
    );
    expect(entries).toEqual(
      ['chargeback.keep', 'refund.give-outside', 'contract.withdraw', 'work.retry'].map((action) => ({
        action,
        outcome: 'done',
      })),
    );
    await desk.customer.pay(desk.unpaid);
  });

  test('finds a workspace, takes seats and gives money back: shown before, with a reason, on record by name', async () => {
    const customer = await stage.customer();
    const order = await customer.order({ token: 'tok_visa' });
    await stage.fleet.settle();
    const person = await signIn(stage, 'support');
    const { page } = person;
    await page.getByRole('searchbox').fill(order);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'Northwind Studio' }).click();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();

    await page.getByRole('button', { name: 'Take seats away' }).click();
    await page.getByText('goes back to the payment that it came from').waitFor();
    await page.getByRole('button', { name: 'Leave 4 seats' }).click();
    await page.getByText('Say why.').waitFor();
    await person.hasFocus(page.getByLabel('Reason'));
    await page.getByLabel('Reason').fill('one person left');
    await page.getByRole('button', { name: 'Leave 4 seats' }).click();
    await page.getByText('one person left').waitFor();
    await page
      .getByText(/staff Bo Lima/)
      .first()
      .waitFor();
    await person.sees('support.actions.names.seats_reduce');
    await page.getByText('5 seats → 4 seats').waitFor();

    await page.getByRole('button', { name: 'Refund' }).click();
    await page.getByRole('radio', { name: 'Another amount' }).check();
    await page.getByLabel('Amount in USD').fill('12.345');
    await page.getByLabel('Reason').fill('they waited for long');
    await page.getByRole('button', { name: 'Refund', exact: true }).last().click();
    await page.getByText('no more decimals than the currency has').waitFor();
    await person.hasFocus(page.getByLabel('Amount in USD'));
    await page.getByLabel('Amount in USD').fill('12.34');
    await page.getByText('$12.34 goes back').waitFor();
    await person.provesSound();
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

  test('shows the page of a customer to somebody who only looks, with its invoices, where nothing can be changed', async () => {
    const customer = await stage.customer();
    await customer.order({ token: 'tok_visa' });
    await stage.fleet.settle();
    const person = await signIn(stage, 'viewer');
    const { page } = person;
    await person.open(`/support/workspaces/${customer.id}`);
    for (const key of ['refund.open', 'seats.open']) expect(await person.button(`support.${key}`).count()).toBe(0);
    await page.getByRole('link', { name: 'See its billing page' }).click();
    await page.getByText('Nothing can be changed here').waitFor();
    await page.getByRole('heading', { name: 'My plan' }).waitFor();
    await page.getByText('Advanced').first().waitFor();
    expect(await page.getByRole('switch').and(page.locator(':enabled')).count()).toBe(0);
    await page.getByRole('link', { name: 'Order history' }).click();
    await page.getByRole('heading', { name: 'Order history' }).waitFor();
    await page.getByRole('link', { name: 'See details' }).first().click();
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: /Invoice .*PDF/ }).click();
    expect(await (await file).failure()).toBeNull();
    expect(new URL((await file).url()).pathname).toMatch(/^\/support\/v1\/documents\//);
    expect(new URL(page.url()).pathname).toBe(`/support/workspaces/${customer.id}/page`);
    await person.open('/support/money');
    await person.sees('support.refunds.title');
    await person.provesSound();
  });

  test('talks about a contract that is priced while it is filled in', async () => {
    const customer = await stage.customer();
    const person = await signIn(stage, 'support');
    const { page } = person;
    await stage.fleet.sql(
      `insert into enterprise_request (id, workspace_id, contact, seats, message, requested_by) values ($1, $2, $3, 60, 'a hundred sites', 'a test')`,
      [newId(), customer.id, JSON.stringify({ name: 'Rosa', email: 'rosa@customer.example' })],
    );
    await page.getByRole('link', { name: 'Enterprise' }).click();
    const request = page.getByRole('region', { name: 'Request of' }).filter({ hasText: 'a hundred sites' });
    await request.getByRole('button', { name: 'We are talking' }).click();
    await request.getByRole('cell', { name: 'in talks' }).waitFor();
    await page.getByLabel('Reason').fill('called them');
    await request.getByRole('button', { name: 'We are talking' }).click();
    await request.waitFor({ state: 'detached' });
    await page.getByText('in talks', { exact: true }).click();
    await request.getByRole('button', { name: 'Make a contract' }).click();
    person.faults.want(422, '/support/v1/contracts/preview');
    await page.getByLabel('Price of one seat for one month, in USD').fill('38');
    // 60 seats at 38.00, of whose 12 months ten are paid.
    await page.getByText('60 seats for 12 months: $22,800.00').waitFor();
    await page.getByLabel('Plan').fill('nothing');
    await page.getByText(/contract_invalid/).waitFor();
    await page.getByLabel('Plan').fill('enterprise');
    await page.getByText('60 seats for 24 months: $41,040.00').waitFor();
    await page.getByLabel('Days until an invoice is due').fill('30');
    await page.getByLabel('Reason').fill('agreed today');
    await person.provesSound();
    await person.takesPicture('console-contract-light');
    await page.getByRole('button', { name: 'Make the contract' }).click();
    const made = (): Promise<readonly unknown[]> =>
      stage.fleet.sql(
        `select monthly_price_minor::text as minor, due_days as "dueDays" from contract where workspace_id = $1`,
        [customer.id],
      );
    expect(await until('the contract is there', made, { isDone: (rows) => rows.length === 1 })).toEqual([
      { minor: '3800', dueDays: 30 },
    ]);
    expect(await stage.fleet.sql(`select 1 from ops_action where action like '%preview%'`)).toEqual([]);
  });
});
