import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call, CNPJ } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { taxedCatalogueFile } from '../support/taxed-catalogue.js';

inEveryMode(
  'Details and taxes',
  (given) => {
    const payer = 'ana; role=billing-contact';
    const get = async ({ id }: Customer, what: string, actor?: string): Promise<Answer> =>
      call(given.fleet, 'GET', `/v1/workspaces/${id}/${what}`, actor === undefined ? {} : { actor });
    const put = ({ id }: Customer, what: string, body: unknown, actor = payer): Promise<Answer> =>
      call(given.fleet, 'PUT', `/v1/workspaces/${id}/${what}`, { body, actor });
    const order = (customer: Customer, quote: Answer['body'], payment: Record<string, unknown>): Promise<Answer> => {
      const body = { workspaceId: customer.id, quoteId: quote['id'], payment: { collection: 'provider', ...payment } };
      return call(given.fleet, 'POST', '/v1/orders', { body, key: randomUUID() });
    };
    const seen = async (orderId: unknown): Promise<Answer['body']> =>
      (await call(given.fleet, 'GET', `/v1/orders/${String(orderId)}`)).body;
    const taxesOf = (priced: Answer['body']): readonly unknown[] =>
      (priced['lines'] as readonly { readonly tax?: unknown }[]).map(({ tax }) => tax);

    test('A Brazilian company buys with a CNPJ with letters; what it changes later leaves the old order as it was', async () => {
      const customer = await given.customer('BR');
      const quote = await customer.quote();
      expect(quote).toMatchObject({ amountMinor: '468000', detailsNeeded: ['taxpayer'] });
      expect((await order(customer, quote, { method: 'pix' })).body).toMatchObject({ code: 'taxpayer_required' });
      expect((await get(customer, 'taxpayer-details')).body).toMatchObject({
        ...{ isRequired: true, missing: ['taxId', 'name', 'addressLines', 'postalCode'], details: null },
      });
      expect((await put(customer, 'taxpayer-details', CNPJ)).body).toMatchObject({
        ...{ missing: [], changedBy: 'person ana', details: { taxId: '12ABC34501DE35', name: CNPJ.name } },
      });
      await put(customer, 'invoice-details', { companyName: CNPJ.name, addressLines: ['Rua Um, 1'], country: 'BR' });
      const again = await customer.quote();
      expect(again['detailsNeeded']).toEqual([]);
      const placed = await order(customer, again, { method: 'pix' });
      expect(placed.status).toBe(202);
      await customer.pay(String(placed.body['id']));
      await given.fleet.settle();
      const billedTo = { name: CNPJ.name, taxNumber: '**.ABC.345/****-**', country: 'BR' };
      expect(await seen(placed.body['id'])).toMatchObject({ status: 'fulfilled', taxMinor: '0', billedTo });
      const moved = { ...CNPJ, name: 'Padaria Boreal Ltda', addressLines: ['Rua Dois, 2'] };
      expect((await put(customer, 'taxpayer-details', moved)).body).toMatchObject({ version: 3 });
      await put(customer, 'invoice-details', {});
      expect((await put(customer, 'invoice-details', {}, 'ben; role=member')).status).toBe(403);
      expect((await get(customer, 'taxpayer-details', 'ben; role=member')).status).toBe(403);
      expect(await seen(placed.body['id'])).toMatchObject({ billedTo });
      const kept = await given.fleet.sql(
        `select taxpayer ->> 'taxId' as "taxId", taxpayer -> 'addressLines' as lines, invoice_details ->> 'companyName' as name from orders where id = $1`,
        [placed.body['id'] as string],
      );
      expect(kept).toEqual([{ taxId: '12ABC34501DE35', lines: CNPJ.addressLines, name: CNPJ.name }]);
      // Whoever works here sees numbers masked, and what was changed without what stood there.
      expect((await get(customer, 'taxpayer-details')).body).toMatchObject({
        details: { taxId: '**.ABC.345/****-**' },
      });
      const { changes } = (await get(customer, 'details-changes')).body as { changes: readonly { fields: unknown }[] };
      expect(changes.map(({ fields }) => fields)).toEqual([
        ['addressLines', 'companyName', 'country'],
        ['addressLines', 'name'],
        ['addressLines', 'companyName', 'country'],
        ['addressLines', 'city', 'name', 'postalCode', 'region', 'taxId'],
      ]);
      const told = await given.fleet.sql(
        `select 1 from event where workspace_id = $1 and data::text ~ '12ABC34501DE35|12\\.ABC'
         union all select 1 from request where workspace_id = $1 and problem::text ~ '12ABC34501DE35|12\\.ABC'`,
        [customer.id],
      );
      expect(told).toEqual([]);
    });

    test('A German company with a VAT id owes the tax itself and pays the net price; without one it is charged', async () => {
      const customer = await given.customer('DE');
      const before = await customer.quote();
      expect(before).toMatchObject({ amountMinor: '124950', netMinor: '105000', taxMinor: '19950' });
      expect((await put(customer, 'invoice-details', { taxNumber: 'FR12345678901' })).body).toMatchObject({
        ...{ status: 422, code: 'tax_number_invalid', field: 'taxNumber' },
      });
      const nordwind = { companyName: 'Nordwind GmbH', taxNumber: 'de 123 456 789' };
      expect((await put(customer, 'invoice-details', nordwind)).body).toMatchObject({ taxNumberCountry: 'DE' });
      const quote = await customer.quote();
      expect(quote).toMatchObject({ amountMinor: '105000', netMinor: '105000', taxMinor: '0' });
      expect(taxesOf(quote)).toMatchObject([{ kind: 'reverse-charge', percent: '19', name: { en: 'VAT', es: 'IVA' } }]);
      const orderId = await customer.order({ quote, token: 'tok_visa' });
      await given.fleet.settle();
      expect(await seen(orderId)).toMatchObject({
        ...{ status: 'fulfilled', amountMinor: '105000', taxMinor: '0', billedTo: { taxNumber: '***789' } },
      });
      expect((await customer.story()).books).toEqual(['charge 105000 USD', 'sale 105000 USD']);
      // A price without tax is sold to nobody whose number is gone by then.
      const owed = await customer.price({ kind: 'add-seats', seats: 1 });
      await put(customer, 'invoice-details', { companyName: 'Nordwind GmbH' });
      expect((await order(customer, owed, { method: 'card', token: 'tok_visa' })).body).toMatchObject({
        ...{ status: 422, code: 'tax_number_required', field: 'invoiceDetails.taxNumber' },
      });
      const charged = await customer.price({ kind: 'add-seats', seats: 1 });
      expect(charged).toMatchObject({ netMinor: '21000', taxMinor: '3990', amountMinor: '24990' });
    });

    test('Tax on top of the price is charged, booked and given back with it; tax within the price changes nothing', async () => {
      const mexican = await (await given.customer('MX')).quote();
      expect(mexican).toMatchObject({ amountMinor: '105000', netMinor: '90517', taxMinor: '14483' });
      const customer = await given.customer('IE');
      const quote = await customer.quote();
      expect(quote).toMatchObject({
        ...{ amountMinor: '129150', netMinor: '105000', taxMinor: '24150', unitPriceMinor: '3500' },
        atRenewal: { amountMinor: '129150', taxMinor: '24150' },
      });
      const orderId = await customer.order({ quote, token: 'tok_visa' });
      await given.fleet.settle();
      expect(await seen(orderId)).toMatchObject({ status: 'fulfilled', amountMinor: '129150', taxMinor: '24150' });
      const added = await customer.price({ kind: 'add-seats', seats: 2 });
      expect(added).toMatchObject({ netMinor: '42000', taxMinor: '9660', amountMinor: '51660' });
      await customer.order({ quote: added, token: 'tok_mastercard' });
      await given.fleet.settle();
      // On the first day all of it is unused: net and tax go back as they came.
      const refund = await customer.price({ kind: 'refund' });
      expect(refund).toMatchObject({ amountMinor: '-180810', netMinor: '-147000', taxMinor: '-33810' });
      expect(taxesOf(refund)).toMatchObject([{ kind: 'as-paid', percent: '23' }]);
      const closing = { reason: 'a wrong buy', refund: 'rest', quoteId: refund['id'] };
      const path = `/v1/workspaces/${customer.id}/closings`;
      expect((await call(given.fleet, 'POST', path, { body: closing, key: randomUUID() })).status).toBe(201);
      await given.fleet.settle();
      const owedTax = await given.fleet.sql<{ minor: string }>(
        `select coalesce(sum(p.amount_minor), 0)::text as minor from posting p join journal j on j.id = p.transaction_id
         where j.workspace_id = $1 and p.account in ('tax_payable', 'deferred_revenue', 'receivable')`,
        [customer.id],
      );
      expect(owedTax).toEqual([{ minor: '0' }]);
      // Each credit note has the tax of its own invoice, names it, and together they have that of the quote.
      const { documents } = (await get(customer, 'documents?kind=credit_note')).body as {
        documents: readonly { id: string; taxMinor: string }[];
      };
      expect(documents.map(({ taxMinor }) => taxMinor).sort()).toEqual(['24150', '9660']);
      const note = await call(given.fleet, 'GET', `/v1/documents/${documents[0]?.id ?? ''}`);
      expect(note.body).toMatchObject({ content: { taxes: [{ name: { en: 'VAT', es: 'IVA' }, percent: '23' }] } });
      expect((await customer.story()).books.slice(0, 4)).toEqual([
        ...['charge 129150 USD', 'sale 129150 USD', 'charge 51660 USD', 'sale 51660 USD'],
      ]);
    });
  },
  { env: { BILLFLEET_CATALOGUE: taxedCatalogueFile() } },
);
