import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The journal becomes transactions with postings (ADR 0011); months can be closed; orders say how much of their price is tax. */
export class JournalPostings1780000000020 implements MigrationInterface {
  readonly name = 'JournalPostings1780000000020';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [taxes, months, transactions, postings, guards, views]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const taxes = `
-- The part of the price that is tax.
alter table orders add column tax_minor bigint not null default 0,
  add constraint orders_tax_check check (tax_minor between 0 and amount_minor);`;

const months = `
-- Months of which nothing more is booked. Each is closed after the one before it, so the books are open from the day after the last one.
create table closed_month (
  month date primary key check (extract(day from month) = 1),
  closed_by text not null check (length(closed_by) between 1 and 300),
  closed_at timestamptz not null default now()
);
create trigger closed_month_append_only before update or delete or truncate on closed_month for each statement execute function refuse_change();
alter table closed_month enable always trigger closed_month_append_only;

create function books_open_from() returns date stable language sql as $$
  select (max(month) + interval '1 month')::date from closed_month
$$;

-- Months whose revenue the dispatcher has recognised, so that it does not look at every sale again.
create table recognised_month (
  month date primary key check (extract(day from month) = 1),
  recognised_at timestamptz not null default now()
);
-- The same for workspaces on a test clock: the last month that was recognised.
alter table test_clock add column recognised_to date check (extract(day from recognised_to) = 1);
update test_clock set recognised_to = date_trunc('month', now_at at time zone 'UTC') - interval '1 month';
alter table test_clock alter column recognised_to set not null;`;

const transactions = `
-- One row per transaction of the books, with its cause; what it moves is in posting. booked_on: its day in the workspace's zone.
-- is_test: of a workspace on a test clock, left out of the live books. posted_in: the database's transaction that wrote it.
alter table journal
  add column refund_id uuid,
  add column chargeback_id uuid,
  add column month date,
  add column booked_on date,
  add column is_test boolean,
  add column posted_in xid8 not null default pg_current_xact_id(),
  alter column order_id drop not null,
  alter column attempt_id drop not null,
  alter column workspace_id drop not null;

alter table journal disable trigger journal_append_only;
update journal j set
  booked_on = (j.created_at at time zone w.time_zone)::date,
  is_test = w.test_clock_id is not null,
  refund_id = (select r.id from refund r where r.attempt_id = j.attempt_id
    and (j.kind = 'refund' and r.reference = j.reference or j.kind = 'reversal' and (r.id::text = j.reference or r.seat_change_id is null))
    order by r.id::text = j.reference desc limit 1),
  chargeback_id = (select b.id from chargeback b where j.kind = 'chargeback' and (b.provider, b.reference) = (j.provider, j.reference))
  from workspace w where w.id = j.workspace_id;
alter table journal enable always trigger journal_append_only;`;

const postings = `
-- What a transaction moves: a debit is positive, a credit negative, in minor units.
create table posting (
  transaction_id bigint not null,
  n smallint not null,
  account text not null check (account ~ '^(cash:[a-z0-9_-]{1,40}|receivable|deferred_revenue|revenue|tax_payable|customer_credit|provider_fees|chargeback_losses|write_offs)$'),
  currency char(3) not null,
  amount_minor bigint not null,
  primary key (transaction_id, n)
);
insert into posting (transaction_id, n, account, currency, amount_minor)
  select id, side.n, side.account, currency, side.minor from journal
    cross join lateral (values (1, debit_account, amount_minor), (2, credit_account, -amount_minor)) side (n, account, minor);

alter table journal
  alter column booked_on set not null,
  alter column is_test set not null,
  drop column debit_account,
  drop column credit_account,
  drop column currency,
  drop column amount_minor,
  drop constraint journal_kind_check,
  add constraint journal_kind_check check (kind in ('charge', 'sale', 'reversal', 'refund', 'refund_failed', 'chargeback', 'chargeback_won',
    'recognition', 'fee', 'credit', 'write_off')),
  add constraint journal_month_check check ((kind = 'recognition') = (month is not null)),
  add constraint journal_cause_check check (kind in ('fee', 'credit', 'write_off') or (order_id is not null and workspace_id is not null));
create index journal_of_month on journal (booked_on);`;

// A transaction and its postings come in one transaction of the database, and never change. Each statement's postings balance, so that no order
// of statements, and no constraint that was checked too soon, leaves a transaction out of balance. Postings need no foreign key: the check looks
// their transaction up, and nothing is ever deleted.
const guards = `
create trigger posting_append_only before update or delete or truncate on posting for each statement execute function refuse_change();
alter table posting enable always trigger posting_append_only;

create function check_postings() returns trigger language plpgsql as $$
declare wrong record;
begin
  select n.transaction_id as id into wrong from new_rows n left join journal j on j.id = n.transaction_id
    where j.posted_in is distinct from pg_current_xact_id() limit 1;
  if found then
    raise exception 'posting of transaction %, which is not of this very moment', wrong.id using errcode = 'check_violation';
  end if;
  select transaction_id as id, currency, sum(amount_minor) as minor into wrong from new_rows group by 1, 2 having sum(amount_minor) <> 0 limit 1;
  if found then
    raise exception 'transaction % is out of balance by % %', wrong.id, wrong.minor, wrong.currency using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger posting_balanced after insert on posting referencing new table as new_rows for each statement execute function check_postings();

create function check_transactions() returns trigger language plpgsql as $$
declare wrong record;
begin
  select id, booked_on, posted_in into wrong from new_rows
    where posted_in <> pg_current_xact_id() or (not is_test and booked_on < books_open_from()) limit 1;
  if found then
    if wrong.posted_in <> pg_current_xact_id() then
      raise exception 'transaction % says that another transaction wrote it', wrong.id using errcode = 'check_violation';
    end if;
    raise exception 'transaction % is of %, and that month is closed', wrong.id, wrong.booked_on using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger journal_in_open_month after insert on journal referencing new table as new_rows for each statement execute function check_transactions();

create function check_balance() returns trigger language plpgsql as $$
begin
  perform 1 from (select sum(amount_minor) as minor, count(*) as sides from posting where transaction_id = new.id group by currency) c
    having count(*) > 0 and bool_and(minor = 0 and sides > 1);
  if not found then
    raise exception 'transaction % (%, %) does not balance', new.id, new.kind, new.reference using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger journal_balanced after insert on journal deferrable initially deferred for each row execute function check_balance();

-- A month is closed once every transaction under way is there, and none after the first is left open between.
create function check_closing() returns trigger language plpgsql as $$
begin
  if new.month <> coalesce(books_open_from(), new.month) then
    raise exception 'month % is not the first open one, which is %', new.month, books_open_from() using errcode = 'check_violation';
  end if;
  lock table journal in share mode;
  new.closed_at := clock_timestamp();
  return new;
end $$;
create trigger closed_month_in_turn before insert on closed_month for each row execute function check_closing();`;

const views = `
-- Each transaction with what it moves: the sum of its debits.
create view movement as
  select j.id, j.kind, j.order_id, j.attempt_id, j.workspace_id, j.refund_id, j.chargeback_id, j.month, j.provider, j.reference, j.booked_on, j.is_test, j.created_at,
    p.currency, p.amount_minor
  from journal j cross join lateral (select currency, sum(greatest(amount_minor, 0))::bigint as amount_minor from posting
    where transaction_id = j.id group by currency) p;
create view account_balance as
  select j.is_test, p.account, p.currency, sum(p.amount_minor)::bigint as balance_minor
  from posting p join journal j on j.id = p.transaction_id group by 1, 2, 3;
create view order_balance as
  select j.order_id, p.account, p.currency, sum(p.amount_minor)::bigint as balance_minor
  from journal j join posting p on p.transaction_id = j.id where j.order_id is not null group by 1, 2, 3;`;

const undo = `
drop view order_balance;
drop view account_balance;
drop view movement;
drop trigger journal_balanced on journal;
drop function check_balance();
drop trigger journal_in_open_month on journal;
drop function check_transactions();
alter table journal add column debit_account text, add column credit_account text, add column currency char(3), add column amount_minor bigint;
alter table journal disable trigger journal_append_only;
delete from journal where kind not in ('charge', 'sale', 'reversal', 'refund', 'chargeback');
update journal j set currency = p.currency, amount_minor = p.amount_minor,
  debit_account = case kind when 'charge' then 'cash:' || provider when 'reversal' then 'deferred_revenue' when 'chargeback' then 'chargeback_losses' else 'receivable' end,
  credit_account = case kind when 'sale' then 'deferred_revenue' when 'refund' then 'cash:' || provider when 'chargeback' then 'cash:' || provider else 'receivable' end
  from (select transaction_id, currency, sum(greatest(amount_minor, 0)) as amount_minor from posting group by 1, 2) p where p.transaction_id = j.id;
drop table posting;
drop function check_postings();
drop index journal_of_month;
alter table journal
  drop column refund_id,
  drop column chargeback_id,
  drop column month,
  drop column booked_on,
  drop column is_test,
  drop column posted_in,
  drop constraint journal_cause_check,
  drop constraint journal_kind_check,
  add constraint journal_kind_check check (kind in ('charge', 'sale', 'refund', 'reversal', 'chargeback')),
  alter column order_id set not null,
  alter column attempt_id set not null,
  alter column workspace_id set not null,
  alter column debit_account set not null,
  alter column credit_account set not null,
  alter column currency set not null,
  alter column amount_minor set not null,
  add constraint journal_amount_minor_check check (amount_minor >= 0),
  add constraint journal_check check (debit_account <> credit_account);
alter table journal enable trigger journal_append_only;
alter table test_clock drop column recognised_to;
drop table recognised_month;
drop table closed_month;
drop function check_closing();
drop function books_open_from();
alter table orders drop column tax_minor;`;
