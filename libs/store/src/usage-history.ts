import type { Queryable } from './store.js';

/** Something that is kept of what was used: a limit that came to a threshold, or a line of the ledger of credits. */
export type UsageLine = {
  /** ISO 8601 text. */
  readonly at: string;
  readonly meter: string;
  readonly kind: 'crossing' | 'grant' | 'spend' | 'expire';
  /** Of a crossing the threshold in percent; else how many credits, negative where they went. */
  readonly amount: number;
  /** Of a crossing what was used, else the credits left. */
  readonly after: number;
  /** The limit at a crossing; null else. */
  readonly limitAmount: number | null;
  readonly action: string | null;
  /** Orders lines of the same instant. */
  readonly key: string;
};

/** Which lines: from an instant on, before another one, and older than the last line of the page before. */
export type UsageFilter = {
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  readonly after?: Pick<UsageLine, 'at' | 'key'> | undefined;
  readonly limit: number;
};

/** What is kept of the use of a workspace, newest first. `creditMeter`: the limit whose use is the ledger of credits. */
export async function listUsage(
  db: Queryable,
  workspaceId: string,
  creditMeter: string,
  { from, before, after, limit }: UsageFilter,
): Promise<readonly UsageLine[]> {
  const rows = await db.query<
    Record<'amount' | 'after', string> &
      Omit<UsageLine, 'amount' | 'after' | 'limitAmount'> & { limitAmount: string | null }
  >(
    `select at::text as at, meter, kind, amount, after, "limitAmount", action, key from (
       select c.at, c.meter, 'crossing' as kind, c.threshold_percent::bigint as amount, c.used as after, c.limit_amount as "limitAmount", null as action,
         'a' || lpad(c.n::text, 12, '0') || c.meter as key from usage_crossing c where c.workspace_id = $1
       union all
       select m.at, $2, m.kind, m.amount, m.balance_after, null, m.action, 'b' || lpad(m.id::text, 20, '0') from credit_movement m where m.workspace_id = $1) line
     where ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
       and ($5::timestamptz is null or (at, key collate "C") < ($5, $6 collate "C"))
     order by line.at desc, key collate "C" desc limit $7`,
    [
      workspaceId,
      creditMeter,
      from?.toISOString() ?? null,
      before?.toISOString() ?? null,
      after?.at ?? null,
      after?.key ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({
    ...row,
    amount: Number(row.amount),
    after: Number(row.after),
    limitAmount: row.limitAmount === null ? null : Number(row.limitAmount),
  }));
}
