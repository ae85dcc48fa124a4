import { compareSettled, feePostings } from '@billfleet/domain';
import type { CivilDate, Currency, FindingKind, SettlementKind } from '@billfleet/domain';
import { writeTransactions } from './journal.js';
import type { Queryable, Tx } from './store.js';

/** A comparison of one day (UTC) with one provider. `requestedBy` null: the night did it. */
export type ReconciliationRun = {
  readonly id: string;
  readonly provider: string;
  readonly day: CivilDate;
  readonly status: 'requested' | 'done';
  /** Lines of the record that were compared. */
  readonly entries: number;
};

/** One line of a provider's record. Amounts are minor units of its currency, which may be any. */
export type SettledLine = {
  readonly kind: SettlementKind;
  readonly reference: string;
  readonly paymentReference: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly feeMinor: bigint;
  readonly at: Date;
};

/** The newest day of a provider that the nights have compared, or are about to. */
export async function lastNightlyDay(db: Queryable, provider: string): Promise<CivilDate | undefined> {
  const rows = await db.query<{ day: CivilDate | null }>(
    `select max(day)::text as day from reconciliation_run where provider = $1 and requested_by is null`,
    [provider],
  );
  return rows[0]?.day ?? undefined;
}

/** Asks for comparisons; a night asks for each day once. Answers the ids that are new. */
export async function insertRuns(
  tx: Tx,
  rows: readonly (Pick<ReconciliationRun, 'id' | 'provider' | 'day'> & { readonly requestedBy: string | null })[],
): Promise<string[]> {
  if (rows.length === 0) return [];
  const written = await tx.query<{ id: string }>(
    `insert into reconciliation_run (id, provider, day, requested_by, journal_mark)
     select n.*, coalesce((select max(j.id) from journal j), 0) from unnest($1::uuid[], $2::text[], $3::date[], $4::text[]) as n
     on conflict (provider, day) where requested_by is null do nothing returning id`,
    [rows.map((r) => r.id), rows.map((r) => r.provider), rows.map((r) => r.day), rows.map((r) => r.requestedBy)],
  );
  return written.map((row) => row.id);
}

