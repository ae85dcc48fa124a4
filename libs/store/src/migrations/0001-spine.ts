import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The spine: tenants, requests, orders, attempts, notices, journal, grants, deliveries, owed work and history. */
export class Spine1780000000001 implements MigrationInterface {
  readonly name = 'Spine1780000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [tenants, sales, payments, subscriptions, deliveries, work, history]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema public cascade; create schema public');
  }
}

const tenants = `
create extension if not exists btree_gist;

create table workspace (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  country char(2) not null check (country ~ '^[A-Z]{2}$'),
  currency char(3) not null check (currency in ('USD', 'BRL')),
  time_zone text not null,
  locale text not null check (locale in ('en', 'es', 'pt-BR')),
  billing_email text,
  trial_ends_on date,
  created_at timestamptz not null default now(),
  check ((country = 'BR') = (currency = 'BRL'))
);

-- Only a hash of the secret is kept; the prefix finds the row. workspace_id null = a service of the host product.
create table api_key (
  id uuid primary key,
  prefix text not null unique,
  secret_hash text not null,
  name text not null,
  scopes text[] not null check (scopes <@ array['publish', 'read', 'admin']),
  workspace_id uuid references workspace,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

-- One row per idempotency key, whichever door the request came through. It lives as long as what it made.
create table request (
  workspace_id uuid not null references workspace,
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  operation text not null,
  request_hash text not null,
  status text not null check (status in ('accepted', 'refused')),
  ref uuid,
  problem jsonb,
  created_at timestamptz not null default now(),
  primary key (workspace_id, idempotency_key),
  check ((status = 'accepted') = (ref is not null)),
  check ((status = 'refused') = (problem is not null))
);

create table ops_action (
  id bigint generated always as identity primary key,
  actor text not null,
  action text not null,
  subject text not null,
  reason text not null,
  created_at timestamptz not null default now()
);`;

const sales = `
create table quote (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  kind text not null check (kind in ('purchase')),
  content jsonb not null,
  hash text not null,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor between 0 and 100000000000),
  expires_at timestamptz not null,
  used_by uuid unique,
  created_at timestamptz not null default now(),
  unique (id, workspace_id)
);

create table orders (
  id uuid primary key,
  number bigint generated always as identity,
  workspace_id uuid not null references workspace,
  kind text not null check (kind in ('purchase')),
  quote_id uuid unique,
  plan text not null,
  seats int not null check (seats between 1 and 10000),
  period_months int not null check (period_months between 1 and 120),
  price_list text not null,
  currency char(3) not null check (currency in ('USD', 'BRL')),
  unit_minor bigint not null check (unit_minor >= 0),
  amount_minor bigint not null check (amount_minor between 0 and 100000000000),
  lines jsonb not null,
  collection text not null check (collection in ('provider', 'upstream')),
  method text check (method in ('card', 'pix', 'paypal')),
  installments int not null default 1 check (installments between 1 and 24),
  taxpayer jsonb,
  invoice_details jsonb,
  status text not null default 'awaiting_payment'
    check (status in ('awaiting_payment', 'paid', 'fulfilled', 'cancelled', 'expired', 'refund_due', 'refunded')),
  status_reason text,
  paid_attempt_id uuid,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (quote_id, workspace_id) references quote (id, workspace_id),
  check (kind <> 'purchase' or amount_minor = unit_minor * seats),
  check ((collection = 'provider') = (method is not null)),
  check (status not in ('paid', 'fulfilled') or paid_attempt_id is not null)
);
-- One unpaid order per kind: a newer one replaces it.
create unique index orders_one_unpaid on orders (workspace_id, kind) where status = 'awaiting_payment';
create index orders_of_workspace on orders (workspace_id, id);
create index orders_paid on orders (workspace_id) where status = 'paid';
create index orders_to_expire on orders (expires_at) where status = 'awaiting_payment';`;

