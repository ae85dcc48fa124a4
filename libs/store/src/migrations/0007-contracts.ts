import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Enterprise requests and contracts, payments outside of the fleet, roles of keys, and who placed an order. */
export class Contracts1780000000007 implements MigrationInterface {
  readonly name = 'Contracts1780000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [roles, requests, contracts, offline]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const roles = `
alter table api_key add column role text;
update api_key set role = case when workspace_id is not null then 'workspace-admin' when 'admin' = any(scopes) then 'operator' else 'service' end;
alter table api_key alter column role set not null,
  add constraint api_key_role_check check (
    case when workspace_id is null then role in ('service', 'support', 'operator') else role in ('member', 'billing-contact', 'workspace-admin') end);

-- The person or the key that placed the order; null where the fleet did it by itself.
alter table orders add column placed_by text check (length(placed_by) between 1 and 300);`;

const requests = `
create table enterprise_request (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  contact jsonb not null,
  seats int check (seats between 1 and 10000),
  message text check (length(message) between 1 and 2000),
  requested_by text not null,
  status text not null default 'new' check (status in ('new', 'contacted', 'won', 'lost')),
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now(),
  unique (id, workspace_id)
);
-- One conversation at a time: whoever asks again means the same one.
create unique index enterprise_request_one_open on enterprise_request (workspace_id) where status in ('new', 'contacted');
create index enterprise_request_by_status on enterprise_request (status, id);
create trigger enterprise_request_created after insert on enterprise_request referencing new table as new_rows
  for each statement execute function record_creation();
create trigger enterprise_request_changed after update on enterprise_request referencing old table as old_rows new table as new_rows
  for each statement execute function record_change();`;

const contracts = `
-- A private price list of one workspace. What was agreed never changes; a newer contract takes its place for new orders.
create table contract (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  request_id uuid,
  plan text not null,
  currency char(3) not null check (currency in ('USD', 'BRL')),
  monthly_price_minor bigint not null check (monthly_price_minor between 1 and 100000000000),
  seats_min int check (seats_min >= 1),
  period_months int[] check (cardinality(period_months) between 1 and 200),
  limits jsonb,
  valid_from date not null,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  foreign key (request_id, workspace_id) references enterprise_request (id, workspace_id)
);
create index contract_of_workspace on contract (workspace_id, id);

create function keep_contract() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.withdrawn_at is null and new.withdrawn_at is not null
    and to_jsonb(new) - 'withdrawn_at' = to_jsonb(old) - 'withdrawn_at' then
    return new;
  end if;
  raise exception 'a contract is never changed: it can only be withdrawn, once' using errcode = 'check_violation';
end $$;
create trigger contract_is_kept before update or delete on contract for each row execute function keep_contract();`;

const offline = `
-- Money that came outside of every provider: what the books hold is the order's own amount, beside it what was really paid, and the proof.
create table offline_payment (
  id uuid primary key,
  order_id uuid not null unique,
  attempt_id uuid not null unique,
  workspace_id uuid not null,
  partner text,
  currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor > 0),
  proof_kind text not null check (proof_kind in ('bank-transfer', 'receipt', 'other')),
  proof_reference text not null,
  proof_note text,
  paid_at timestamptz not null,
  reason text not null,
  recorded_by text not null,
  created_at timestamptz not null default now(),
  foreign key (order_id, workspace_id) references orders (id, workspace_id),
  foreign key (attempt_id, order_id) references attempt (id, order_id)
);
-- One proof pays one order, however it is spelled.
create unique index offline_payment_proof on offline_payment (lower(coalesce(partner, '')), lower(proof_reference));
create trigger offline_payment_append_only before update or delete or truncate on offline_payment for each statement execute function refuse_change();

-- Money outside of the fleet is booked in the transaction that records it, so such an attempt is never open for anybody to see; a checkout that
-- is still open at the provider is closed afterwards.
drop index attempt_one_open;
create unique index attempt_one_open on attempt (order_id) where status in ('submitting', 'pending', 'unknown') and provider <> 'offline';`;

const undo = `
drop index attempt_one_open;
create unique index attempt_one_open on attempt (order_id) where status in ('submitting', 'pending', 'unknown');
drop table offline_payment;
drop table contract;
drop function keep_contract;
drop table enterprise_request;
alter table orders drop column placed_by;
alter table api_key drop constraint api_key_role_check, drop column role;`;
