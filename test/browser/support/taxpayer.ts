import { CPF } from '../../support/customer.js';
import type { Person } from './person.js';

/** Fills in who pays, for the tax office. */
export async function fillTaxpayer(person: Person, taxId: string = CPF.taxId): Promise<void> {
  await person.field('payer.taxId').fill(taxId);
  await person.field('payer.fullName').fill(CPF.name);
  await person.field('payer.postalCode').fill(CPF.postalCode);
  await person.field('payer.address').fill(CPF.addressLines[0]);
}
