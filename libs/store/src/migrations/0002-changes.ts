import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes of a running subscription: every kind of quote and order, terms that begin later, add-ons, scheduled changes. */
export class Changes1780000000002 implements MigrationInterface {
  readonly name = 'Changes1780000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [sales, grants, books, methods]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const ORDER_KINDS = `'purchase', 'upgrade', 'add-seats', 'upgrade-and-add-seats', 'extension', 'renewal', 'add-on'`;

const sales = `
alter table quote drop constraint quote_kind_check, drop constraint quote_amount_minor_check,
  add constraint quote_kind_check check (kind in (${ORDER_KINDS}, 'scheduled-change', 'refund')),
  -- A scheduled change costs nothing, and a refund gives something back.
  add constraint quote_amount_minor_check check (case kind when 'scheduled-change' then amount_minor = 0
    when 'refund' then amount_minor between -100000000000 and -1 else amount_minor between 1 and 100000000000 end);

-- Only a purchase has one price of a seat. Whatever changes a subscription says what it was priced against.
alter table orders drop constraint orders_kind_check, alter column unit_minor drop not null,
  add column basis jsonb,
  add column add_on jsonb,
  add constraint orders_kind_check check (kind in (${ORDER_KINDS})),
  add constraint orders_unit_check check ((kind = 'purchase') = (unit_minor is not null)),
  add constraint orders_basis_check check ((kind = 'purchase') = (basis is null)),
  add constraint orders_add_on_check check ((kind = 'add-on') = (add_on is not null));`;

const grants = `
-- What the next term shall be ({plan?, seats?, periodMonths?}), the list to which staff moved it, and who switched what when.
alter table subscription
  add column scheduled jsonb,
  add column scheduled_by text,
  add column scheduled_at timestamptz,
  add column next_price_list text,
  -- When something that is paid begins or ends: a term with another plan, packages. Swept by the dispatcher.
  add column turn_at timestamptz,
  add column auto_renewal_by text not null default 'payment',
  add column auto_renewal_at timestamptz not null default now(),
  add constraint subscription_scheduled_check check ((scheduled is null) = (scheduled_by is null) and (scheduled is null) = (scheduled_at is null));

create index subscription_turns on subscription (turn_at) where turn_at is not null;

-- A term says what it was sold as. One that is paid but begins later with another plan or number of seats is pending: its seats
-- count from its first day on.
alter table seat_grant
  add column period_months int,
  add column price_list text,
  add column seats int,
  add column pending boolean not null default false,
  add constraint seat_grant_pending_check check (not pending or (during is not null and seats_delta = 0));
update seat_grant g set period_months = o.period_months, price_list = o.price_list, seats = o.seats from orders o where o.id = g.order_id;
alter table seat_grant alter column period_months set not null, alter column price_list set not null, alter column seats set not null;

-- Packages on top of a plan. An order of an add-on gives one row; a renewal gives one for each add-on that goes on.
create table add_on_grant (
  order_id uuid not null,
  add_on text not null,
  subscription_id uuid not null,
  workspace_id uuid not null,
  limit_name text not null,
  packages int not null check (packages >= 1),
  amount bigint not null check (amount >= 1),
  during daterange not null check (not isempty(during)),
  created_at timestamptz not null default now(),
  primary key (order_id, add_on),
  foreign key (order_id, workspace_id) references orders (id, workspace_id),
  foreign key (subscription_id, workspace_id) references subscription (id, workspace_id)
);
create index add_on_grant_of_subscription on add_on_grant (subscription_id);`;

const books = `
-- A sale that gives nothing after all is taken back before its money goes home.
alter table journal drop constraint journal_kind_check,
  add constraint journal_kind_check check (kind in ('charge', 'sale', 'reversal', 'refund'));`;

const methods = `
-- The attempt that brought the method: paying with a new one turns automatic renewal on.
alter table payment_method add column attempt_id uuid references attempt;`;

const undo = `
alter table payment_method drop column attempt_id;
drop table add_on_grant;
alter table seat_grant drop column period_months, drop column price_list, drop column seats, drop column pending;
alter table subscription drop column scheduled, drop column scheduled_by, drop column scheduled_at, drop column next_price_list, drop column turn_at,
  drop column auto_renewal_by, drop column auto_renewal_at;
alter table orders drop column basis, drop column add_on, drop constraint orders_unit_check;`;
