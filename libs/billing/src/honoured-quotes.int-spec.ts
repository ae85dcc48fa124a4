import { randomUUID } from 'node:crypto';
import type { PlaceOrder, QuoteRequest } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { MovableClock, noCrash } from '@billfleet/platform';
import { dataSourceOptions, orders, Store, tenants } from '@billfleet/store';
import type { OrderView } from '@billfleet/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { demoCatalogue } from '../../../test/support/random-quotes.js';
import { CreateQuotes } from './create-quotes.js';
import type { QuoteCommand, QuoteOutcome } from './create-quotes.js';
import { PlaceOrders } from './place-orders.js';
import type { CommandOutcome } from './requests-once.js';
import { WorkspaceClock } from './workspace-clock.js';

const NOW = new Date('2026-10-05T12:00:00Z');
const MINUTE_MS = 60_000;
const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'quotes test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
const catalogue = demoCatalogue();
const clock = new MovableClock(NOW);
const workspaceClock = new WorkspaceClock(clock);

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

async function workspace(): Promise<string> {
  const id = randomUUID();
  const place = { country: 'US', currency: 'USD', timeZone: 'UTC', locale: 'en' } as const;
  const rows = [{ id, name: 'Acme', ...place, billingEmail: null, trialEndsOn: null }];
  await store.transaction((tx) => tenants.insertWorkspaces(tx, rows));
  return id;
}

async function quote(input: QuoteRequest, mayRefund = false): Promise<QuoteOutcome> {
  const [outcome] = await new CreateQuotes(store, catalogue, workspaceClock).run([
    { input, actorWorkspaceId: null, mayRefund },
  ]);
  if (outcome === undefined) throw new Error('one command has one outcome');
  return outcome;
}

async function purchaseQuote(workspaceId: string): Promise<Extract<QuoteOutcome, { kind: 'quoted' }>> {
  const outcome = await quote({ workspaceId, kind: 'purchase', plan: 'advanced', seats: 5, periodMonths: 6 });
  if (outcome.kind === 'refused') throw new Error(outcome.problem.code);
  return outcome;
}

async function order(input: PlaceOrder, sold: Catalogue = catalogue): Promise<CommandOutcome> {
  const parts = { store, catalogue: sold, clock: workspaceClock, crash: noCrash, providerId: 'sandbox' };
  const command = { input, idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null } as const;
  const [outcome] = await new PlaceOrders(parts).run([command]);
  if (outcome === undefined) throw new Error('one command has one outcome');
  return outcome;
}

async function placed(outcome: CommandOutcome): Promise<OrderView | undefined> {
  if (outcome.kind === 'refused') throw new Error(outcome.problem.code);
  return orders.viewOrder(store, outcome.ref);
}

/** The same catalogue after everything in it became twice as dear. */
const dearer: Catalogue = {
  ...catalogue,
  version: 'dearer',
  priceLists: catalogue.priceLists.map((list) => ({
    ...list,
    monthlyPriceMinorBySeat: Object.fromEntries(
      Object.entries(list.monthlyPriceMinorBySeat).map(([plan, price]) => [plan, price * 2n]),
    ),
  })),
};

const payment = { collection: 'provider', method: 'card', installments: 1 } as const;

