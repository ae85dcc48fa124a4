import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders on account: sold and invoiced when they are placed, paid later by their invoice. */
export class OnAccount1780000000030 implements MigrationInterface {
  readonly name = 'OnAccount1780000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(steps);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const steps = `
-- Days after which an invoice under the contract is due; null where nothing is sold on account.
alter table contract add column due_days int check (due_days between 1 and 365);

-- An order on account is due on a day, and may all the same be paid at the provider: then it has a method as well.
alter table orders add column due_at timestamptz,
  drop constraint orders_collection_check,
  add constraint orders_collection_check check (collection in ('provider', 'upstream', 'account')),
  drop constraint orders_check1,
  add constraint orders_method_check1 check (collection = 'account' or (collection = 'provider') = (method is not null)),
  add constraint orders_due_check check ((collection = 'account') = (due_at is not null) and (due_at is null or due_at <= expires_at));

-- Few orders are on account, and whoever looks for how orders were paid looks for them.
create index orders_on_account on orders (workspace_id, id) where collection = 'account';

-- An invoice that was never paid is taken back by one credit note, which is about no refund.
create unique index document_note_of_cancellation on document (order_id) where kind = 'credit_note' and refund_id is null;`;

// What was paid stays sold, by the money that paid it; what was never paid was never sold before there was this step.
const undo = `
alter table journal disable trigger journal_append_only;
alter table posting disable trigger posting_append_only;
update journal j set attempt_id = c.attempt_id, provider = c.provider, reference = c.reference
  from orders o join journal c on c.attempt_id = o.paid_attempt_id and c.kind = 'charge'
  where o.id = j.order_id and j.provider = 'account' and j.kind = 'sale';
delete from posting where transaction_id in (select id from journal where provider = 'account');
delete from journal where provider = 'account';
alter table journal enable always trigger journal_append_only;
alter table posting enable always trigger posting_append_only;
delete from work where kind = 'cancellation-note.issue';
drop index document_note_of_cancellation;
drop index orders_on_account;
alter table orders drop constraint orders_due_check, drop constraint orders_method_check1, drop constraint orders_collection_check;
update orders set collection = case when method is null then 'upstream' else 'provider' end where collection = 'account';
alter table orders
  add constraint orders_collection_check check (collection in ('provider', 'upstream')),
  add constraint orders_check1 check ((collection = 'provider') = (method is not null)),
  drop column due_at;
alter table contract drop column due_days;`;
