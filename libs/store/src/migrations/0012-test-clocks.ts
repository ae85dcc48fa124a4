import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Test clocks: a time of their own for workspaces that are tried out. */
export class TestClocks1780000000012 implements MigrationInterface {
  readonly name = 'TestClocks1780000000012';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [clocks, guards, history]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const clocks = `
create table test_clock (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  now_at timestamptz not null,
  -- Until when it is being advanced; null while it stands still.
  target_at timestamptz,
  created_by text not null check (length(created_by) between 1 and 300),
  created_at timestamptz not null default now(),
  check (target_at >= now_at)
);
create index test_clock_advancing on test_clock (id) where target_at is not null;

alter table workspace add column test_clock_id uuid references test_clock;
create index workspace_on_clock on workspace (test_clock_id) where test_clock_id is not null;`;

const guards = `
create function keep_clock_forward() returns trigger language plpgsql as $$
begin
  if new.now_at < old.now_at then
    raise exception 'the test clock % would run backwards', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger test_clock_forward before update on test_clock for each row execute function keep_clock_forward();

-- Whoever leaves a clock, or changes to another one, may find himself earlier than he was.
create function keep_on_clock() returns trigger language plpgsql as $$
begin
  raise exception 'the workspace % stands on a test clock for good', old.id using errcode = 'check_violation';
end $$;
create trigger workspace_on_clock before update of test_clock_id on workspace for each row
  when (old.test_clock_id is not null and new.test_clock_id is distinct from old.test_clock_id) execute function keep_on_clock();`;

// What happens to a workspace on a clock is written down with the time of the clock. While nobody stands on one, that costs one look
// at an empty index per statement.
const history = `
create function clocks_in_use() returns boolean stable language sql as $$
  select exists (select 1 from workspace where test_clock_id is not null)
$$;
create or replace function record_creation() returns trigger language plpgsql as $$
begin
  if clocks_in_use() then
    insert into transition (entity, entity_id, from_status, to_status, at) select tg_table_name, n.id, null, n.status,
      coalesce((select c.now_at from workspace w join test_clock c on c.id = w.test_clock_id where w.id = n.workspace_id), now()) from new_rows n;
  else
    insert into transition (entity, entity_id, from_status, to_status) select tg_table_name, id, null, status from new_rows;
  end if;
  return null;
end $$;
create or replace function record_change() returns trigger language plpgsql as $$
declare illegal record;
begin
  select o.id, o.status as was, n.status as becomes into illegal
    from new_rows n join old_rows o using (id)
    where n.status <> o.status and not exists (
      select 1 from legal_transition l where l.entity = tg_table_name and l.from_status = o.status and l.to_status = n.status) limit 1;
  if found then
    raise exception 'illegal transition of % %: % to %', tg_table_name, illegal.id, illegal.was, illegal.becomes using errcode = 'check_violation';
  end if;
  if clocks_in_use() then
    insert into transition (entity, entity_id, from_status, to_status, at) select tg_table_name, n.id, o.status, n.status,
      coalesce((select c.now_at from workspace w join test_clock c on c.id = w.test_clock_id where w.id = n.workspace_id), now())
      from new_rows n join old_rows o using (id) where n.status <> o.status;
  else
    insert into transition (entity, entity_id, from_status, to_status)
      select tg_table_name, n.id, o.status, n.status from new_rows n join old_rows o using (id) where n.status <> o.status;
  end if;
  return null;
end $$;`;

const undo = `
create or replace function record_creation() returns trigger language plpgsql as $$
begin
  insert into transition (entity, entity_id, from_status, to_status) select tg_table_name, id, null, status from new_rows;
  return null;
end $$;
create or replace function record_change() returns trigger language plpgsql as $$
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
drop function clocks_in_use();
drop trigger workspace_on_clock on workspace;
drop function keep_on_clock();
drop index workspace_on_clock;
alter table workspace drop column test_clock_id;
drop table test_clock;
drop function keep_clock_forward();`;
