import { attemptId, cases, orderId, workspaceId } from './audit-world.js';

const { plain, upstream, late } = cases;
const [WHO, WHY] = ['support', 'a bad week'];
const [WRITE_OFF, CREDIT, REFUND] = [7, 8, 9].map((n) => `'00000000-0000-4000-8000-00000000000${String(n)}'`);

type Booked = {
  readonly kind: string;
  readonly reference: string;
  readonly provider: string;
  readonly debit: string;
  readonly credit: string;
};

/** Books a movement of 1,000 cents that is not about an order, or is. */
const book = ({ kind, reference, provider, debit, credit }: Booked, order = 'null, null', sign = 1): string => `
  with t as (insert into journal (kind, order_id, attempt_id, workspace_id, provider, reference, booked_on, is_test)
      values ('${kind}', ${order}, '${workspaceId(kind === 'credit' ? plain : upstream)}', '${provider}', ${reference}, current_date, false) returning id)
  insert into posting select t.id, s.n, s.account, 'USD', s.minor from t
    cross join lateral (values (1, '${debit}', ${String(sign * 1_000)}), (2, '${credit}', ${String(sign * -1_000)})) s (n, account, minor);`;

/** Gives 1,000 cents of what the upstream service took up, or not quite. */
const writeOff = (change = '', minor = 1_000): string => `
  insert into ops_action (actor, action, subject, reason) values ('${WHO}', 'order.write-off', 'order ${orderId(upstream)}', '${WHY}');
  insert into write_off (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, written_off_by)
    values (${WRITE_OFF}, '${orderId(upstream)}', '${attemptId(upstream)}', '${workspaceId(upstream)}', 'USD', ${String(minor)}, '${WHY}', '${WHO}');
  ${book({ kind: 'write_off', reference: `${WRITE_OFF}::text`, provider: 'upstream', debit: 'write_offs', credit: 'cash:upstream' }, `'${orderId(upstream)}', '${attemptId(upstream)}'`)}
  ${change}`;

const creditOf = (what: string, id: string, sign = 1): string =>
  book(
    {
      kind: 'credit',
      reference: `'${what}:' || ${id}`,
      provider: 'credit',
      debit: 'revenue',
      credit: 'customer_credit',
    },
    'null, null',
    sign,
  );

/** Grants a credit of 1,000 cents, or not quite. */
const grant = (change = ''): string => `
  insert into ops_action (actor, action, subject, reason) values ('${WHO}', 'customer-credit.grant', 'customer credit ' || ${CREDIT}, '${WHY}');
  insert into customer_credit (id, workspace_id, currency, amount_minor, left_minor, reason, granted_by)
    values (${CREDIT}, '${workspaceId(plain)}', 'USD', 1000, 1000, '${WHY}', '${WHO}');
  ${creditOf('granted', CREDIT ?? '')} ${change}`;

/** Withdraws it again. */
const withdraw = (change = ''): string =>
  grant(`
  insert into ops_action (actor, action, subject, reason) values ('${WHO}', 'customer-credit.withdraw', 'customer credit ' || ${CREDIT}, '${WHY}');
  update customer_credit set withdrawn_at = now(), withdrawn_by = '${WHO}', withdrawn_reason = '${WHY}';
  ${creditOf('withdrawn', CREDIT ?? '', -1)} ${change}`);

/** Pays it back by a refund of that order. */
const payBack = (change = ''): string =>
  grant(`
  insert into ops_action (actor, action, subject, reason) values ('${WHO}', 'order.refund', 'order ${orderId(plain)}', '${WHY}');
  insert into refund (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, note, requested_by, derivation)
    values (${REFUND}, '${orderId(plain)}', '${attemptId(plain)}', '${workspaceId(plain)}', 'USD', 1000, 'goodwill', '${WHY}', '${WHO}', '{}');
  with back as (insert into journal (kind, order_id, attempt_id, workspace_id, refund_id, provider, reference, booked_on, is_test)
      values ('reversal', '${orderId(plain)}', '${attemptId(plain)}', '${workspaceId(plain)}', ${REFUND}, 'sandbox', ${REFUND}, current_date, false) returning id)
    insert into posting select back.id, s.n, s.account, 'USD', s.minor from back
      cross join lateral (values (1, 'deferred_revenue', 1000), (2, 'receivable', -1000)) s (n, account, minor);
  insert into customer_credit_use (refund_id, credit_id, amount_minor) values (${REFUND}, ${CREDIT}, 1000);
  update customer_credit set left_minor = 0;
  ${creditOf('paid-back', REFUND ?? '', -1)} ${change}`);

/** For each audit of what is given up or promised the corruptions that it must notice, each by itself. */
export const writeOffPlants = {
  B45: [
    writeOff(`delete from write_off`),
    writeOff(`delete from journal where kind = 'write_off'`),
    writeOff(`delete from ops_action where action = 'order.write-off'`),
    writeOff(`update write_off set amount_minor = amount_minor + 1`),
    writeOff(`update write_off set attempt_id = '${attemptId(late)}'`),
    writeOff(
      `update write_off set amount_minor = 50001; update posting set amount_minor = sign(amount_minor) * 50001
       where transaction_id in (select id from journal where kind = 'write_off')`,
    ),
  ],
  B46: [
    grant(`delete from journal where kind = 'credit'`),
    grant(`delete from customer_credit`),
    grant(`update customer_credit set left_minor = left_minor - 1`),
    grant(`update customer_credit set workspace_id = '${workspaceId(late)}'`),
    grant(`delete from ops_action where action = 'customer-credit.grant'`),
    withdraw(`delete from journal where reference like 'withdrawn:%'`),
    withdraw(`delete from ops_action where action = 'customer-credit.withdraw'`),
    withdraw(`update customer_credit set withdrawn_at = null`),
    payBack(`delete from journal where reference like 'paid-back:%'`),
    payBack(`update customer_credit_use set amount_minor = 999`),
    payBack(`update refund set reason = 'undone' where id = ${REFUND}`),
    payBack(`delete from customer_credit_use`),
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** States in which nothing is wrong. */
export const explainedWriteOffs: Readonly<Record<string, string>> = {
  'money that was written off': writeOff(),
  'a credit that is open': grant(),
  'a credit that was withdrawn': withdraw(),
  'a credit that a refund pays back': payBack(),
};
