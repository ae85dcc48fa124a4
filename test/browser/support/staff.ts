import { newId } from '@billfleet/billing';
import { linkMailed } from '../../support/sign-in.js';
import type { Customer } from '../../support/customer.js';
import type { Stage } from './in-browser.js';
import type { Person, Seat } from './person.js';

let hired = 0;

/** Somebody on the staff, who signs in by the link of a mail in a browser that nobody else uses, and stands where workspaces are found. */
export async function signIn(stage: Stage, role: string, seat: Seat & { customer?: Customer } = {}): Promise<Person> {
  hired += 1;
  const email = `${role}-${String(hired)}@seller.example`;
  await stage.fleet.sql(`insert into staff_account (id, email, name, role) values ($1, $2, 'Bo Lima', $3)`, [
    ...[newId(), email, role],
  ]);
  const person = await stage.person(seat);
  const { page } = person;
  await person.open('/support/sign-in');
  await page.getByRole('textbox').fill(email);
  await page.getByRole('button').click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await person.open(await linkMailed(stage.fleet, email));
  await page.getByRole('button').click();
  await page.getByRole('searchbox').waitFor();
  await person.isReady();
  return person;
}
