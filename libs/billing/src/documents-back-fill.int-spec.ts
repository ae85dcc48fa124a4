import { randomUUID } from 'node:crypto';
import { deliveryQueue } from '@billfleet/contracts';
import { documents, migrate, onOneState, work } from '@billfleet/store';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RefundWorld } from '../../../test/support/refund-world.js';
import { checkBooks } from './check-books.js';
import { CloseSubscriptions } from './close-subscriptions.js';
import { IssueDocuments } from './issue-documents.js';
import { verifyDocuments } from './verify-documents.js';

const FIRST_WITH_DOCUMENTS = 'Documents1780000000021';
const world = new RefundWorld('back-fill test');

beforeAll(() => world.open());
afterAll(() => world.close());

/** Takes the database back to the step before there were documents: they are gone, and what was sold and given back stays. */
async function goBack(): Promise<void> {
  const done = await world.store.query<{ name: string }>(`select name from migrations where name >= $1`, [
    FIRST_WITH_DOCUMENTS,
  ]);
  const names = new Set(done.map(({ name }) => name));
  expect(names).toContain(FIRST_WITH_DOCUMENTS);
  const later = await world.store.query<{ n: number }>(
    `select count(*)::int as n from migrations where timestamp >= (select timestamp from migrations where name = $1)`,
    [FIRST_WITH_DOCUMENTS],
  );
  for (let n = 0; n < (later[0]?.n ?? 0); n += 1) await world.source.undoLastMigration({ transaction: 'each' });
  expect(await world.store.query(`select to_regclass('document') as there`)).toEqual([{ there: null }]);
}

test('what was sold and given back before there were documents gets them, and they follow from the books', async () => {
  const [kept, closed, unpaid] = [await world.workspace(), await world.workspace(), await world.workspace()];
  const [keptOrder, closedOrder] = [await world.buy(kept), await world.buy(closed)];
  await world.order(unpaid, undefined, 'page');
  world.clock.advanceMs(10 * 86_400_000);
  const closing = await new CloseSubscriptions(world.parts).run({
    input: {
      ...{ workspaceId: closed, quoteId: await world.quote(closed, { kind: 'refund' }) },
      ...{ reason: 'a wrong buy', actor: 'key support' },
    },
    ...{ idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null },
  });
  expect(closing.kind).toBe('accepted');
  await world.send();
  await goBack();
  await migrate(process.env['DATABASE_URL'] ?? '');
  const owed = await world.store.query<{ id: string; generation: number; kind: string }>(
    `select id, generation, kind from work where kind in ('invoice.issue', 'credit-note.issue') order by kind, due_at`,
  );
  expect(owed.map(({ kind }) => kind)).toEqual(['credit-note.issue', 'invoice.issue', 'invoice.issue']);
  const desk = new IssueDocuments({
    ...{ store: world.store, clock: world.parts.clock, sellers: world.parts.catalogue.sellers },
  });
  const rows = await work.load(
    world.store,
    deliveryQueue,
    owed.map(({ id, generation }) => [id, generation] as const),
  );
  // A worker may come to the note first: it issues the invoice that it needs, and the other one finds it there.
  expect(await desk.creditNotes(rows.filter(({ kind }) => kind === 'credit-note.issue'))).toEqual([]);
  expect(await desk.invoices(rows.filter(({ kind }) => kind === 'invoice.issue'))).toEqual([]);
  const issued = await documents.listDocuments(world.store, { limit: 10 });
  expect(issued.map(({ kind, orderId, amountMinor, seq }) => ({ kind, orderId, amountMinor, seq }))).toEqual(
    expect.arrayContaining([
      { kind: 'invoice', orderId: keptOrder, amountMinor: '105000', seq: 2 },
      { kind: 'invoice', orderId: closedOrder, amountMinor: '105000', seq: 1 },
      // 172 of 182 days were left.
      { kind: 'credit_note', orderId: closedOrder, amountMinor: '99231', seq: 1 },
    ]),
  );
  expect(issued).toHaveLength(3);
  expect(await onOneState(world.source, (db) => verifyDocuments(db))).toMatchObject({ documents: 3, faults: [] });
  expect(await onOneState(world.source, (db) => checkBooks(db))).toMatchObject({ differences: 0, list: [] });
});
