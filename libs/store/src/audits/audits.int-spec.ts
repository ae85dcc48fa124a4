import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../data-source.js';
import { Store } from '../store.js';
import type { Queryable, SqlValue } from '../store.js';
import { explained, plants } from './audit-plants.js';
import { buildWorld, cases, orderId, worldTruth } from './audit-world.js';
import { auditQueries, runAudit, runAudits } from './run-audits.js';
import type { AuditResult } from './run-audits.js';
import { createTruthTables, loadTruth } from './truth.js';
import type { ProviderPayment } from './truth.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'audits test' }),
);

beforeAll(async () => {
  await source.initialize();
  await buildWorld(new Store(source, { leaseMs: 30_000 }));
});
afterAll(() => source.destroy());

const violated = (results: readonly AuditResult[]): readonly AuditResult[] =>
  results.filter((result) => result.violations > 0);
const skippedIds = (results: readonly AuditResult[]): readonly string[] =>
  results.filter((result) => result.skipped !== undefined).map((result) => result.id);
const idsThatNeed = (...needs: readonly (string | undefined)[]): readonly string[] =>
  auditQueries.filter((audit) => audit.needs !== undefined && needs.includes(audit.needs)).map((audit) => audit.id);

describe('a consistent world', () => {
  test('breaks no rule', async () => {
    const results = await runAudits(source, worldTruth);
    expect(violated(results)).toEqual([]);
    expect(skippedIds(results)).toEqual([]);
    expect(results.map((result) => result.id)).toEqual(auditQueries.map((audit) => audit.id));
  });

  test('audits without their truth are skipped, not passed', async () => {
    const { payments, mails } = worldTruth;
    expect(skippedIds(await runAudits(source))).toEqual(idsThatNeed('provider_truth', 'mail_truth'));
    expect(skippedIds(await runAudits(source, { payments }))).toEqual(idsThatNeed('mail_truth'));
    expect(skippedIds(await runAudits(source, { mails }))).toEqual(idsThatNeed('provider_truth'));
  });

  test('half a truth is none', async () => {
    async function* breaksOff(): AsyncGenerator<ProviderPayment> {
      for (const payment of worldTruth.payments.slice(0, 1)) yield await Promise.resolve(payment);
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
    }
    const results = await runAudits(source, { ...worldTruth, payments: breaksOff() });
    expect(skippedIds(results)).toEqual(idsThatNeed('provider_truth'));
    expect(results.find((result) => result.id === 'A20')?.skipped).toMatch(/fetch failed \(ECONNREFUSED\)/);
    expect(violated(results)).toEqual([]);
  });

  test('a truth of many chunks is counted whole, with a few examples', async () => {
    function* many(): Generator<ProviderPayment> {
      yield* worldTruth.payments;
      const [pattern] = worldTruth.payments;
      for (let n = 0; n < 10_001 && pattern !== undefined; n += 1) {
        const name = `unknown-${String(n)}`;
        yield { ...pattern, reference: name, idempotencyKey: name, attemptId: name, orderId: name };
      }
    }
    const [found, ...others] = violated(await runAudits(source, { ...worldTruth, payments: many() }));
    expect(found).toMatchObject({ id: 'A19', violations: 10_001 });
    expect(found?.examples).toHaveLength(5);
    expect(others).toEqual([]);
  });

  test('all audits see the state before truth was read', async () => {
    const setSeats = (seats: string): Promise<unknown> =>
      source.query(`update subscription set seats = seats ${seats} where status = 'active'`);
    async function* changesBooks(): AsyncGenerator<ProviderPayment> {
      await setSeats('+ 1');
      yield* worldTruth.payments;
    }
    try {
      expect(violated(await runAudits(source, { ...worldTruth, payments: changesBooks() }))).toEqual([]);
      expect(violated(await runAudits(source, worldTruth)).map((result) => result.id)).toEqual(['A05']);
    } finally {
      await setSeats('- 1');
    }
  });
});

describe('a corrupted world', () => {
  beforeAll(() => source.query(LOOSEN));

  test('every audit has a corruption that it must notice', () => {
    expect(Object.keys(plants).sort()).toEqual(auditQueries.map((audit) => audit.id).sort());
  });

  const planted = auditQueries.flatMap((audit) => (plants[audit.id] ?? []).map((sql) => ({ ...audit, audit, sql })));
  test.each(planted)('$id notices: $sql', async ({ audit, sql }) => {
    const [result] = await inCorruptedWorld(sql, (db, missing) => Promise.all([runAudit(db, audit, missing)]));
    expect(result?.violations).toBeGreaterThanOrEqual(1);
    expect(result?.examples.length).toBeGreaterThanOrEqual(1);
  });

  test.each(Object.entries(explained))('nothing is wrong about %s', async (_name, sql) => {
    const rules = auditQueries.filter((audit) =>
      /^(A0[12]|A10|A11|A27|B01|B02|B07|B11|B40|B41|B42|B43)$/.test(audit.id),
    );
    const results = await inCorruptedWorld(sql, async (db, missing) => {
      const found: AuditResult[] = [];
      for (const audit of rules) found.push(await runAudit(db, audit, missing));
      return found;
    });
    expect(results).toHaveLength(rules.length);
    expect(violated(results)).toEqual([]);
  });

  test('examples name the offending rows', async () => {
    const audit = auditQueries.find(({ id }) => id === 'A01');
    const sql = `delete from journal where order_id = '${orderId(cases.plain)}' and kind = 'charge'`;
    const [result] = await inCorruptedWorld(sql, async (db, missing) =>
      audit === undefined ? [] : [await runAudit(db, audit, missing)],
    );
    expect(result?.examples).toEqual([expect.objectContaining({ order_id: orderId(cases.plain), held_minor: 0 })]);
  });
});

/** Takes away all that keeps the database from being corrupted. It is this file's own database, so nobody else is harmed. */
const LOOSEN = `
do $$
declare one record;
begin
  for one in select c.oid::regclass as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace loop
    execute format('alter table %s disable trigger user', one.name);
  end loop;
  for one in select conname, conrelid::regclass as name from pg_constraint
    where contype in ('f', 'c', 'u', 'x') and connamespace = 'public'::regnamespace order by contype = 'u' loop
    execute format('alter table %s drop constraint %I cascade', one.name, one.conname);
  end loop;
  for one in select indexrelid::regclass as name from pg_index where indisunique and not indisprimary
    and indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) loop
    execute format('drop index %s', one.name);
  end loop;
end $$`;

/** Runs a corruption and then audits in one transaction, which is rolled back. */
async function inCorruptedWorld(
  sql: string,
  audit: (db: Queryable, missing: Awaited<ReturnType<typeof loadTruth>>) => Promise<readonly AuditResult[]>,
): Promise<readonly AuditResult[]> {
  const runner = source.createQueryRunner();
  const db: Queryable = {
    query: async <Row>(statement: string, values: readonly SqlValue[] = []) =>
      (await runner.query(statement, [...values])) as Row[],
  };
  await runner.startTransaction();
  try {
    await createTruthTables(db);
    const missing = await loadTruth(db, worldTruth);
    await runner.query(sql);
    return await audit(db, missing);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
