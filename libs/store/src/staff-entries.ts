import { AsyncLocalStorage } from 'node:async_hooks';
import type { Queryable, Tx } from './store.js';

/** What somebody does by hand, and why. */
export type StaffNote = {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string;
  /** What was so before, and what is so now, in a few words. */
  readonly change?: { readonly before: string | null; readonly after: string };
};

/** What came of something that was asked for. `repeated`: it had been done already. */
export type EntryOutcome = 'done' | 'repeated' | 'refused' | 'failed';

/** Id of the entry that whatever runs now is about. It follows the promises of one request and no other one. */
const current = new AsyncLocalStorage<string>();

/** Runs what an entry is about: the first note that is taken meanwhile goes into this entry and makes no second one. */
export function withinEntry<Result>(entryId: string, run: () => Result): Result {
  return current.run(entryId, run);
}

/** Opens an entry before anything is done, in a commit of its own, so that it stays whatever becomes of it. Answers its id. */
export async function openEntry(store: Queryable, note: StaffNote): Promise<string> {
  const [row] = await store.query<{ id: string }>(
    `insert into ops_action (actor, action, subject, reason, outcome) values ($1, $2, $3, $4, 'asked') returning id::text as id`,
    [note.actor, note.action, note.subject, note.reason],
  );
  return row?.id ?? '';
}

/** Says what came of an entry that no note has filled: with the codes of a refusal. */
export async function closeEntry(
  store: Queryable,
  entryId: string,
  { outcome, answer }: { readonly outcome: EntryOutcome; readonly answer: string | null },
): Promise<void> {
  await store.query(`update ops_action set outcome = $2, answer = $3 where id = $1 and outcome = 'asked'`, [
    ...[entryId, outcome, answer],
  ]);
}

/**
 * Notes what staff did, in the transaction that does it. The entry of the request that is under way, if there is one, becomes the first of the
 * notes; when the transaction is taken back the entry is as it was opened.
 */
export async function noteStaff(tx: Tx, notes: readonly StaffNote[]): Promise<void> {
  const [first, ...others] = notes;
  if (first === undefined) return;
  const isFilled = await fill(tx, first);
  const left = isFilled ? others : notes;
  if (left.length === 0) return;
  await tx.query(
    `insert into ops_action (actor, action, subject, reason, before, after)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    [
      left.map(({ actor }) => actor),
      left.map(({ action }) => action),
      left.map(({ subject }) => subject),
      left.map(({ reason }) => reason),
      left.map((note) => note.change?.before ?? null),
      left.map((note) => note.change?.after ?? null),
    ],
  );
}

async function fill(tx: Tx, { actor, action, subject, reason, change }: StaffNote): Promise<boolean> {
  const entryId = current.getStore();
  if (entryId === undefined) return false;
  const rows = await tx.query(
    `update ops_action set actor = $2, action = $3, subject = $4, reason = $5, before = $6, after = $7, outcome = 'done'
     where id = $1 and outcome = 'asked' returning 1`,
    [entryId, actor, action, subject, reason, change?.before ?? null, change?.after ?? null],
  );
  return rows.length > 0;
}