const payments = `
create table attempt (
  id uuid primary key,
  order_id uuid not null,
  workspace_id uuid not null,
  n int not null,
  provider text not null,
  method text,
  token text,
  reference text,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor >= 0),
  installments int not null default 1,
  checkout_url text,
  pix_code text,
  expires_at timestamptz,
  failure jsonb,
  checks int not null default 0,
  status text not null default 'submitting'
    check (status in ('submitting', 'pending', 'unknown', 'succeeded', 'declined', 'cancelled', 'expired')),
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now(),
  unique (order_id, n),
  unique (provider, reference),
  unique (id, order_id),
  foreign key (order_id, workspace_id) references orders (id, workspace_id)
);
-- At most one try of an order may have an open outcome: a second one could charge twice.
create unique index attempt_one_open on attempt (order_id) where status in ('submitting', 'pending', 'unknown');
alter table orders add foreign key (paid_attempt_id, id) references attempt (id, order_id) deferrable initially deferred;

create table payment_method (
  workspace_id uuid not null references workspace,
  provider text not null,
  method text not null,
  token text not null,
  brand text not null,
  last4 text not null,
  expires_on text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, provider, token)
);

-- What somebody told us about a payment: a provider's webhook, or an upstream service. The unique event makes repeats harmless.
create table payment_notice (
  id uuid primary key,
  provider text not null,
  event_id text not null,
  source text not null check (source in ('webhook', 'http', 'queue')),
  workspace_id uuid,
  attempt_id uuid,
  reference text not null,
  claim jsonb,
  outcome text,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  unique (provider, event_id)
);
create index payment_notice_open on payment_notice (received_at) where processed_at is null;

-- Append only. Each row moves an amount from the credited to the debited account, so it balances by construction.
create table journal (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('charge', 'sale', 'refund')),
  order_id uuid not null,
  attempt_id uuid not null,
  workspace_id uuid not null,
  provider text not null,
  reference text not null,
  debit_account text not null,
  credit_account text not null,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor >= 0),
  created_at timestamptz not null default now(),
  unique (provider, reference, kind),
  foreign key (attempt_id, order_id) references attempt (id, order_id),
  check (debit_account <> credit_account)
);
create index journal_of_order on journal (order_id);

create table refund (
  id uuid primary key,
  order_id uuid not null,
  attempt_id uuid not null unique,
  workspace_id uuid not null,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null,
  reference text,
  status text not null default 'owed' check (status in ('owed', 'processing', 'succeeded', 'failed')),
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now(),
  foreign key (attempt_id, order_id) references attempt (id, order_id)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'check_violation';
end $$;
create trigger journal_append_only before update or delete or truncate on journal for each statement execute function refuse_change();`;

const subscriptions = `
create table subscription (
  id uuid primary key,
  workspace_id uuid not null unique references workspace,
  status text not null check (status in ('active', 'expired', 'closed')),
  plan text not null,
  seats int not null check (seats between 0 and 100000),
  period_months int not null,
  price_list text not null,
  anchor_on date not null,
  starts_on date not null,
  ends_on date not null,
  auto_renewal boolean not null,
  limits jsonb not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  check (starts_on < ends_on)
);
create index subscription_ends on subscription (ends_on) where status = 'active';

-- What a paid order gave. Paid ranges of one subscription never overlap.
create table seat_grant (
  order_id uuid primary key,
  subscription_id uuid not null,
  workspace_id uuid not null,
  plan text not null,
  seats_delta int not null,
  during daterange,
  created_at timestamptz not null default now(),
  foreign key (order_id, workspace_id) references orders (id, workspace_id),
  foreign key (subscription_id, workspace_id) references subscription (id, workspace_id),
  constraint seat_grant_no_overlap exclude using gist (subscription_id with =, during with &&) where (during is not null)
);
create index seat_grant_of_subscription on seat_grant (subscription_id);

create table reminder (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  status text not null default 'requested' check (status in ('requested', 'sent', 'skipped')),
  outcome text,
  term_ends_on date,
  created_at timestamptz not null default now(),
  decided_at timestamptz
);`;

