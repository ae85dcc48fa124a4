import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { legalTransitions } from './legal-transitions.js';
import { Spine1780000000001 } from './migrations/0001-spine.js';
import { Changes1780000000002 } from './migrations/0002-changes.js';
import { LightQuotes1780000000003 } from './migrations/0003-light-quotes.js';
import { Usage1780000000004 } from './migrations/0004-usage.js';
import { Members1780000000005 } from './migrations/0005-members.js';
import { Contracts1780000000007 } from './migrations/0007-contracts.js';
import { Events1780000000006 } from './migrations/0006-events.js';
import { Management1780000000008 } from './migrations/0008-management.js';
import { Renewals1780000000010 } from './migrations/0010-renewals.js';
import { QuoteTexts1780000000011 } from './migrations/0011-quote-texts.js';
import { TestClocks1780000000012 } from './migrations/0012-test-clocks.js';
import { Calendar1780000000013 } from './migrations/0013-calendar.js';
import { Closings1780000000014 } from './migrations/0014-closings.js';
import { QuoteContents1780000000015 } from './migrations/0015-quote-contents.js';
import { MailAddresses1780000000017 } from './migrations/0017-mail-addresses.js';
import { JournalPostings1780000000020 } from './migrations/0020-journal-postings.js';
import { Documents1780000000021 } from './migrations/0021-documents.js';
import { BillingDetails1780000000022 } from './migrations/0022-billing-details.js';
import { Refunds1780000000023 } from './migrations/0023-refunds.js';
import { OrderHistory1780000000024 } from './migrations/0024-order-history.js';
import { Reconciliation1780000000026 } from './migrations/0026-reconciliation.js';
import { Access1780000000025 } from './migrations/0025-access.js';
import { ExpiryNotices1780000000027 } from './migrations/0027-expiry-notices.js';
import { Support1780000000028 } from './migrations/0028-support.js';
import { Undo1780000000029 } from './migrations/0029-undo.js';
import { OnAccount1780000000030 } from './migrations/0030-on-account.js';
import { ReturnedRefunds1780000000032 } from './migrations/0032-returned-refunds.js';
import { WriteOffsAndCustomerCredit1780000000033 } from './migrations/0033-write-offs-and-customer-credit.js';
import { StaffEntries1780000000037 } from './migrations/0037-staff-entries.js';
import { GrantsByTerm1780000000038 } from './migrations/0038-grants-by-term.js';

/** Every step of the schema, oldest first. */
const migrationClasses = [
  Spine1780000000001,
  Changes1780000000002,
  LightQuotes1780000000003,
  Usage1780000000004,
  Members1780000000005,
  Contracts1780000000007,
  Events1780000000006,
  Management1780000000008,
  Renewals1780000000010,
  QuoteTexts1780000000011,
  TestClocks1780000000012,
  Calendar1780000000013,
  Closings1780000000014,
  QuoteContents1780000000015,
  MailAddresses1780000000017,
  JournalPostings1780000000020,
  Documents1780000000021,
  BillingDetails1780000000022,
  Refunds1780000000023,
  OrderHistory1780000000024,
  Access1780000000025,
  Reconciliation1780000000026,
  ExpiryNotices1780000000027,
  Support1780000000028,
  Undo1780000000029,
  OnAccount1780000000030,
  ReturnedRefunds1780000000032,
  WriteOffsAndCustomerCredit1780000000033,
  StaffEntries1780000000037,
  GrantsByTerm1780000000038,
] as const;

/** How a process connects to PostgreSQL. */
export type Connection = { readonly url: string; readonly poolSize: number; readonly app: string };

/**
 * Options of the data source. Limits in time end what a lost client or a stuck lock would hold for ever.
 * Migrations never run by themselves: one command does, under a lock.
 */
export function dataSourceOptions(connection: Connection): DataSourceOptions {
  return {
    type: 'postgres',
    url: connection.url,
    entities: [],
    migrations: [...migrationClasses],
    migrationsRun: false,
    synchronize: false,
    logging: false,
    poolSize: connection.poolSize,
    applicationName: `billfleet ${connection.app}`,
    connectTimeoutMS: 5_000,
    extra: {
      statement_timeout: 15_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 30_000,
      query_timeout: 20_000,
      keepAlive: true,
      // Statements that are asked for at once travel at once; each still waits for its own answer.
      pipeline: true,
    },
  };
}

const MIGRATION_LOCK = 7_263_544;

/** The names of the migrations that this build knows, oldest first. */
export const knownMigrations: readonly string[] = migrationClasses.map((Migration) => new Migration().name);

/**
 * Brings the schema up to date; safe to call from several processes at once, since a lock lets one do it while the others wait.
 * @returns the names of the migrations that ran now.
 */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const source = new DataSource(dataSourceOptions({ url: databaseUrl, poolSize: 2, app: 'migrate' }));
  await source.initialize();
  const guard = source.createQueryRunner();
  try {
    await guard.query('set lock_timeout = 0');
    await guard.query('set statement_timeout = 0');
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await source.runMigrations({ transaction: 'each' });
    await syncLegalTransitions(source);
    return ran.map((one) => one.name);
  } finally {
    await guard.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await guard.release();
    await source.destroy();
  }
}

/** Migrations that the database lacks; a process must not start while there are any. */
export async function pendingMigrations(source: DataSource): Promise<readonly string[]> {
  const rows: { name: string }[] = await source
    .query(`select to_regclass('migrations') is not null as there`)
    .then((found: { there: boolean }[]) =>
      found[0]?.there === true ? source.query('select name from migrations') : [],
    );
  const done = new Set(rows.map((row) => row.name));
  return knownMigrations.filter((name) => !done.has(name));
}

const syncLegalTransitions = async (source: DataSource): Promise<void> => {
  const pairs = legalTransitions();
  await source.query(
    `insert into legal_transition (entity, from_status, to_status) select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing`,
    [pairs.map((p) => p.entity), pairs.map((p) => p.from), pairs.map((p) => p.to)],
  );
};
