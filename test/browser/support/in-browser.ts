import { afterAll, afterEach, beforeAll, describe, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Customer } from '../../support/customer.js';
import { Fleet } from '../../support/fleet.js';
import { chromiumPath, startChromium } from './chromium.js';
import { Person } from './person.js';
import type { Seat } from './person.js';

/** What the tests of a file are played with: one fleet, one browser, a workspace of its own for each test. */
export type Stage = {
  readonly fleet: Fleet;
  customer(
    country?: 'US' | 'BR' | 'MX',
    more?: { readonly id?: string; readonly trialEndsOn?: string },
  ): Promise<Customer>;
  /** Somebody who has been let in and sees `to`; a fresh workspace where none is named. */
  person(seat?: Seat & { readonly customer?: Customer; readonly to?: string }): Promise<Person>;
};

const TEST_MAX_MS = 120_000;

/** Plays tests in a real browser on a real fleet. After each one nothing may be owed or broken, and no audit may find anything. */
export function inBrowser(name: string, play: (stage: Stage) => void): void {
  (chromiumPath === undefined ? describe.skip : describe)(name, () => {
    jest.setTimeout(TEST_MAX_MS);
    let fleet: Fleet;
    let browser: Browser;
    let people: Person[] = [];
    beforeAll(async () => {
      [fleet, browser] = await Promise.all([Fleet.start(), startChromium()]);
    });
    afterEach(async () => {
      const leaving = people;
      people = [];
      for (const person of leaving) await person.leave();
      await fleet.settle();
    });
    // All tests of a file write into the same books, so one look at the end finds whatever any of them broke.
    afterAll(async () => {
      await browser.close();
      await fleet.audit().finally(() => fleet.close());
    });
    play({
      get fleet() {
        return fleet;
      },
      customer: (country, more) => Customer.register(fleet, country, more),
      async person({ customer, to, ...seat } = {}) {
        const person = await Person.sitDown(browser, customer ?? (await Customer.register(fleet)), seat);
        people.push(person);
        await person.enter(to, seat);
        return person;
      },
    });
  });
}
