import type { CivilDate, CreditAccount, CreditMovement, CreditSource } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { servedAt } from './workspace-time.js';
import type { SweptAt } from './workspace-time.js';

type StoredAccount = {
  readonly workspaceId: string;
  readonly basis: 'trial' | 'plan' | null;
  readonly monthStartsOn: CivilDate;
  readonly monthEndsOn: CivilDate;
  readonly sources: readonly CreditSource[];
  readonly spent: string;
};

const ACCOUNT = `workspace_id as "workspaceId", basis, month_starts_on::text as "monthStartsOn", month_ends_on::text as "monthEndsOn", sources, spent`;

/** Accounts by workspace; undefined for one without a month, where nothing can be spent. */
export type Accounts = ReadonlyMap<string, CreditAccount | undefined>;

const asAccounts = (rows: readonly StoredAccount[]): Accounts =>
  new Map(
    rows.map(({ workspaceId, basis, monthStartsOn, monthEndsOn, sources, spent }) => [
      workspaceId,
      basis === null ? undefined : { basis, monthStartsOn, monthEndsOn, sources, spent: Number(spent) },
    ]),
  );

/** Locks the accounts of workspaces, in one order for everybody; those that there are not yet are opened empty. Unknown workspaces are left out. */
export async function openAccounts(tx: Tx, workspaceIds: readonly string[]): Promise<Accounts> {
  if (workspaceIds.length === 0) return new Map();
  const opening = tx.query(
    `insert into credit_account (workspace_id) select id from workspace where id = any($1::uuid[]) order by id on conflict do nothing`,
    [workspaceIds],
  );
  const [, accounts] = await Promise.all([opening, lockAccounts(tx, workspaceIds)]);
  return accounts;
}

/** Locks the accounts that there are. */
export async function lockAccounts(tx: Tx, workspaceIds: readonly string[]): Promise<Accounts> {
  if (workspaceIds.length === 0) return new Map();
  const rows = await tx.query<StoredAccount>(
    `select ${ACCOUNT} from credit_account where workspace_id = any($1::uuid[]) order by workspace_id for update`,
    [workspaceIds],
  );
  return asAccounts(rows);
}

/** Claims accounts whose month has ended, earliest first. */
export async function claimDueAccounts(tx: Tx, at: SweptAt, limit: number): Promise<Accounts> {
  const rows = await tx.query<StoredAccount>(
    `select ${ACCOUNT} from credit_account a where next_grant_at <= $1 and ${servedAt(at, 'a.workspace_id', '$3')}
     order by next_grant_at limit $2 for update of a skip locked`,
    [at.now.toISOString(), limit, at.testClockId],
  );
  return asAccounts(rows);
}

/** One account, without a lock. */
export async function viewAccount(db: Queryable, workspaceId: string): Promise<CreditAccount | undefined> {
  const rows = await db.query<StoredAccount>(`select ${ACCOUNT} from credit_account where workspace_id = $1`, [
    workspaceId,
  ]);
  return asAccounts(rows).get(workspaceId);
}

/** An account as it is from now on. */
export type AccountRow = {
  readonly workspaceId: string;
  readonly account: CreditAccount | undefined;
  readonly balance: number;
  readonly nextGrantAt: Date | null;
};

/** Writes accounts that are locked. */
export async function saveAccounts(tx: Tx, rows: readonly AccountRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update credit_account a set basis = n.basis, month_starts_on = n.starts_on, month_ends_on = n.ends_on, sources = n.sources, balance = n.balance,
       spent = n.spent, next_grant_at = n.next_grant_at, updated_at = now()
     from unnest($1::uuid[], $2::text[], $3::date[], $4::date[], $5::jsonb[], $6::bigint[], $7::bigint[], $8::timestamptz[])
       as n (workspace_id, basis, starts_on, ends_on, sources, balance, spent, next_grant_at) where a.workspace_id = n.workspace_id`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.account?.basis ?? null),
      rows.map((r) => r.account?.monthStartsOn ?? null),
      rows.map((r) => r.account?.monthEndsOn ?? null),
      rows.map((r) => JSON.stringify(r.account?.sources ?? [])),
      rows.map((r) => r.balance),
      rows.map((r) => r.account?.spent ?? 0),
      rows.map((r) => r.nextGrantAt?.toISOString() ?? null),
    ],
  );
}

/** A line of the ledger. `spend`: the action that it belongs to. */
export type MovementRow = CreditMovement & {
  readonly workspaceId: string;
  readonly monthStartsOn: CivilDate;
  readonly spend: { readonly id: string; readonly action: string } | null;
  readonly at: Date;
};

/** Appends to the ledger, in the order given. */
export async function insertMovements(tx: Tx, rows: readonly MovementRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into credit_movement (workspace_id, kind, source, amount, balance_after, month_starts_on, spend_id, action, at)
     select w, k, s, a, b, m, i, n, t from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::date[], $7::uuid[], $8::text[],
       $9::timestamptz[]) with ordinality as row (w, k, s, a, b, m, i, n, t, nth) order by nth`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.kind),
      rows.map((r) => r.source),
      rows.map((r) => r.amount),
      rows.map((r) => r.balanceAfter),
      rows.map((r) => r.monthStartsOn),
      rows.map((r) => r.spend?.id ?? null),
      rows.map((r) => r.spend?.action ?? null),
      rows.map((r) => r.at.toISOString()),
    ],
  );
}

/** What an action took: from which sources, and what was left right after it. */
export type SpendSeen = {
  readonly spendId: string;
  readonly action: string;
  readonly left: number;
  readonly takenFrom: readonly { readonly source: string; readonly amount: number }[];
};

/** Actions by the id of their spending. */
export async function findSpends(db: Queryable, spendIds: readonly string[]): Promise<ReadonlyMap<string, SpendSeen>> {
  if (spendIds.length === 0) return new Map();
  const rows = await db.query<SpendSeen>(
    `select spend_id as "spendId", min(action) as action, (jsonb_agg(balance_after order by id desc)) -> 0 as left,
       jsonb_agg(jsonb_build_object('source', source, 'amount', -amount) order by id) as "takenFrom"
     from credit_movement where spend_id = any($1::uuid[]) and kind = 'spend' group by spend_id`,
    [[...new Set(spendIds)]],
  );
  return new Map(rows.map((row) => [row.spendId, row]));
}

/** A line of the ledger as people see it. */
export type MovementView = CreditMovement & { readonly action: string | null; readonly at: Date };

/** The newest lines of a workspace's ledger, newest first. */
export async function lastMovements(
  db: Queryable,
  workspaceId: string,
  limit: number,
): Promise<readonly MovementView[]> {
  const rows = await db.query<Omit<MovementView, 'amount' | 'balanceAfter'> & { amount: string; balanceAfter: string }>(
    `select kind, source, amount, balance_after as "balanceAfter", action, at from credit_movement where workspace_id = $1 order by id desc limit $2`,
    [workspaceId, limit],
  );
  return rows.map((row) => ({ ...row, amount: Number(row.amount), balanceAfter: Number(row.balanceAfter) }));
}
