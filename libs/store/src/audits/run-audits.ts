import { InvariantError } from '@billfleet/domain';
import type { DataSource } from 'typeorm';
import { onOneState } from '../one-state.js';
import type { Queryable } from '../store.js';
import type { AuditQuery } from './audit-query.js';
import { booksAudits } from './books-audits.js';
import { chargebackAudits } from './chargeback-audits.js';
import { documentAudits } from './document-audits.js';
import { eventAudits } from './event-audits.js';
import { flowAudits } from './flow-audits.js';
import { moneyAudits } from './money-audits.js';
import { reconciliationAudits } from './reconciliation-audits.js';
import { refundAudits } from './refund-audits.js';
import { seatAudits } from './seat-audits.js';
import { termAudits } from './term-audits.js';
import { timeAudits } from './time-audits.js';
import { truthAudits } from './truth-audits.js';
import { createTruthTables, loadTruth } from './truth.js';
import type { MissingTruth, Truth } from './truth.js';
import { usageAudits } from './usage-audits.js';
import { writeOffAudits } from './write-off-audits.js';

/** Every audit there is, by id: A and B compare facts, L look for what is left over. */
export const auditQueries: readonly AuditQuery[] = [
  ...moneyAudits,
  ...refundAudits,
  ...seatAudits,
  ...truthAudits,
  ...usageAudits,
  ...flowAudits,
  ...eventAudits,
  ...documentAudits,
  ...booksAudits,
  ...reconciliationAudits,
  ...chargebackAudits,
  ...termAudits,
  ...timeAudits,
  ...writeOffAudits,
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

/**
 * Runs all audits on one state of the database, through a connection of its own, and changes nothing. The state is fixed before truth is
 * read, so that truth is never older than the books that are compared with it. Audits whose truth is missing are skipped, never passed.
 * @throws whatever the database throws; a truth that cannot be read is no error.
 */
export function runAudits(source: DataSource, truth: Truth = {}): Promise<readonly AuditResult[]> {
  return onOneState(source, async (db) => {
    await createTruthTables(db);
    await db.query('set transaction read only');
    const missing = await loadTruth(db, truth);
    const results: AuditResult[] = [];
    for (const audit of auditQueries) results.push(await runAudit(db, audit, missing));
    return results;
  });
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
