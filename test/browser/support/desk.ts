import { randomUUID } from 'node:crypto';
import { newId } from '@billfleet/billing';
import { call } from '../../support/customer.js';
import type { Answer, Customer } from '../../support/customer.js';
import { until } from '../../support/until.js';
import type { Stage } from './in-browser.js';

/** A workspace about which there is something of everything to do for staff. */
export type Desk = {
  readonly customer: Customer;
  readonly paid: string;
  readonly unpaid: string;
  /** Number of the work that waits for a person. */
  readonly workId: string;
};

/** So that pictures of them stay the same. */
const ID = '0190a000-0000-7000-8000-0000000000b1';
const OTHER_ID = '0190a000-0000-7000-8000-0000000000b2';

async function got(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

/**
 * A subscription of a customer in the States with a refund that went wrong, an order that awaits its payment, work that was put aside, a request for
 * a contract, and a contract; and a payment of another customer that its bank takes back.
 */
export async function laidDesk(stage: Stage): Promise<Desk> {
  const { fleet } = stage;
  const customer = await stage.customer('US', { id: ID });
  const post = (path: string, body: object): Promise<Answer['body']> =>
    got(call(fleet, 'POST', path, { body, key: randomUUID() }));
  const referenceOf = async (orderId: string): Promise<string> => {
    const statement = `select reference from attempt where order_id = $1 and status = 'succeeded'`;
    return (await fleet.sql<{ reference: string }>(statement, [orderId]))[0]?.reference ?? '';
  };
  const paid = await customer.order({ token: 'tok_visa' });
  await fleet.settle();
  await customer.order({ quote: await customer.price({ kind: 'add-seats', seats: 2 }), token: 'tok_visa' });
  const other = await stage.customer('US', { id: OTHER_ID });
  const disputed = await other.order({ token: 'tok_visa' });
  await fleet.settle();
  await fleet.setFaults({ refundProcessing: 1 });
  const wish = { subscription: 'keep', what: 'amount', amountMinor: '5000', currency: 'USD' };
  await post(`/v1/orders/${paid}/refunds`, { ...wish, reason: 'the import was down for a day' });
  await fleet.settle();
  await fleet.setFaults({});
  await fleet.atSandbox(`/v1/payments/${await referenceOf(paid)}/refund-end`, { state: 'failed' });
  const atBank = { state: 'open', reason: 'fraudulent' };
  await fleet.atSandbox(`/v1/payments/${await referenceOf(disputed)}/chargeback`, atBank);
  const count = `select (select count(*) from refund where status = 'failed') + (select count(*) from chargeback) as n`;
  await until('both are heard of', () => fleet.sql<{ n: string }>(count), { isDone: ([row]) => row?.n === '2' });
  await fleet.settle();
  const unpaid = await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }) });
  await customer.checkout(unpaid);
  const contact = { name: 'Rosa Prado', email: 'rosa@customer.example', company: 'Northwind Studio' };
  const message = 'We grow to sixty people by spring.';
  await post('/v1/enterprise-requests', { workspaceId: customer.id, contact, seats: 60, message });
  await post('/v1/contracts', {
    ...{ workspaceId: customer.id, plan: 'enterprise', monthlyPriceMinor: '4200', seatsMin: 50, periodMonths: [12] },
    ...{ validFrom: '2026-10-05', reason: 'a first offer' },
  });
  const workId = await until('a look is owed', async () => {
    const { work } = await got(call(fleet, 'GET', `/v1/support/work?state=waiting&workspaceId=${customer.id}`));
    return (work as readonly { id: string; kind: string }[]).find(({ kind }) => kind === 'attempt.check')?.id;
  });
  await post(`/v1/support/work/${workId ?? ''}/park`, { reason: 'the provider asked us to wait' });
  return { customer, paid, unpaid, workId: workId ?? newId() };
}
