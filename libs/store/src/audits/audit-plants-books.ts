import { attemptId, cases, orderId, seatRefundId } from './audit-world.js';

const { plain, upstream, late, double, reduced, account, unpaid } = cases;
const order = (n: number): string => `'${orderId(n)}'`;
const attempt = (n: number): string => `'${attemptId(n)}'`;
const setOrder = (n: number, change: string): string => `update orders set ${change} where id = ${order(n)}`;
const setSeatRefund = (change: string): string => `update refund set ${change} where id = '${seatRefundId}'`;

export const setJournal = (n: number, kind: string, change: string): string =>
  `update journal set ${change} where order_id = ${order(n)} and kind = '${kind}'`;
export const dropJournal = (n: number, kind: string): string =>
  `delete from journal where order_id = ${order(n)} and kind = '${kind}'`;
/** Changes what a movement moves. */
export const setPostings = (n: number, kind: string, change: string): string =>
  `update posting set ${change} where transaction_id in (select id from journal where order_id = ${order(n)} and kind = '${kind}')`;
export const moveMore = (n: number, kind: string, byMinor: number): string =>
  setPostings(n, kind, `amount_minor = amount_minor + sign(amount_minor) * ${String(byMinor)}`);
/** Has a movement go to another account, by the side that it takes. */
export const setAccount = (n: number, kind: string, side: 'debit' | 'credit', account: string): string =>
  `${setPostings(n, kind, `account = '${account}'`)} and sign(amount_minor) = ${side === 'debit' ? '1' : '-1'}`;
/** Books a movement once more, under a reference of its own. */
export const repeatJournal = (n: number, kind: string, into = 'attempt_id'): string =>
  `with again as (
     insert into journal (kind, order_id, attempt_id, workspace_id, provider, reference, booked_on, is_test)
     select kind, order_id, ${into}, workspace_id, provider, reference || '-again', booked_on, is_test from journal
     where order_id = ${order(n)} and kind = '${kind}' returning id)
   insert into posting select again.id, p.n, p.account, p.currency, p.amount_minor from again,
     journal j join posting p on p.transaction_id = j.id where j.order_id = ${order(n)} and j.kind = '${kind}'`;

/** For each audit of what is booked the corruptions that it must notice, each by itself. */
export const bookPlants = {
  B01: [
    dropJournal(plain, 'sale'),
    moveMore(plain, 'sale', -1),
    setPostings(plain, 'sale', `currency = 'BRL'`),
    dropJournal(upstream, 'charge'),
    repeatJournal(plain, 'sale'),
    repeatJournal(double, 'sale', attempt(double)),
    dropJournal(account, 'sale'),
    moveMore(account, 'sale', -1),
    repeatJournal(account, 'sale'),
  ],
  B02: [
    setAccount(plain, 'charge', 'debit', 'cash:elsewhere'),
    setAccount(plain, 'sale', 'credit', 'receivable'),
    setAccount(late, 'refund', 'credit', 'cash:elsewhere'),
    dropJournal(plain, 'sale'),
    dropJournal(double, 'refund'),
    `update refund set status = 'owed' where order_id = ${order(late)}`,
    dropJournal(reduced, 'reversal'),
    dropJournal(reduced, 'refund'),
    moveMore(reduced, 'reversal', -1),
    setAccount(reduced, 'reversal', 'debit', 'cash:sandbox'),
    dropJournal(unpaid, 'reversal'),
    setOrder(account, `status = 'cancelled'`),
  ],
  B07: [
    setOrder(plain, `status = 'refund_due'`),
    setOrder(account, `status = 'expired'`),
    dropJournal(unpaid, 'reversal'),
    moveMore(unpaid, 'reversal', -1),
    `with back as (
       insert into journal (kind, order_id, attempt_id, workspace_id, provider, reference, booked_on, is_test)
       select 'reversal', order_id, attempt_id, workspace_id, provider, reference, booked_on, is_test from journal
       where order_id = ${order(plain)} and kind = 'sale' returning id)
     insert into posting select back.id, p.n, p.account, p.currency, -p.amount_minor from back,
       journal j join posting p on p.transaction_id = j.id where j.order_id = ${order(plain)} and j.kind = 'sale'`,
    dropJournal(reduced, 'reversal'),
    moveMore(reduced, 'reversal', 1),
    setJournal(reduced, 'reversal', `reference = 'nobody'`),
    setSeatRefund('amount_minor = amount_minor - 1'),
    setSeatRefund('seat_change_id = null'),
    setOrder(reduced, `status = 'refunded'`),
  ],
  B31: [
    setPostings(plain, 'charge', 'amount_minor = amount_minor + 1'),
    `${setPostings(plain, 'charge', `currency = 'BRL'`)} and amount_minor > 0`,
    `delete from posting where transaction_id = (select min(id) from journal)`,
    `delete from posting where transaction_id = (select min(id) from journal) and n = 1`,
    dropJournal(plain, 'sale'),
  ],
  B32: [
    setOrder(plain, 'tax_minor = 1'),
    `update posting set account = 'tax_payable' where account = 'deferred_revenue' and amount_minor < 0`,
    moveMore(reduced, 'reversal', 50_000),
    `${moveMore(reduced, 'reversal', 50_000)}; ${setAccount(reduced, 'reversal', 'debit', 'revenue')}`,
    `insert into closed_month (month, closed_by, closed_at) select date_trunc('month', max(booked_on)), 'who', now() - interval '1 day' from journal`,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