const deliveries = `
create table notification (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  template text not null,
  class text not null check (class in ('at_most_once', 'at_least_once')),
  dedupe_key text not null unique,
  recipient text not null,
  locale text not null,
  time_zone text not null,
  facts jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'claimed', 'sent', 'uncertain', 'dead')),
  failure text,
  claimed_at timestamptz,
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now()
);

create table host_event (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  dedupe_key text not null unique,
  type text not null,
  data jsonb not null,
  status text not null default 'owed' check (status in ('owed', 'delivered', 'gone')),
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now()
);`;

const work = `
-- A row says that a job is owed. Done work is deleted by its own business transaction, so the table stays as small as what is owed.
create table work (
  id bigint generated always as identity primary key,
  queue text not null check (queue in ('order', 'payment-confirmation', 'seat-provisioning', 'renewal-reminder', 'delivery')),
  kind text not null,
  ref uuid not null,
  generation int not null,
  leased boolean not null,
  due_at timestamptz not null,
  attempts int not null default 0,
  starts int not null default 0,
  outages int not null default 0,
  last_error text,
  dead_at timestamptz,
  created_at timestamptz not null default now(),
  unique (kind, ref)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
create index work_due on work (due_at) where dead_at is null;
create index work_dead on work (dead_at) where dead_at is not null;`;

const history = `
create table legal_transition (
  entity text not null,
  from_status text,
  to_status text not null,
  unique nulls not distinct (entity, from_status, to_status)
);
create table transition (
  id bigint generated always as identity primary key,
  entity text not null,
  entity_id uuid not null,
  from_status text,
  to_status text not null,
  at timestamptz not null default now()
);
create index transition_of on transition (entity_id);

-- Statement triggers see all changed rows at once: one insert per statement, however many orders it moved.
create function record_creation() returns trigger language plpgsql as $$
begin
  insert into transition (entity, entity_id, from_status, to_status) select tg_table_name, id, null, status from new_rows;
  return null;
end $$;
create function record_change() returns trigger language plpgsql as $$
declare illegal record;
begin
  select o.id, o.status as was, n.status as becomes into illegal
    from new_rows n join old_rows o using (id)
    where n.status <> o.status and not exists (
      select 1 from legal_transition l where l.entity = tg_table_name and l.from_status = o.status and l.to_status = n.status) limit 1;
  if found then
    raise exception 'illegal transition of % %: % to %', tg_table_name, illegal.id, illegal.was, illegal.becomes using errcode = 'check_violation';
  end if;
  insert into transition (entity, entity_id, from_status, to_status)
    select tg_table_name, n.id, o.status, n.status from new_rows n join old_rows o using (id) where n.status <> o.status;
  return null;
end $$;
do $$
declare entity text;
begin
  foreach entity in array array['orders', 'attempt', 'subscription', 'refund', 'notification'] loop
    execute format('create trigger %1$s_created after insert on %1$s referencing new table as new_rows for each statement execute function record_creation()', entity);
    execute format('create trigger %1$s_changed after update on %1$s referencing old table as old_rows new table as new_rows for each statement execute function record_change()', entity);
  end loop;
end $$;

insert into legal_transition (entity, from_status, to_status) values
  ('refund', null, 'owed'), ('refund', 'owed', 'processing'), ('refund', 'owed', 'succeeded'), ('refund', 'owed', 'failed'),
  ('refund', 'processing', 'succeeded'), ('refund', 'processing', 'failed'), ('refund', 'failed', 'owed'),
  ('notification', null, 'pending'), ('notification', 'pending', 'claimed'), ('notification', 'claimed', 'sent'), ('notification', 'claimed', 'pending'),
  ('notification', 'claimed', 'uncertain'), ('notification', 'claimed', 'dead'), ('notification', 'pending', 'dead'), ('notification', 'dead', 'pending');`;
