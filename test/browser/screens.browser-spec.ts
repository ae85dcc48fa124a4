import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Customer } from '../support/customer.js';
import { inBrowser } from './support/in-browser.js';
import type { Person, Seat } from './support/person.js';
import { isTakingPictures } from './support/pictures.js';

type Look = { readonly name: string; readonly country: 'US' | 'BR' | 'MX'; readonly seat: Seat };

const DAY_MS = 86_400_000;
const phone = { width: 320, height: 700 } as const;

/**
 * Each screen is looked at in the light on a desk, in the dark, and on the smallest phone; each time in another language. For pictures all
 * are in English, so that they fit the documents.
 */
const looks: readonly Look[] = [
  { name: 'light', country: 'US', seat: {} },
  { name: 'dark', country: isTakingPictures ? 'US' : 'MX', seat: { isDark: true } },
  { name: 'phone', country: isTakingPictures ? 'US' : 'BR', seat: { viewport: phone } },
];

type Screen = {
  readonly name: string;
  /** Brings the workspace to where it is shown, and answers the address. */
  readonly prepare: (customer: Customer) => Promise<string> | string;
  readonly seat?: Seat;
  /** Where the customer is, in every look; else as the look says. */
  readonly country?: 'BR';
  readonly more?: { readonly trialEndsOn?: string };
  /** What somebody does there before it is looked at. */
  readonly act?: (person: Person) => Promise<void>;
};

