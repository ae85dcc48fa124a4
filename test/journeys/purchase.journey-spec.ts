import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CNPJ, Customer } from '../support/customer.js';
import type { Fleet } from '../support/fleet.js';
import { fleetFor, modes } from '../support/modes.js';

describe.each(modes)('a purchase, $mode', (mode) => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await fleetFor(mode);
  });
  beforeEach(() => {
    fleet.crashAtCommit(mode.crashAt);
  });
  afterEach(() => {
    fleet.crashAtCommit(0);
  });
  afterAll(async () => {
    await fleet.close();
  });

  test('by card on the hosted page gives seats, a receipt and word to the host product', async () => {
    const customer = await Customer.register(fleet);
    const orderId = await customer.order();
    await customer.pay(orderId);
    await fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded'],
      mails: ['receipt'],
      told: ['advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
      dead: [],
    });
    expect(await customer.entitlements()).toMatchObject({ status: 'active', plan: 'advanced', seats: 5 });
  });
});
