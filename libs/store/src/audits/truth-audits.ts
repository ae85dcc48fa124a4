import type { AuditQuery } from './audit-query.js';

/**
 * Our books against the records of those who hold the money and received the mails. Money that upstream services collect is in nobody's
 * record but theirs, so these rules speak of the sandbox provider alone. The records are read after the state of our books was fixed:
 * rules that hold under that order are always true, the others only at rest.
 */
export const truthAudits: readonly AuditQuery[] = [
  {
    id: 'A19',
    about: 'Money that the provider took is in our books',
    kind: 'at-rest',
    needs: 'provider_truth',
    sql: `select p.reference, p.order_id, p.attempt_id, p.amount_minor, p.currency from provider_truth p
      left join movement j on j.provider = 'sandbox' and j.reference = p.reference and j.kind = 'charge'
      where j.id is null or j.amount_minor <> p.amount_minor or j.currency <> p.currency or j.attempt_id::text <> p.attempt_id`,
  },
  {
    id: 'A20',
    about: 'Money in our books was taken by the provider',
    kind: 'always',
    needs: 'provider_truth',
    sql: `select j.id as journal_id, j.order_id, j.reference, j.amount_minor, j.currency from movement j
      left join provider_truth p on p.reference = j.reference
      where j.provider = 'sandbox' and j.kind = 'charge' and (p.reference is null or p.amount_minor <> j.amount_minor or p.currency <> j.currency)`,
  },
  {
    id: 'A21',
    about: 'The provider took money at most once per idempotency key and per attempt',
    kind: 'always',
    needs: 'provider_truth',
    sql: `select 'idempotency key' as what, idempotency_key as id, count(*) as payments from provider_truth group by idempotency_key having count(*) > 1
      union all
      select 'attempt', attempt_id, count(*) from provider_truth group by attempt_id having count(*) > 1`,
  },
  {
    id: 'A22',
    about:
      'The provider keeps at most one payment per order, net of refunds, also of those that were given outside of it',
    kind: 'at-rest',
    needs: 'provider_truth',
    sql: `select order_id, count(*) as kept from provider_truth p where refunded_minor < amount_minor
      and not exists (select 1 from refund_outside x join refund r on r.id = x.refund_id where r.attempt_id::text = p.attempt_id and not r.is_part)
      group by order_id having count(*) > 1`,
  },
  {
    id: 'A23',
    about: 'A mail that may come at most once came at most once',
    kind: 'always',
    needs: 'mail_truth',
    sql: `select m.message_id, n.template, m.deliveries from mail_truth m join notification n on n.id = m.notification_id
      where n.class = 'at_most_once' and m.deliveries > 1`,
  },
  {
    id: 'A24',
    about: 'Every mail that came is one that we owed',
    kind: 'at-rest',
    needs: 'mail_truth',
    sql: `select m.message_id from mail_truth m left join notification n on n.id = m.notification_id where n.id is null`,
  },
  {
    id: 'A25',
    about: 'A mail that we recorded as sent arrived',
    kind: 'always',
    needs: 'mail_truth',
    sql: `select n.id as notification_id, n.template from notification n left join mail_truth m on m.notification_id = n.id
      where n.status = 'sent' and m.notification_id is null`,
  },
  {
    id: 'B06',
    about: 'The provider gave back what our books say that it gave back',
    kind: 'at-rest',
    needs: 'provider_truth',
    sql: `with booked as (select attempt_id::text as attempt_id, sum(case kind when 'refund' then amount_minor else -amount_minor end) as refunded_minor
        from movement where provider = 'sandbox' and kind in ('refund', 'refund_failed') group by attempt_id),
      given as (select attempt_id, sum(refunded_minor) as refunded_minor from provider_truth group by attempt_id)
      select attempt_id, b.refunded_minor as booked_minor, g.refunded_minor as given_minor from booked b full join given g using (attempt_id)
        where coalesce(b.refunded_minor, 0) <> coalesce(g.refunded_minor, 0)`,
  },
  {
    id: 'B26',
    about: 'Every chargeback that the provider shows is on record, in the state that it has there, and no other',
    kind: 'at-rest',
    needs: 'provider_truth',
    sql: `select p.reference, p.order_id, p.chargeback_reference, p.chargeback_state, b.id as chargeback_id, b.status from
        (select * from provider_truth where chargeback_reference is not null) p
        full join (select * from chargeback where provider = 'sandbox') b on b.reference = p.chargeback_reference
      where p.chargeback_state is distinct from b.status or b.attempt_id::text is distinct from p.attempt_id`,
  },
];
