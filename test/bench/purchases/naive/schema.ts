/** The least that the pipeline needs to keep the same promises: unique keys make repeats harmless. */
export const NAIVE_SCHEMA = `
create table workspace (id uuid primary key, country text not null, currency text not null, billing_email text not null);
create table orders (
  id bigint generated always as identity primary key,
  workspace_id uuid not null references workspace,
  order_key text not null,
  plan text not null,
  seats int not null,
  period_months int not null,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, order_key)
);
create table payment (
  id bigint generated always as identity primary key,
  order_id bigint not null unique references orders,
  reference text not null unique,
  amount_minor bigint not null,
  created_at timestamptz not null default now()
);
create table ledger (
  id bigint generated always as identity primary key,
  order_id bigint not null references orders,
  account text not null,
  amount_minor bigint not null,
  created_at timestamptz not null default now()
);
create table subscription (
  id bigint generated always as identity primary key,
  workspace_id uuid not null unique references workspace,
  order_id bigint not null references orders,
  plan text not null,
  starts_on date not null,
  ends_on date not null
);
create table seat (
  subscription_id bigint not null references subscription,
  n int not null,
  primary key (subscription_id, n)
);
create table notification (
  id bigint generated always as identity primary key,
  order_id bigint not null unique references orders,
  template text not null,
  recipient text not null,
  created_at timestamptz not null default now()
);`;
