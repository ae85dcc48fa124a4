import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What workspaces use of their limits, whom that was told, and the ledger of their credits. */
export class Usage1780000000004 implements MigrationInterface {
  readonly name = 'Usage1780000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [meters, credits]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table credit_movement; drop table credit_account; drop table usage_crossing; drop table usage_meter;`,
    );
  }
}

const meters = `
-- One row per thing that is counted. first_used and since: where the count began, from which it is projected.
create table usage_meter (
  workspace_id uuid not null references workspace,
  meter text not null check (length(meter) between 1 and 40),
  used bigint not null default 0 check (used between 0 and 9007199254740991),
  first_used bigint not null default 0 check (first_used >= 0),
  since timestamptz,
  observed_at timestamptz,
  -- The end of the running month of a meter that resets; null where none runs.
  month_ends_at timestamptz,
  -- What was told: the highest threshold reached, the end of the breach, whether that end was told, how many crossings.
  reached_percent int not null default 0 check (reached_percent between 0 and 100),
  breach_ends_at timestamptz,
  blocked boolean not null default false,
  crossings int not null default 0,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, meter),
  check (not blocked or breach_ends_at is not null)
) with (fillfactor = 80);
create index usage_meter_breaches on usage_meter (breach_ends_at) where breach_ends_at is not null and not blocked;
create index usage_meter_months on usage_meter (month_ends_at) where month_ends_at is not null;
create index usage_meter_full on usage_meter (workspace_id) where breach_ends_at is not null;

-- Append only: each time that a use came to a threshold from below. One event and one mail belong to each.
create table usage_crossing (
  id uuid primary key,
  workspace_id uuid not null,
  meter text not null,
  n int not null,
  threshold_percent int not null check (threshold_percent between 1 and 100),
  used bigint not null,
  limit_amount bigint not null check (limit_amount > 0),
  breach_ends_at timestamptz,
  at timestamptz not null,
  unique (workspace_id, meter, n),
  foreign key (workspace_id, meter) references usage_meter
);
create trigger usage_crossing_append_only before update or delete or truncate on usage_crossing for each statement execute function refuse_change();`;

const credits = `
-- The balance that the ledger below adds up to. Without a month there is nothing to spend: not opened yet, or ended.
create table credit_account (
  workspace_id uuid primary key references workspace,
  basis text check (basis in ('trial', 'plan')),
  month_starts_on date,
  month_ends_on date,
  -- [{key, endsOn, granted, left}], in the order in which they are spent.
  sources jsonb not null default '[]',
  balance bigint not null default 0,
  spent bigint not null default 0 check (spent >= 0),
  -- When the present month ends and the next one is granted.
  next_grant_at timestamptz,
  updated_at timestamptz not null default now(),
  check ((basis is null) = (month_starts_on is null) and (basis is null) = (month_ends_on is null) and (basis is null) = (next_grant_at is null)),
  check (month_starts_on < month_ends_on),
  check (basis is not null or balance = 0)
) with (fillfactor = 80);
create index credit_account_grants on credit_account (next_grant_at) where next_grant_at is not null;

-- Append only. Grants add, spending and the end of a month take away; the last balance_after of an account is its balance.
create table credit_movement (
  id bigint generated always as identity primary key,
  workspace_id uuid not null references credit_account,
  kind text not null check (kind in ('grant', 'spend', 'expire')),
  source text not null,
  amount bigint not null check (amount <> 0),
  balance_after bigint not null,
  month_starts_on date not null,
  spend_id uuid,
  action text,
  at timestamptz not null,
  created_at timestamptz not null default now(),
  check (case kind when 'grant' then amount > 0 when 'spend' then amount < 0 else true end),
  check (kind <> 'spend' or spend_id is not null),
  check ((spend_id is null) = (action is null)),
  unique (spend_id, kind, source)
);
create index credit_movement_of_workspace on credit_movement (workspace_id, id);
create trigger credit_movement_append_only before update or delete or truncate on credit_movement for each statement execute function refuse_change();`;