inBrowser('every screen and state', (stage) => {
  const buy = async (customer: Customer, token = 'tok_visa'): Promise<void> => {
    await customer.order({ token });
    await stage.fleet.settle();
  };
  const put = (customer: Customer, what: string, body: unknown): Promise<unknown> =>
    call(stage.fleet, 'PUT', `/v1/workspaces/${customer.id}/${what}`, { body });
  /** Two days on which the use grew, so that its end can be reckoned. */
  const grew = async (customer: Customer): Promise<string> => {
    await buy(customer);
    await report(customer, 1_000);
    stage.fleet.clock.advanceMs(2 * DAY_MS);
    await report(customer, 1_400);
    return '/billing/usage';
  };
  const report = async (customer: Customer, value: number): Promise<void> => {
    const body = { meter: 'leads', value, observedAt: stage.fleet.clock.now().toISOString() };
    await call(stage.fleet, 'POST', `/v1/workspaces/${customer.id}/usage`, { body, key: randomUUID() });
    await stage.fleet.settle();
  };
  const ended = async (customer: Customer, daysAfter: number): Promise<string> => {
    await buy(customer);
    await put(customer, 'auto-renewal', { on: false });
    const endsOn = String((await customer.entitlements())?.['endsOn']);
    const target = Date.parse(`${endsOn}T15:00:00Z`) + daysAfter * DAY_MS;
    stage.fleet.clock.advanceMs(target - stage.fleet.clock.now().getTime());
    await stage.fleet.settle();
    return '/billing/plan';
  };

  const screens: readonly Screen[] = [
    { name: 'plan-none', prepare: () => '/billing/plan' },
    { name: 'plan-trial', prepare: () => '/billing/plan', more: { trialEndsOn: '2026-10-15' } },
    {
      name: 'plan-active',
      prepare: async (customer) => {
        await buy(customer);
        return '/billing/plan';
      },
    },
    {
      name: 'plan-auto-renewal',
      prepare: async (customer) => {
        await buy(customer);
        return '/billing/plan?action=auto-renewal';
      },
    },
    {
      name: 'plan-declined',
      prepare: async (customer) => {
        await buy(customer, 'tok_declined_funds');
        return '/billing/plan';
      },
    },
    {
      name: 'plan-scheduled',
      prepare: async (customer) => {
        await buy(customer);
        const quote = await customer.price({ kind: 'scheduled-change', seats: 3, plan: 'base' });
        await put(customer, 'scheduled-change', { quoteId: quote['id'] });
        return '/billing/plan';
      },
    },
    {
      name: 'plan-as-member',
      seat: { role: 'member' },
      prepare: async (customer) => {
        await buy(customer);
        return '/billing/plan';
      },
    },
    { name: 'plans', prepare: () => '/billing/plans?seats=5&period=12' },
    { name: 'choice', prepare: () => '/billing/change?kind=purchase&plan=advanced&seats=5&period=12' },
    {
      name: 'choice-upgrade',
      prepare: async (customer) => {
        await buy(customer);
        return '/billing/change?kind=upgrade&plan=pro&seats=7';
      },
    },
    {
      name: 'checkout',
      prepare: async (customer) => `/billing/checkout/${String((await customer.quote())['id'])}`,
    },
    {
      name: 'review',
      prepare: async (customer) => `/billing/checkout/${String((await customer.quote())['id'])}?step=review`,
    },
    {
      name: 'pay',
      prepare: async (customer) => {
        const orderId = await customer.order();
        await customer.checkout(orderId);
        return `/billing/pay/${orderId}?another=true`;
      },
    },
    {
      name: 'checkout-brazil',
      country: 'BR',
      prepare: async (customer) => `/billing/checkout/${String((await customer.quote({ periodMonths: 12 }))['id'])}`,
    },
    {
      name: 'pay-pix',
      country: 'BR',
      prepare: async (customer) => {
        const orderId = await customer.order({ method: 'pix' });
        await customer.checkout(orderId);
        return `/billing/pay/${orderId}`;
      },
    },
    { name: 'details', prepare: () => '/billing/details' },
    { name: 'enterprise', prepare: () => '/billing/enterprise?seats=80' },
    {
      name: 'add-ons',
      prepare: async (customer) => {
        await buy(customer);
        const quote = await customer.price({ kind: 'add-on', addOn: 'ai-credits-5000', packages: 1, termMonths: 3 });
        await customer.order({ quote, token: 'tok_visa' });
        await stage.fleet.settle();
        return '/billing/add-ons';
      },
    },
    { name: 'usage-empty', prepare: () => '/billing/usage' },
    {
      name: 'usage',
      prepare: async (customer) => {
        await buy(customer);
        await report(customer, 19_500);
        return '/billing/usage';
      },
      act: async (person) => {
        await person.sees('usage.fixes');
        const amounts = [...(await person.read()).matchAll(/([\d.,]+\d)\D{0,6}\s(?:today|hoy|hoje)/g)].map(
          ([, text = '']) => Number(text.replace(/\D/g, '')),
        );
        expect(amounts.length).toBeGreaterThan(1);
        expect(amounts).toEqual(amounts.toSorted((one, other) => one - other));
        await person.field('orders.from').fill('2026-01-02');
        await person.field('orders.to').fill('2026-01-01');
        await person.sees('faults.days');
        await person.field('orders.to').fill('');
        const csv = await person.downloads(person.link('orders.csv'));
        expect([csv.name, csv.bytes.toString().match(/75 %/g)?.length]).toEqual(['usage.csv', 1]);
      },
    },
    {
      name: 'plan-limit-reached',
      prepare: async (customer) => {
        await buy(customer);
        await report(customer, 25_000);
        return '/billing/plan';
      },
    },
    { name: 'orders-empty', prepare: () => '/billing/orders' },
    {
      name: 'orders',
      prepare: async (customer) => {
        await buy(customer);
        await customer.order({ quote: await customer.price({ kind: 'add-seats', seats: 2 }), token: 'tok_visa' });
        await stage.fleet.settle();
        await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }) });
        await stage.fleet.settle();
        return '/billing/orders';
      },
    },
    {
      name: 'order',
      prepare: async (customer) => {
        const orderId = await customer.order({ token: 'tok_visa' });
        await stage.fleet.settle();
        return `/billing/orders/${orderId}`;
      },
    },
    { name: 'nowhere', prepare: () => '/billing/no/such/page' },
  ];

  /** One after the other: each of these takes the fleet's time along. */
  const later: readonly Screen[] = [
    { name: 'plan-grace', prepare: (customer) => ended(customer, 1) },
    {
      name: 'usage-projected',
      prepare: grew,
      act: (person) => person.sees('usage.projectedOver'),
    },
    { name: 'plan-expired', prepare: (customer) => ended(customer, 5) },
  ];

  async function lookAt({ name, country, prepare, seat, more, act }: Screen, look: Look): Promise<void> {
    const customer = await stage.customer(country ?? look.country, more);
    const to = await prepare(customer);
    const person = await stage.person({ ...look.seat, ...seat, customer, to });
    await act?.(person);
    await person.provesSound();
    await person.takesPicture(`${name}-${look.name}`);
  }

  test.each(screens)('$name', async (screen) => {
    // The numbers of orders stay the same from picture to picture when one comes after the other.
    if (isTakingPictures) for (const look of looks) await lookAt(screen, look);
    else await Promise.all(looks.map((look) => lookAt(screen, look)));
  });

  test.each(later)('$name', async (screen) => {
    for (const look of looks) await lookAt(screen, look);
  });
});
