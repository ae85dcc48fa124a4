import type { CivilDate, Currency, SubscriptionStatus } from '@billfleet/domain';
import type { EntryOutcome } from './staff-entries.js';
import type { Queryable } from './store.js';

/** A workspace as support finds it. */
export type FoundWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: Currency;
  readonly billingEmail: string | null;
  readonly isTest: boolean;
  readonly subscription: {
    readonly status: SubscriptionStatus;
    readonly plan: string;
    readonly seats: number;
    readonly endsOn: CivilDate;
  } | null;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ORDER_NUMBER = /^#?(\d{1,18})$/;

/**
 * Workspaces that a text may mean, best known first: by their own id or that of one of their orders, by the number of an order, or by a part of
 * their name or of an address. One round trip; each way of finding has an index of its own.
 */
export function searchWorkspaces(
  db: Queryable,
  { search, limit }: { readonly search: string; readonly limit: number },
): Promise<readonly FoundWorkspace[]> {
  const id = UUID.test(search) ? search.toLowerCase() : null;
  const number = ORDER_NUMBER.exec(search)?.[1] ?? null;
  return db.query<FoundWorkspace>(
    `with hit as (
       select id, 0 as rank from workspace where id = $1::uuid
       union all select workspace_id, 1 from orders where id = $1::uuid
       union all select workspace_id, 2 from orders where number = $2::bigint
       union all (select id, 3 from workspace where billing_email ilike $3 limit $4)
       union all (select id, 4 from workspace where name ilike $3 limit $4))
     select w.id, w.name, w.country, w.currency, w.billing_email as "billingEmail", w.test_clock_id is not null as "isTest",
       case when s.id is not null then jsonb_build_object('status', s.status, 'plan', s.plan, 'seats', s.seats, 'endsOn', s.ends_on) end as subscription
     from (select id, min(rank) as rank from hit group by id) h join workspace w using (id) left join subscription s on s.workspace_id = w.id
     order by h.rank, w.name, w.id limit $4`,
    [id, number, `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`, limit],
  );
}

/** What somebody of the staff did, and why. */
export type StaffAction = {
  /** Rises with time; decimal text. */
  readonly id: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string;
  /** `asked`: under way, or whoever did it died over it. */
  readonly outcome: 'asked' | EntryOutcome;
  readonly before: string | null;
  readonly after: string | null;
  /** Codes of a refusal. */
  readonly answer: string | null;
  readonly at: Date;
};

/** What staff did about a workspace, its orders, refunds, chargebacks, contracts and wishes, newest first. */
export function actionsAbout(
  db: Queryable,
  workspaceId: string,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<readonly StaffAction[]> {
  return db.query<StaffAction>(
    `with subjects (subject) as (
       values ('workspace ' || $1::uuid)
       union all select 'order ' || id from orders where workspace_id = $1
       union all select 'refund ' || id from refund where workspace_id = $1
       union all select 'customer credit ' || id from customer_credit where workspace_id = $1
       union all select 'chargeback ' || id from chargeback where workspace_id = $1
       union all select 'enterprise request ' || id from enterprise_request where workspace_id = $1
       union all select 'contract ' || id from contract where workspace_id = $1
       union all select 'contract ' || id || ' of workspace ' || workspace_id from contract where workspace_id = $1)
     select a.id::text as id, a.actor, a.action, a.subject, a.reason, a.outcome, a.before, a.after, a.answer, a.created_at as at from subjects join ops_action a using (subject)
     where $2::bigint is null or a.id < $2 order by a.id desc limit $3`,
    [workspaceId, page.before ?? null, page.limit],
  );
}

/** Owed work as support sees it: whose it is, and what went wrong. */
export type WorkOfWorkspace = {
  readonly id: string;
  readonly queue: string;
  readonly kind: string;
  readonly ref: string;
  readonly state: 'dead' | 'leased' | 'waiting';
  readonly attempts: number;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly lastError: string | null;
  /** Null for work that is about nobody, such as mails to staff. */
  readonly workspaceId: string | null;
  readonly workspaceName: string | null;
};

// Which table a row is about follows from its kind; ids are unique over all of them, so the first that knows one says whose it is.
const OWNER = `coalesce(
    (select id from workspace where id = k.ref), (select workspace_id from orders where id = k.ref), (select workspace_id from attempt where id = k.ref),
    (select workspace_id from refund where id = k.ref), (select workspace_id from subscription where id = k.ref),
    (select workspace_id from notification where id = k.ref), (select workspace_id from event where id = k.ref),
    (select coalesce(n.workspace_id, a.workspace_id) from payment_notice n left join attempt a on a.id = n.attempt_id where n.id = k.ref),
    (select workspace_id from reminder where id = k.ref), (select workspace_id from method_setup where id = k.ref))`;

const IN_STATE = {
  dead: 'k.dead_at is not null',
  leased: 'k.dead_at is null and k.leased',
  waiting: 'k.dead_at is null and not k.leased',
} as const;

/** Owed work in a state, oldest first: of one workspace or of all. */
export function listWorkOfWorkspaces(
  db: Queryable,
  page: {
    readonly state: WorkOfWorkspace['state'];
    readonly workspaceId?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly WorkOfWorkspace[]> {
  return db.query<WorkOfWorkspace>(
    `select k.id::text as id, k.queue, k.kind, k.ref, $1::text as state, k.attempts, k.due_at as "dueAt", k.created_at as "createdAt", k.last_error as "lastError",
       w.id as "workspaceId", w.name as "workspaceName"
     from work k left join lateral (select ${OWNER} as id) owner on true left join workspace w on w.id = owner.id
     where ${IN_STATE[page.state]} and ($2::bigint is null or k.id > $2) and ($3::uuid is null or owner.id = $3) order by k.id limit $4`,
    [page.state, page.after ?? null, page.workspaceId ?? null, page.limit],
  );
}

/** The state of owed work; undefined once it is done, or if it never was. */
export async function stateOfWork(db: Queryable, id: string): Promise<WorkOfWorkspace['state'] | undefined> {
  const rows = await db.query<{ state: WorkOfWorkspace['state'] }>(
    `select case when dead_at is not null then 'dead' when leased then 'leased' else 'waiting' end as state from work where id = $1::bigint`,
    [id],
  );
  return rows[0]?.state;
}
