import { InvariantError } from '@billfleet/domain';
import { DataSource } from 'typeorm';
import type { Queryable, SqlValue } from '../store.js';
import type { AuditQuery } from './audit-query.js';
import { booksAudits } from './books-audits.js';
import { chargebackAudits } from './chargeback-audits.js';
import { eventAudits } from './event-audits.js';
import { flowAudits } from './flow-audits.js';
import { moneyAudits } from './money-audits.js';
import { refundAudits } from './refund-audits.js';
import { seatAudits } from './seat-audits.js';
import { termAudits } from './term-audits.js';
import { timeAudits } from './time-audits.js';
import { truthAudits } from './truth-audits.js';
import { createTruthTables, loadTruth } from './truth.js';
import type { MissingTruth, Truth } from './truth.js';
import { usageAudits } from './usage-audits.js';

/** Every audit there is, by id: A and B compare facts, L look for what is left over. */
export const auditQueries: readonly AuditQuery[] = [
  ...moneyAudits,
  ...refundAudits,
  ...seatAudits,
  ...truthAudits,
  ...usageAudits,
  ...flowAudits,
  ...eventAudits,
  ...booksAudits,
  ...chargebackAudits,
  ...termAudits,
  ...timeAudits,
].sort((a, b) => a.id.localeCompare(b.id));

/** What an audit found: how many rows break the rule, and a few of them. With `skipped` nothing is known, so `violations` says nothing. */
export type AuditResult = {
  readonly id: string;
  readonly about: string;
  readonly kind: AuditQuery['kind'];
  readonly violations: number;
  /** At most five of the offending rows. */
  readonly examples: readonly unknown[];
  /** Why the audit could not be run. */
  readonly skipped?: string;
};

const STATEMENT_MS_MAX = 600_000;

/**
 * Runs all audits on one state of the database, through a connection of its own, and changes nothing. The state is fixed before truth is
 * read, so that truth is never older than the books that are compared with it. Audits whose truth is missing are skipped, never passed.
 * @throws whatever the database throws; a truth that cannot be read is no error.
 */
export async function runAudits(source: DataSource, truth: Truth = {}): Promise<readonly AuditResult[]> {
  const own = await connectForAudits(source);
  try {
    const runner = own.createQueryRunner();
    const db: Queryable = {
      query: async <Row>(statement: string, values: readonly SqlValue[] = []) =>
        (await runner.query(statement, [...values])) as Row[],
    };
    await runner.startTransaction('REPEATABLE READ');
    try {
      await createTruthTables(db);
      await db.query('set transaction read only');
      const missing = await loadTruth(db, truth);
      const results: AuditResult[] = [];
      for (const audit of auditQueries) results.push(await runAudit(db, audit, missing));
      return results;
    } finally {
      // Takes the truth tables along; when the connection is gone the server has done so already.
      await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  } finally {
    await own.destroy();
  }
}

/** Runs one audit where the truth tables are. */
export async function runAudit(db: Queryable, audit: AuditQuery, missing: MissingTruth): Promise<AuditResult> {
  const { id, about, kind } = audit;
  const skipped = audit.needs === undefined ? undefined : missing.get(audit.needs);
  if (skipped !== undefined) return { id, about, kind, violations: 0, examples: [], skipped };
  const rows = await db.query<{ violations: string; examples: readonly unknown[] }>(
    `with violation as materialized (${audit.sql}), example as (select * from violation limit 5)
     select (select count(*) from violation) as violations, (select coalesce(jsonb_agg(example), '[]') from example) as examples`,
  );
  const found = rows[0];
  if (found === undefined) throw new InvariantError(`audit ${id} answered no row`);
  return { id, about, kind, violations: Number(found.violations), examples: found.examples };
}

/** Audits read whole tables: they need more time than the fleet's statements may take, and none of the fleet's connections. */
async function connectForAudits(source: DataSource): Promise<DataSource> {
  const { options } = source;
  if (options.type !== 'postgres')
    throw new InvariantError(`audits were given a data source of type ${options.type}, wanted postgres`);
  const extra = { statement_timeout: STATEMENT_MS_MAX, query_timeout: STATEMENT_MS_MAX, keepAlive: true };
  return new DataSource({ ...options, poolSize: 1, extra }).initialize();
}