/** Runs by id. */
export async function findRuns(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, ReconciliationRun>> {
  const rows = await db.query<ReconciliationRun>(
    `select id, provider, day::text as day, status, entries from reconciliation_run where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

const inColumns = (lines: readonly SettledLine[]) =>
  [
    lines.map((l) => l.kind),
    lines.map((l) => l.reference),
    lines.map((l) => l.paymentReference),
    lines.map((l) => l.currency),
    lines.map((l) => l.amountMinor.toString()),
  ] as const;

/**
 * Keeps lines of a provider's record and writes down where the books differ from them. A line that was read before stays as it was, and what differed
 * before is not written down again.
 */
export async function compareLines(tx: Tx, run: ReconciliationRun, lines: readonly SettledLine[]): Promise<void> {
  if (lines.length === 0) return;
  const [kinds, references, payments, currencies, amounts] = inColumns(lines);
  await tx.query(
    `insert into settlement_entry (provider, day, kind, reference, payment_reference, currency, amount_minor, fee_minor, occurred_at)
     select $1, $2::date, * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::timestamptz[])
     on conflict (provider, kind, reference) do nothing`,
    [
      ...[run.provider, run.day, kinds, references, payments, currencies, amounts],
      ...[lines.map((l) => l.feeMinor.toString()), lines.map((l) => l.at.toISOString())],
    ],
  );
  const ours = await tx.query<{ kind: string; reference: string; currency: string; amountMinor: string }>(
    `select m.kind, m.reference, m.currency, m.amount_minor::text as "amountMinor"
     from unnest($2::text[], $3::text[]) as n (kind, reference) join movement m on (m.provider, m.reference, m.kind) = ($1, n.reference, n.kind)`,
    [run.provider, kinds, references],
  );
  const held = new Map(
    ours.map((row) => [
      `${row.kind} ${row.reference}`,
      { currency: row.currency, amountMinor: BigInt(row.amountMinor) },
    ]),
  );
  await insertFindings(
    tx,
    run,
    lines.flatMap((line) => {
      const mine = held.get(`${line.kind} ${line.reference}`);
      const what = compareSettled(line, mine);
      return what === undefined ? [] : [{ what, line, ours: mine }];
    }),
  );
}

type Difference = {
  readonly what: FindingKind;
  readonly line: SettledLine;
  readonly ours: { readonly currency: string; readonly amountMinor: bigint } | undefined;
};

async function insertFindings(tx: Tx, run: ReconciliationRun, found: readonly Difference[]): Promise<void> {
  if (found.length === 0) return;
  const [kinds, references, payments, currencies, amounts] = inColumns(found.map(({ line }) => line));
  await tx.query(
    `insert into reconciliation_finding (id, run_id, provider, day, what, kind, reference, payment_reference, theirs_currency, theirs_minor, ours_currency, ours_minor, order_id)
     select gen_random_uuid(), $1, $2, $3::date, n.*, (select j.order_id from journal j where (j.provider, j.reference, j.kind) = ($2, n.reference, n.kind))
     from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::bigint[])
       as n (what, kind, reference, payment_reference, theirs_currency, theirs_minor, ours_currency, ours_minor)
     on conflict (provider, kind, reference, what) do nothing`,
    [
      ...[run.id, run.provider, run.day, found.map((f) => f.what), kinds, references, payments, currencies, amounts],
      found.map((f) => f.ours?.currency ?? null),
      found.map((f) => f.ours?.amountMinor.toString() ?? null),
    ],
  );
}

/**
 * Writes down what the books hold and no record does. Only what was in the books when the day before was compared is judged: it must be in the record of a
 * day up to this one by now. What was booked before an unbroken row of days began may stand in a record that nobody read, and is left out.
 */
const MISSING_THERE = `
  with days as (select day, min(journal_mark) as mark from reconciliation_run where provider = $2 and status = 'done' group by day),
    bounds as (select (select mark from days where day = $3::date - 1) as upto,
      (select d.mark from days d where d.day < $3::date and not exists (select 1 from days p where p.day = d.day - 1) order by d.day desc limit 1) as after)
  insert into reconciliation_finding (id, run_id, provider, day, what, kind, reference, payment_reference, ours_currency, ours_minor, order_id)
  select gen_random_uuid(), $1, $2, $3::date, 'missing_there', m.kind, m.reference, coalesce(a.reference, m.reference), m.currency, m.amount_minor, m.order_id
  from bounds join movement m on m.id > bounds.after and m.id <= bounds.upto left join attempt a on a.id = m.attempt_id
  where m.provider = $2 and m.kind in ('charge', 'refund', 'refund_failed', 'chargeback')
    and not exists (select 1 from settlement_entry e where (e.provider, e.kind, e.reference) = ($2, m.kind, m.reference))
  on conflict (provider, kind, reference, what) do nothing`;

/** Findings about which books and record agree by now: the books came later, or the record did. */
const AGREE = `
  update reconciliation_finding f set status = 'closed', outcome = 'agreed', closed_at = now(), note = null
  where f.status = 'open' and f.provider = $1 and case f.what
    when 'missing_there' then exists (select 1 from settlement_entry e where (e.provider, e.kind, e.reference) = (f.provider, f.kind, f.reference))
    when 'missing_here' then exists (select 1 from movement m where (m.provider, m.reference, m.kind) = (f.provider, f.reference, f.kind)
      and (m.currency, m.amount_minor) = (f.theirs_currency, f.theirs_minor)) end`;

/** Ends a run whose lines were all compared: looks the other way round, closes what agrees by now, and books what the provider kept. */
export async function finishRun(tx: Tx, run: ReconciliationRun, entries: number): Promise<void> {
  await tx.query(MISSING_THERE, [run.id, run.provider, run.day]);
  await tx.query(AGREE, [run.provider]);
  await bookFees(tx, run);
  await tx.query(
    `update reconciliation_run set status = 'done', done_at = now(), entries = $2 where id = $1 and status = 'requested'`,
    [run.id, entries],
  );
}

/** Books what a provider kept of money of a day that is in our books, each time once. */
async function bookFees(tx: Tx, { provider, day }: Pick<ReconciliationRun, 'provider' | 'day'>): Promise<void> {
  const rows = await tx.query<{
    orderId: string;
    attemptId: string;
    workspaceId: string;
    reference: string;
    currency: Currency;
    feeMinor: string;
  }>(
    `select m.order_id as "orderId", m.attempt_id as "attemptId", m.workspace_id as "workspaceId", e.reference, m.currency, e.fee_minor::text as "feeMinor"
     from settlement_entry e join movement m on (m.provider, m.reference, m.kind) = (e.provider, e.reference, e.kind)
     where e.provider = $1 and e.day = $2::date and e.fee_minor > 0 and e.currency = m.currency
       and not exists (select 1 from journal j where (j.provider, j.reference, j.kind) = (e.provider, e.reference, 'fee')) order by e.kind, e.reference`,
    [provider, day],
  );
  await writeTransactions(
    tx,
    rows.map(({ feeMinor, ...about }) => {
      return { ...about, kind: 'fee', provider, postings: feePostings(provider, BigInt(feeMinor)) };
    }),
  );
}

/** Something that differed, as operators see it. Amounts are minor units as text. */
export type Finding = {
  readonly id: string;
  readonly provider: string;
  readonly day: CivilDate;
  readonly what: FindingKind;
  readonly kind: SettlementKind;
  readonly reference: string;
  readonly paymentReference: string;
  readonly theirs: { readonly currency: string; readonly amountMinor: string } | null;
  readonly ours: { readonly currency: string; readonly amountMinor: string } | null;
  readonly orderId: string | null;
  readonly status: 'open' | 'closed';
  readonly note: string | null;
  readonly outcome: 'repaired' | 'agreed' | 'decided' | null;
  readonly closedBy: string | null;
  readonly closedReason: string | null;
  readonly createdAt: Date;
};

const FINDING = `f.id, f.provider, f.day::text as day, f.what, f.kind, f.reference, f.payment_reference as "paymentReference",
  case when f.theirs_minor is not null then jsonb_build_object('currency', f.theirs_currency, 'amountMinor', f.theirs_minor::text) end as theirs,
  case when f.ours_minor is not null then jsonb_build_object('currency', f.ours_currency, 'amountMinor', f.ours_minor::text) end as ours,
  f.order_id as "orderId", f.status, f.note, f.outcome, f.closed_by as "closedBy", f.closed_reason as "closedReason", f.created_at as "createdAt"`;

/** Findings by id, locked until the end of a transaction where there is one. */
export async function findFindings(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, Finding>> {
  const rows = await db.query<Finding>(
    `select ${FINDING} from reconciliation_finding f where f.id = any($1::uuid[]) order by f.id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

const FINDINGS_SHOWN_MAX = 1_000;

/** Open findings, or all of them, newest first, at most 1,000. */
export function listFindings(db: Queryable, which: 'open' | 'all'): Promise<Finding[]> {
  return db.query<Finding>(
    `select ${FINDING} from reconciliation_finding f ${which === 'open' ? `where f.status = 'open'` : ''}
     order by f.created_at desc, f.id limit ${String(FINDINGS_SHOWN_MAX)}`,
  );
}

/** Writes down who wants a finding repaired, and why; false where it is closed. */
export async function askForRepair(
  tx: Tx,
  id: string,
  by: { readonly actor: string; readonly reason: string },
): Promise<boolean> {
  const rows = await tx.query(
    `update reconciliation_finding set closed_by = $2, closed_reason = $3, note = null where id = $1 and status = 'open' returning id`,
    [id, by.actor, by.reason],
  );
  return rows.length > 0;
}

/** Closes open findings by a person's decision: nothing is booked. False where it is closed already. */
export async function decideFinding(
  tx: Tx,
  id: string,
  by: { readonly actor: string; readonly reason: string },
): Promise<boolean> {
  const rows = await tx.query(
    `update reconciliation_finding set status = 'closed', outcome = 'decided', closed_at = now(), closed_by = $2, closed_reason = $3, note = null
     where id = $1 and status = 'open' returning id`,
    [id, by.actor, by.reason],
  );
  return rows.length > 0;
}

/** Closes findings whose money is in the books by now, books what the provider kept of it, and notes of the others why they stay open. */
export async function endRepairs(
  tx: Tx,
  repairs: readonly { readonly finding: Finding; readonly note: string }[],
): Promise<void> {
  if (repairs.length === 0) return;
  await tx.query(
    `update reconciliation_finding f set status = 'closed', outcome = 'repaired', closed_at = now(), note = null
     where f.id = any($1::uuid[]) and f.status = 'open' and exists (select 1 from movement m
       where (m.provider, m.reference, m.kind) = (f.provider, f.reference, f.kind) and (m.currency, m.amount_minor) = (f.theirs_currency, f.theirs_minor))`,
    [repairs.map(({ finding }) => finding.id)],
  );
  await tx.query(
    `update reconciliation_finding f set note = n.note from unnest($1::uuid[], $2::text[]) as n (id, note) where f.id = n.id and f.status = 'open'`,
    [repairs.map(({ finding }) => finding.id), repairs.map(({ note }) => note.slice(0, 300))],
  );
  for (const key of new Set(repairs.map(({ finding: { provider, day } }) => `${provider} ${day}`))) {
    const [provider = '', day = ''] = key.split(' ');
    await bookFees(tx, { provider, day: day as CivilDate });
  }
}

/** Open findings per provider, and how long the oldest has been open, in seconds. */
export function openFindings(
  db: Queryable,
): Promise<{ readonly provider: string; readonly count: number; readonly oldestSeconds: number }[]> {
  return db.query(
    `select provider, count(*)::int as count, extract(epoch from now() - min(created_at))::int as "oldestSeconds"
     from reconciliation_finding where status = 'open' group by provider`,
  );
}
