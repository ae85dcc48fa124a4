import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People on our own pages: links that let somebody in once, sessions of customers and of staff, and the accounts of staff. */
export class Access1780000000025 implements MigrationInterface {
  readonly name = 'Access1780000000025';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [links, sessions, staff, ends]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const links = `
-- A link to the billing page that the host product asked for. Only a hash of its token is kept; whoever brings the token is let in once.
create table portal_link (
  id uuid primary key,
  token_hash text not null unique check (length(token_hash) = 64),
  workspace_id uuid not null references workspace,
  person_id text not null check (length(person_id) between 1 and 120),
  person_name text check (length(person_name) between 1 and 200),
  person_email text check (length(person_email) <= 254),
  role text not null check (role in ('member', 'billing-contact', 'workspace-admin')),
  to_path text not null check (to_path like '/billing%' and length(to_path) <= 1000),
  return_url text check (length(return_url) <= 2000),
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- When it let somebody in, or was made void.
  used_at timestamptz
);
create index portal_link_ends on portal_link (expires_at);
create index portal_link_of_person on portal_link (workspace_id, person_id) where used_at is null;

-- A link to sign in that somebody asked for by e-mail. There is no token to keep: it is the id, signed with the link secret.
create table sign_in_link (
  id uuid primary key,
  door text not null check (door in ('billing', 'support')),
  email text not null check (email = lower(email) and length(email) <= 254),
  to_path text not null check (length(to_path) <= 1000),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index sign_in_link_of_address on sign_in_link (email, created_at);
create index sign_in_link_ends on sign_in_link (expires_at);
create index member_address on member (lower(email)) where status = 'active' and role <> 'member';
create index workspace_billing_address on workspace (lower(billing_email));`;

const sessions = `
-- A person on the billing page of one workspace. Only a hash of what the cookie holds is kept.
create table portal_session (
  id uuid primary key,
  token_hash text not null unique check (length(token_hash) = 64),
  -- What let the person in: the link of the host product, or one that came by mail.
  link_id uuid not null,
  source text not null check (source in ('host', 'mail')),
  workspace_id uuid not null references workspace,
  person_id text not null,
  person_name text,
  person_email text,
  role text not null check (role in ('member', 'billing-contact', 'workspace-admin')),
  return_url text,
  created_at timestamptz not null default now(),
  -- Kept to the minute: it says how long nobody has come.
  seen_at timestamptz not null default now(),
  -- When it ends however busy it is.
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_for text,
  check ((ended_at is null) = (ended_for is null))
);
create index portal_session_of_person on portal_session (workspace_id, person_id) where ended_at is null;
create index portal_session_ends on portal_session (ends_at);`;

const staff = `
-- People who work for the seller. Who was removed stays, so that what he did keeps its name.
create table staff_account (
  id uuid primary key,
  email text not null check (email = lower(email) and length(email) <= 254),
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('viewer', 'operator', 'support', 'admin')),
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
create unique index staff_account_address on staff_account (email) where removed_at is null;

create table staff_session (
  id uuid primary key,
  token_hash text not null unique check (length(token_hash) = 64),
  link_id uuid not null,
  staff_id uuid not null references staff_account,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_for text,
  check ((ended_at is null) = (ended_for is null))
);
create index staff_session_of_account on staff_session (staff_id) where ended_at is null;
create index staff_session_ends on staff_session (ends_at);

-- Mails to staff are about no workspace.
alter table notification alter column workspace_id drop not null,
  add constraint notification_workspace_check check (workspace_id is not null or template = 'sign_in_link');

-- Keys may have the roles of staff as well: one that only reads, and one that may do everything.
alter table api_key drop constraint api_key_role_check,
  add constraint api_key_role_check check (
    case when workspace_id is null then role in ('viewer', 'service', 'support', 'operator', 'admin')
    else role in ('member', 'billing-contact', 'workspace-admin') end);`;

const ends = `
-- Whoever is disabled is let in no more, and what let him in before ends with it: whichever way members are written.
create function end_access_of_members() returns trigger language plpgsql as $$
begin
  update portal_session s set ended_at = now(), ended_for = 'the member was disabled' from new_rows n
    where n.status = 'disabled' and s.workspace_id = n.workspace_id and s.person_id = n.external_id and s.ended_at is null;
  update portal_link l set used_at = now() from new_rows n
    where n.status = 'disabled' and l.workspace_id = n.workspace_id and l.person_id = n.external_id and l.used_at is null;
  -- What a mail let in follows what is known of its reader now; the host product vouches for the roles in its own links.
  update portal_session s set ended_at = now(), ended_for = 'the member has another role' from new_rows n
    where s.source = 'mail' and s.workspace_id = n.workspace_id and s.person_id = n.external_id and s.ended_at is null
      and s.role <> case n.role when 'admin' then 'workspace-admin' else n.role end;
  return null;
end $$;
create trigger member_access_new after insert on member referencing new table as new_rows for each statement execute function end_access_of_members();
create trigger member_access_changed after update on member referencing new table as new_rows for each statement execute function end_access_of_members();`;

const undo = `
drop trigger member_access_new on member;
drop trigger member_access_changed on member;
drop function end_access_of_members;
delete from api_key where role in ('viewer', 'admin');
alter table api_key drop constraint api_key_role_check,
  add constraint api_key_role_check check (
    case when workspace_id is null then role in ('service', 'support', 'operator') else role in ('member', 'billing-contact', 'workspace-admin') end);
delete from work where kind = 'mail.send' and ref in (select id from notification where workspace_id is null);
delete from notification where workspace_id is null;
alter table notification drop constraint notification_workspace_check, alter column workspace_id set not null;
drop index member_address;
drop index workspace_billing_address;
drop table staff_session;
drop table staff_account;
drop table portal_session;
drop table sign_in_link;
drop table portal_link;`;
