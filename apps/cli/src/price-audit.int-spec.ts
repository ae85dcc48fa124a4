import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canonicalQuote, quotePurchase } from '@billfleet/domain';
import type { Config } from '@billfleet/platform';
import { orders, quotes, tenants } from '@billfleet/store';
import type { Tx } from '@billfleet/store';
import { demoCatalogue } from '../../../test/support/random-quotes.js';
import { demoWorkspaces } from './demo-workspaces.js';
import { explainOrder } from './explain-engine.js';
import { openStore } from './open-store.js';
import type { OpenStore } from './open-store.js';
import { auditPrices } from './price-audit.js';

const ENDS_AT = new Date('2100-01-01T00:00:00Z');
const [workspace] = demoWorkspaces;
const ids = { quote: randomUUID(), order: randomUUID() };
const databaseUrl = process.env['DATABASE_URL'] ?? '';
let open: OpenStore;

beforeAll(async () => {
  open = await openStore(databaseUrl);
  await open.store.transaction(sell);
});
afterAll(() => open.close());

/** Stores a quote for five seats and the order that it becomes. */
async function sell(tx: Tx): Promise<void> {
  if (workspace === undefined) throw new Error('there is a demo workspace');
  const now = new Date('2026-11-23T12:00:00Z');
  const wish = { catalogue: demoCatalogue(), workspace, plan: 'pro', seats: 5, periodMonths: 9, now };
  const priced = quotePurchase(wish);
  if (priced.kind === 'refused') throw new Error(priced.code);
  const { amountMinor, currency, plan, seats, periodMonths, priceListId } = priced.quote;
  const content = canonicalQuote(priced.quote);
  const hash = createHash('sha256').update(content).digest('hex');
  const common = { workspaceId: workspace.id, currency, amountMinor, expiresAt: ENDS_AT };
  await tenants.insertWorkspaces(tx, [workspace]);
  await quotes.insertQuotes(tx, [{ ...common, id: ids.quote, kind: 'purchase', content, hash }]);
  const { lines } = JSON.parse(content) as { lines: unknown };
  await orders.insertOrders(tx, [
    {
      ...common,
      ...{ id: ids.order, kind: 'purchase', quoteId: ids.quote, plan, seats, periodMonths, priceList: priceListId },
      ...{ basis: null, addOn: null },
      unitMinor: amountMinor / BigInt(seats),
      ...{ kind: 'purchase', basis: null, addOn: null },
      lines: JSON.stringify(lines),
      ...{
        collection: 'upstream',
        method: null,
        installments: 1,
        taxMinor: 0n,
        taxpayer: null,
        invoiceDetails: null,
        placedBy: null,
        dueAt: null,
      },
    },
  ]);
}

/** Runs the audit over a change that is taken back afterwards. */
async function auditWith(statement: string): ReturnType<typeof auditPrices> {
  const taken = new Error('taken back');
  let result: Awaited<ReturnType<typeof auditPrices>> | undefined;
  await open.store
    .transaction(async (tx) => {
      await tx.query(statement);
      result = await auditPrices(tx);
      throw taken;
    })
    .catch((error: unknown) => {
      if (error !== taken) throw error;
    });
  if (result === undefined) throw new Error('the audit did not run');
  return result;
}

test('sound prices break no rule', async () => {
  expect(await auditPrices(open.store)).toMatchObject({ id: 'C01', kind: 'always', violations: 0, examples: [] });
});

test.each([
  [
    'the content of a quote',
    `with taken as (select content::jsonb || '{"seats":6}' as forged from quote_content),
       added as (insert into quote_content select encode(sha256(convert_to(forged::text, 'UTF8')), 'hex'), forged::text from taken returning hash)
     update quote set hash = added.hash from added`,
    'quoteId',
  ],
  ['the amount of a quote', `update quote set amount_minor = amount_minor + 1`, 'quoteId'],
  ['the hash of a quote', `update quote set hash = repeat('0', 64)`, 'quoteId'],
  ['a line of an order', `update orders set lines = jsonb_set(lines, '{0,amountMinor}', '"1"')`, 'orderId'],
  [
    'the total of an order',
    `update orders set unit_minor = unit_minor + 1, amount_minor = amount_minor + seats`,
    'orderId',
  ],
  ['a derivation', `update orders set lines = lines #- '{0,derivation,payMonths}'`, 'orderId'],
])('a change of %s is told', async (_, statement, name) => {
  const result = await auditWith(statement);
  expect(result.violations).toBeGreaterThan(0);
  expect(result.examples).toContainEqual(
    expect.objectContaining({ [name]: name === 'quoteId' ? ids.quote : ids.order }),
  );
});

test('an order is explained by its id and by its number, and an unknown one is not', async () => {
  const config: Pick<Config, 'databaseUrl'> = { databaseUrl };
  const explain = (order: string) => explainOrder(config as Config, order, 'en');
  const explained = await explain(ids.order);
  expect(explained).toMatchObject({ quoteId: ids.quote, currency: 'BRL', total: expect.stringMatching(/^\d+\.\d\d$/) });
  expect(explained?.text[0]).toMatch(/^Pro for 9 months: 5 seats × BRL \d+\.\d\d a month × 8 paid months = BRL /);
  expect(await explain(explained?.number ?? '')).toEqual(explained);
  expect(await explain(randomUUID())).toBeUndefined();
});
