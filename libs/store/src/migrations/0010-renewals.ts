import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The end of a term: when it has something due next, and what was reminded, ordered and charged for it. */
export class Renewals1780000000010 implements MigrationInterface {
  readonly name = 'Renewals1780000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(steps);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const steps = `
-- The next moment at which the end of the term has something due. Swept by the dispatcher. Subscriptions from before are looked at
-- once, early enough for any catalogue, and then have their own moment.
alter table subscription add column renewal_at timestamptz;
update subscription set renewal_at = (ends_on - 91)::timestamptz where status = 'active';
create index subscription_renewals on subscription (renewal_at) where renewal_at is not null;

-- One row per subscription and end of a term, which is the first day of the next period: so a term is reminded of once, and a period
-- has one renewal order that the fleet made and charges.
create table renewal (
  subscription_id uuid not null,
  workspace_id uuid not null,
  term_ends_on date not null,
  -- What was decided about the reminder; null while it is still to come.
  reminder text check (reminder in ('will-be-charged', 'will-expire', 'suppressed', 'no-recipient')),
  reminded_at timestamptz,
  order_id uuid unique,
  tries int not null default 0 check (tries >= 0),
  -- When the next charge may be made; null when none is to follow.
  next_try_at timestamptz,
  primary key (subscription_id, term_ends_on),
  foreign key (subscription_id, workspace_id) references subscription (id, workspace_id),
  foreign key (order_id, workspace_id) references orders (id, workspace_id),
  check ((reminder is null) = (reminded_at is null))
);`;

const undo = `
drop table renewal;
alter table subscription drop column renewal_at;`;
