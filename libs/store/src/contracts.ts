import type { CivilDate, Currency, LimitRules, PriceList } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** What was agreed with one workspace, about to be stored. */
export type NewContract = {
  readonly id: string;
  readonly workspaceId: string;
  readonly requestId: string | null;
  readonly plan: string;
  readonly currency: Currency;
  readonly monthlyPriceMinor: bigint;
  readonly seatsMin: number | null;
  readonly periodMonths: readonly number[] | null;
  readonly limits: LimitRules | null;
  /** Days after which an invoice is due; null where nothing is sold on account. */
  readonly dueDays: number | null;
  readonly validFrom: CivilDate;
  readonly reason: string;
  readonly createdBy: string;
};

/** A contract as staff see it. `priceListId` is what quotes and orders under it name; `orders` is how many were placed so far. */
export type ContractView = Omit<NewContract, 'monthlyPriceMinor'> & {
  readonly monthlyPriceMinor: string;
  readonly priceListId: string;
  readonly createdAt: Date;
  readonly withdrawnAt: Date | null;
  readonly orders: number;
};

/** The id of the price list that a contract is. No list of a catalogue file can have it: those are at most 40 characters long. */
export const listIdOf = (contractId: string): string => `contract-${contractId}`;

type ListRow = Pick<
  NewContract,
  'id' | 'workspaceId' | 'plan' | 'currency' | 'seatsMin' | 'periodMonths' | 'limits' | 'dueDays'
> & {
  readonly country: string;
  readonly monthlyPriceMinor: string;
  readonly validFrom: CivilDate;
  readonly isWithdrawn: boolean;
};

/** Whose contracts are wanted: those of workspaces, or of the workspaces of other rows. */
const OWNERS = {
  workspace: `$1::uuid[]`,
  orders: `array(select workspace_id from orders where id = any($1::uuid[]))`,
  subscription: `array(select workspace_id from subscription where id = any($1::uuid[]))`,
} as const;

/**
 * The contracts of workspaces as private price lists, newest first, withdrawn ones too, since what was sold under them goes on. One
 * read for a batch: `ids` name workspaces, or `of` says which rows they name instead.
 */
export async function listsOf(
  db: Queryable,
  ids: readonly string[],
  of: keyof typeof OWNERS = 'workspace',
): Promise<readonly PriceList[]> {
  if (ids.length === 0) return [];
  const rows = await db.query<ListRow>(
    // Nobody has a contract in most fleets: then no owner is looked up.
    `select c.id, c.workspace_id as "workspaceId", c.plan, c.currency, c.seats_min as "seatsMin", c.period_months as "periodMonths", c.limits,
       c.due_days as "dueDays", c.monthly_price_minor::text as "monthlyPriceMinor", c.valid_from::text as "validFrom", c.withdrawn_at is not null as "isWithdrawn", w.country
     from contract c join workspace w on w.id = c.workspace_id
     where exists (select 1 from contract) and c.workspace_id = any(${OWNERS[of]}) order by c.id desc`,
    [[...new Set(ids)]],
  );
  return rows.map(listFrom);
}

function listFrom(row: ListRow): PriceList {
  const { workspaceId, plan, currency, seatsMin, periodMonths, limits, dueDays, validFrom } = row;
  return {
    id: listIdOf(row.id),
    region: row.country,
    ...{ currency, validFrom, workspaceId },
    monthlyPriceMinorBySeat: { [plan]: BigInt(row.monthlyPriceMinor) },
    monthlyPriceMinorByAddOn: {},
    contract: {
      plan,
      ...(seatsMin === null ? {} : { seatsMin }),
      ...(periodMonths === null ? {} : { periodMonths }),
      ...(limits === null ? {} : { limits }),
      ...(dueDays === null ? {} : { dueDays }),
    },
    ...(row.isWithdrawn ? { withdrawn: true } : {}),
  };
}

/** Stores a contract. */
export async function insertContract(tx: Tx, contract: NewContract): Promise<void> {
  await tx.query(
    `insert into contract (id, workspace_id, request_id, plan, currency, monthly_price_minor, seats_min, period_months, limits, valid_from, reason, created_by, due_days)
     values ($1, $2, $3, $4, $5, $6, $7, $8::int[], $9::jsonb, $10::date, $11, $12, $13)`,
    [
      contract.id,
      contract.workspaceId,
      contract.requestId,
      contract.plan,
      contract.currency,
      contract.monthlyPriceMinor.toString(),
      contract.seatsMin,
      contract.periodMonths,
      contract.limits === null ? null : JSON.stringify(contract.limits),
      contract.validFrom,
      contract.reason,
      contract.createdBy,
      contract.dueDays,
    ],
  );
}

const VIEW = `select c.id, c.workspace_id as "workspaceId", c.request_id as "requestId", c.plan, c.currency, c.monthly_price_minor::text as "monthlyPriceMinor",
    c.seats_min as "seatsMin", c.period_months as "periodMonths", c.limits, c.due_days as "dueDays", c.valid_from::text as "validFrom", c.reason, c.created_by as "createdBy",
    c.created_at as "createdAt", c.withdrawn_at as "withdrawnAt", 'contract-' || c.id as "priceListId",
    (select count(*)::int from orders o where o.workspace_id = c.workspace_id and o.price_list = 'contract-' || c.id) as orders
  from contract c`;

/** One contract. */
export async function viewContract(db: Queryable, id: string): Promise<ContractView | undefined> {
  const rows = await db.query<ContractView>(`${VIEW} where c.id = $1`, [id]);
  return rows[0];
}

const SHOWN_MAX = 100;

/** The contracts of a workspace, newest first, at most 100. */
export function viewContracts(db: Queryable, workspaceId: string): Promise<ContractView[]> {
  return db.query<ContractView>(`${VIEW} where c.workspace_id = $1 order by c.id desc limit ${String(SHOWN_MAX)}`, [
    workspaceId,
  ]);
}

/** Locks a workspace, so that of two contracts at once the second one sees the first. Answers what a new one depends on. */
export async function lockForContract(
  tx: Tx,
  workspaceId: string,
  about: { readonly plan: string; readonly requestId: string | null },
): Promise<{ readonly newestFrom: CivilDate | null; readonly hasRequest: boolean }> {
  await tx.query(`select 1 from workspace where id = $1 for no key update`, [workspaceId]);
  const rows = await tx.query<{ newestFrom: CivilDate | null; hasRequest: boolean }>(
    `select (select max(valid_from)::text from contract where workspace_id = $1 and plan = $2 and withdrawn_at is null) as "newestFrom",
       exists (select 1 from enterprise_request where id = $3::uuid and workspace_id = $1) as "hasRequest"`,
    [workspaceId, about.plan, about.requestId],
  );
  return rows[0] ?? { newestFrom: null, hasRequest: false };
}

/** Locks a contract and looks at it. */
export async function lockContract(tx: Tx, id: string): Promise<ContractView | undefined> {
  await tx.query(`select 1 from contract where id = $1 for update`, [id]);
  return viewContract(tx, id);
}

/** Withdraws a contract: it prices nothing new. */
export async function withdrawContract(tx: Tx, id: string): Promise<void> {
  await tx.query(`update contract set withdrawn_at = now() where id = $1 and withdrawn_at is null`, [id]);
}