describe('a purchase that is priced before its batch', () => {
  const wish = (workspaceId: string): QuoteCommand => ({
    input: { workspaceId, kind: 'purchase', plan: 'advanced', seats: 5, periodMonths: 6 },
    actorWorkspaceId: null,
    mayRefund: false,
  });

  test('is stored with its answer, and an order charges it', async () => {
    const quotes = new CreateQuotes(store, catalogue, workspaceClock);
    const workspaceId = await workspace();
    await quotes.run([wish(workspaceId)]);
    const prepared = quotes.prepare(wish(workspaceId));
    expect(prepared.early).toBeDefined();
    const [outcome] = await quotes.run([prepared]);
    if (outcome?.kind !== 'quoted') throw new Error('the wish is for sale');
    const shown = JSON.parse(outcome.content) as { readonly amountMinor: string };
    const seen = await placed(await order({ workspaceId, quoteId: outcome.id, payment }));
    expect(String(seen?.amountMinor)).toBe(shown.amountMinor);
  });

  test('is priced again, with all others of its batch, when its workspace has moved to another currency', async () => {
    const quotes = new CreateQuotes(store, catalogue, workspaceClock);
    const [moved, stays] = [await workspace(), await workspace()];
    await quotes.run([wish(moved), wish(stays)]);
    const prepared = [wish(moved), wish(stays)].map((command) => quotes.prepare(command));
    await store.query(`update workspace set country = 'BR', currency = 'BRL' where id = $1`, [moved]);
    const outcomes = await quotes.run(prepared);
    const currencies = outcomes.map((outcome) =>
      outcome.kind === 'quoted' ? (JSON.parse(outcome.content) as { readonly currency: string }).currency : outcome,
    );
    expect(currencies).toEqual(['BRL', 'USD']);
    const rows = await store.query(
      `select currency from quote where workspace_id = any($1::uuid[]) order by currency`,
      [[moved, stays]],
    );
    // Two quotes of the first reading and two of the second; of the early prices, which were never answered, none.
    expect(rows).toEqual(['BRL', 'USD', 'USD', 'USD'].map((currency) => ({ currency })));
  });

  test('is priced again when what its price says is no longer stored, as after a restore', async () => {
    const quotes = new CreateQuotes(store, catalogue, workspaceClock);
    const workspaceId = await workspace();
    const [first] = await quotes.run([wish(workspaceId)]);
    if (first?.kind !== 'quoted') throw new Error('the wish is for sale');
    const prepared = quotes.prepare(wish(workspaceId));
    expect(prepared.early).toBeDefined();
    await store.query('alter table quote_content disable trigger quote_content_append_only');
    await store.query('delete from quote_content where hash = $1', [first.hash]);
    await store.query('alter table quote_content enable trigger quote_content_append_only');
    expect(await quotes.run([prepared])).toMatchObject([{ kind: 'quoted', content: first.content }]);
    expect(await store.query('select content from quote_content where hash = $1', [first.hash])).toEqual([
      { content: first.content },
    ]);
  });
});

describe('an order charges exactly its quote', () => {
  test('when prices moved and the clock moved in between', async () => {
    const workspaceId = await workspace();
    const { id: quoteId, content } = await purchaseQuote(workspaceId);
    const shown = JSON.parse(content) as { readonly amountMinor: string };
    clock.advanceMs(29 * MINUTE_MS);
    const seen = await placed(await order({ workspaceId, quoteId, payment }, dearer));
    expect(seen).toMatchObject({ amountMinor: shown.amountMinor, kind: 'purchase', seats: 5 });
    expect(seen?.amountMinor).toBe('105000');
  });

  test('or is refused once its time is over, and nothing is left of the try', async () => {
    const workspaceId = await workspace();
    const { id: quoteId } = await purchaseQuote(workspaceId);
    clock.advanceMs(catalogue.quoteMinutes * MINUTE_MS);
    expect(await order({ workspaceId, quoteId, payment })).toMatchObject({ problem: { code: 'quote_expired' } });
    expect(await store.query(`select 1 from orders where workspace_id = $1`, [workspaceId])).toEqual([]);
  });

  test('and a quote is used once, also by two orders at the same time', async () => {
    const workspaceId = await workspace();
    const { id: quoteId } = await purchaseQuote(workspaceId);
    const tries = await Promise.all([1, 2].map(() => order({ workspaceId, quoteId, payment })));
    expect(tries.map((one) => one.kind).sort()).toEqual(['accepted', 'refused']);
    expect(tries.find((one) => one.kind === 'refused')).toMatchObject({ problem: { code: 'quote_used' } });
  });

  test('and a stored quote that was tampered with is never sold', async () => {
    const workspaceId = await workspace();
    const { id: quoteId } = await purchaseQuote(workspaceId);
    // Its content cannot be changed; somebody makes another one, and lets the quote name the old hash beside it.
    await store.query(`alter table quote_content drop constraint quote_content_hash_check`);
    await store.query(
      `with taken as (select hash, content from quote join quote_content using (hash) where id = $1),
         forged as (insert into quote_content select repeat('f', 64), jsonb_set(content::jsonb, '{amountMinor}', '"1"') from taken)
       update quote set hash = repeat('f', 64) where id = $1`,
      [quoteId],
    );
    await expect(order({ workspaceId, quoteId, payment })).rejects.toThrow('is not what was hashed');
  });
});

describe('what cannot be priced is refused with a reason', () => {
  test.each<[string, Readonly<Record<string, unknown>>, number, string]>([
    ['a change without a subscription', { kind: 'add-seats', seats: 1 }, 409, 'subscription_missing'],
    ['an extension without one', { kind: 'extension', periodMonths: 6 }, 409, 'subscription_missing'],
    ['a refund by somebody who is no staff', { kind: 'refund' }, 403, 'refund_not_allowed'],
    ['an unknown plan', { kind: 'purchase', plan: 'gold', seats: 1, periodMonths: 6 }, 422, 'plan_unknown'],
  ])('%s', async (_, wish, status, code) => {
    const workspaceId = await workspace();
    expect(await quote({ workspaceId, ...wish } as QuoteRequest)).toMatchObject({ problem: { status, code } });
  });
});
