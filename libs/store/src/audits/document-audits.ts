import type { AuditQuery } from './audit-query.js';

const isOwed = (kind: string, ref: string): string =>
  `exists (select 1 from work w where w.kind = '${kind}' and w.ref = ${ref})`;

/** What was sold and given back is on paper, once, and nobody has touched the paper since. */
export const documentAudits: readonly AuditQuery[] = [
  {
    id: 'B60',
    about:
      'An order that was paid or is on account has one invoice over its price, or the work that issues it, and no other order has one',
    kind: 'always',
    sql: `
      select o.id as order_id, o.status, o.amount_minor, d.number, d.amount_minor as invoiced_minor from orders o
        left join document d on d.order_id = o.id and d.kind = 'invoice'
        where (o.paid_attempt_id is not null or o.collection = 'account') and case when d.id is null then not ${isOwed('invoice.issue', 'o.id')}
          else (d.amount_minor, d.currency, d.workspace_id) <> (o.amount_minor, o.currency, o.workspace_id) end
      union all
      select d.order_id, o.status, o.amount_minor, d.number, d.amount_minor from document d left join orders o on o.id = d.order_id
        where d.kind = 'invoice' and ((o.paid_attempt_id is null and o.collection is distinct from 'account') or (select count(*) from document e where e.order_id = d.order_id and e.kind = 'invoice') > 1)`,
  },
  {
    id: 'B61',
    about:
      'A refund of what was sold that went back has one credit note over its amount, an order on account that ended unpaid one over its price, or the work that writes it; and no other note is there',
    kind: 'always',
    sql: `
      select r.id as refund_id, r.order_id, r.amount_minor, d.number, d.amount_minor as credited_minor from refund r
        join orders o on o.paid_attempt_id = r.attempt_id left join document d on d.refund_id = r.id
        where r.status = 'succeeded' and case when d.id is null then not ${isOwed('credit-note.issue', 'r.id')}
          else (d.amount_minor, d.currency, d.workspace_id) <> (r.amount_minor, r.currency, r.workspace_id) end
      union all
      select d.refund_id, d.order_id, r.amount_minor, d.number, d.amount_minor from document d left join refund r on r.id = d.refund_id
        where d.refund_id is not null and (r.order_id is distinct from d.order_id or (select count(*) from document e where e.refund_id = d.refund_id) > 1)
      union all
      select null, o.id, o.amount_minor, d.number, d.amount_minor from orders o
        left join document d on d.order_id = o.id and d.kind = 'credit_note' and d.refund_id is null
        where o.collection = 'account' and exists (select 1 from transition t where t.entity = 'orders' and t.entity_id = o.id and t.to_status in ('cancelled', 'expired'))
          and case when d.id is null then not ${isOwed('cancellation-note.issue', 'o.id')}
            else (d.amount_minor, d.currency, d.workspace_id) <> (o.amount_minor, o.currency, o.workspace_id) end
      union all
      select null, d.order_id, o.amount_minor, d.number, d.amount_minor from document d left join orders o on o.id = d.order_id
        where d.kind = 'credit_note' and d.refund_id is null and (o.collection is distinct from 'account'
          or not exists (select 1 from transition t where t.entity = 'orders' and t.entity_id = o.id and t.to_status in ('cancelled', 'expired'))
          or (select count(*) from document e where e.order_id = d.order_id and e.kind = 'credit_note' and e.refund_id is null) > 1)`,
  },
  {
    id: 'B62',
    about:
      'The credit notes of an invoice credit no more than it charged, tax included, for the same order and in its currency',
    kind: 'always',
    sql: `
      select i.id as invoice_id, i.number, i.amount_minor as invoiced_minor, n.credited_minor, n.tax_minor from document i
        join (select invoice_id, sum(amount_minor) as credited_minor, sum(tax_minor) as tax_minor from document where kind = 'credit_note' group by invoice_id) n
          on n.invoice_id = i.id where n.credited_minor > i.amount_minor or n.tax_minor > i.tax_minor
      union all
      select n.invoice_id, n.number, null, n.amount_minor, n.tax_minor from document n left join document i on i.id = n.invoice_id and i.kind = 'invoice'
        where n.kind = 'credit_note' and (i.order_id, i.currency, i.workspace_id, i.mode) is distinct from (n.order_id, n.currency, n.workspace_id, n.mode)`,
  },
  {
    id: 'B63',
    about:
      'The documents of a series are numbered from 1 on without gaps, each holds the hash of the one before, and the series ends with the last of them',
    kind: 'always',
    sql: `
      with chain as (select *, lag(seq, 1, 0) over w as seq_before, lag(hash, 1, repeat('0', 64)) over w as hash_before from document
        window w as (partition by seller, kind, year, mode order by seq, number))
      select seller, kind, year, mode, number as what from chain where seq <> seq_before + 1 or previous_hash <> hash_before
        or hash <> encode(sha256(convert_to(previous_hash || chr(10) || content, 'UTF8')), 'hex')
      union all
      select seller, kind, year, mode, 'the series ends with ' || coalesce(s.next_seq - 1, 0) || ', its documents with ' || coalesce(d.last, 0)
        from document_series s full join (select distinct on (seller, kind, year, mode) seller, kind, year, mode, seq as last, hash from document
          order by seller, kind, year, mode, seq desc) d using (seller, kind, year, mode)
        where coalesce(s.next_seq, 0) <> coalesce(d.last, 0) + 1 or s.last_hash is distinct from coalesce(d.hash, repeat('0', 64))`,
  },
];
