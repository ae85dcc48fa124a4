import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoices and credit notes: numbered without gaps, chained by their hashes, never changed; and their PDFs. */
export class Documents1780000000021 implements MigrationInterface {
  readonly name = 'Documents1780000000021';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [series, documents, chain, pictures, arrears]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const series = `
-- Documents that are numbered together. Whoever issues holds the row: the number and the hash before are his until he commits.
create table document_series (
  seller text not null check (seller ~ '^[a-z][a-z0-9-]{0,39}$'),
  kind text not null check (kind in ('invoice', 'credit_note')),
  year int not null check (year between 1970 and 9999),
  mode text not null check (mode in ('live', 'test')),
  next_seq int not null default 1 check (next_seq >= 1),
  last_hash text not null default repeat('0', 64),
  last_issued_at timestamptz,
  primary key (seller, kind, year, mode)
);

create function keep_series_forward() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.seller, new.kind, new.year, new.mode) = (old.seller, old.kind, old.year, old.mode) and new.next_seq > old.next_seq then
    return new;
  end if;
  raise exception 'a series of documents only grows' using errcode = 'check_violation';
end $$;
create trigger document_series_forward before update or delete on document_series for each row execute function keep_series_forward();`;

const documents = `
-- The content is what was issued, word for word; the columns repeat what is looked for.
create table document (
  id uuid primary key,
  kind text not null,
  seller text not null,
  year int not null,
  mode text not null,
  seq int not null check (seq >= 1),
  number text not null unique,
  workspace_id uuid not null,
  order_id uuid not null,
  refund_id uuid references refund,
  invoice_id uuid references document,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor >= 0),
  tax_minor bigint not null check (tax_minor between 0 and amount_minor),
  issued_at timestamptz not null,
  content text not null,
  previous_hash text not null,
  hash text not null unique,
  created_at timestamptz not null default now(),
  unique (seller, kind, year, mode, seq),
  foreign key (seller, kind, year, mode) references document_series,
  foreign key (order_id, workspace_id) references orders (id, workspace_id),
  constraint document_hash_check check (hash = encode(sha256(convert_to(previous_hash || chr(10) || content, 'UTF8')), 'hex')),
  constraint document_refs_check check ((kind = 'credit_note') = (invoice_id is not null) and (kind = 'credit_note' or refund_id is null))
);
create unique index document_invoice_of_order on document (order_id) where kind = 'invoice';
create unique index document_note_of_refund on document (refund_id) where refund_id is not null;
create index document_of_workspace on document (workspace_id, id);
create index document_notes_of_invoice on document (invoice_id) where invoice_id is not null;
create trigger document_append_only before update or delete or truncate on document for each statement execute function refuse_change();`;

const chain = `
-- Statement trigger: a batch of numbers is looked at once. Each document follows the one before it, in number and in hash.
create function keep_chain() returns trigger language plpgsql as $$
declare broken record;
begin
  select n.number into broken from new_rows n left join document p
    on (p.seller, p.kind, p.year, p.mode, p.seq) = (n.seller, n.kind, n.year, n.mode, n.seq - 1)
    where n.previous_hash is distinct from (case when n.seq = 1 then repeat('0', 64) else p.hash end) limit 1;
  if found then
    raise exception 'document % does not follow the one before it', broken.number using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger document_follows after insert on document referencing new table as new_rows for each statement execute function keep_chain();`;

const pictures = `
-- What a document, or the request to pay by the code of an attempt, looks like on paper in one language. Drawn once, when somebody asks for it.
create table document_pdf (
  id uuid primary key,
  document_id uuid references document,
  attempt_id uuid references attempt,
  language text not null check (language in ('en', 'es', 'pt-BR')),
  pdf bytea,
  hash text,
  created_at timestamptz not null default now(),
  unique nulls not distinct (document_id, attempt_id, language),
  check ((document_id is null) <> (attempt_id is null)),
  constraint document_pdf_hash_check check ((pdf is null) = (hash is null) and hash is not distinct from encode(sha256(pdf), 'hex'))
);
create function keep_pdf() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.pdf is null and to_jsonb(new) - 'pdf' - 'hash' = to_jsonb(old) - 'pdf' - 'hash' then
    return new;
  end if;
  raise exception 'a PDF that was drawn is never changed' using errcode = 'check_violation';
end $$;
create trigger document_pdf_is_kept before update or delete on document_pdf for each row execute function keep_pdf();`;

// What was sold and given back before there were documents gets them in the order in which it happened; the dispatcher shouts it.
const arrears = `
insert into work (queue, kind, ref, generation, leased, due_at)
  select 'delivery', 'invoice.issue', id, 0, false, now() + row_number() over (order by status_at, id) * interval '1 microsecond'
  from orders where paid_attempt_id is not null;
insert into work (queue, kind, ref, generation, leased, due_at)
  select 'delivery', 'credit-note.issue', r.id, 0, false, now() + row_number() over (order by r.status_at, r.id) * interval '1 microsecond'
  from refund r join orders o on o.paid_attempt_id = r.attempt_id where r.status = 'succeeded';`;

const undo = `
delete from work where kind in ('invoice.issue', 'credit-note.issue', 'document.render');
drop table document_pdf;
drop function keep_pdf;
drop table document;
drop function keep_chain;
drop table document_series;
drop function keep_series_forward;`;
