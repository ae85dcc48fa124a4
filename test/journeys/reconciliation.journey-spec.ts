import { expect, test } from '@jest/globals';
import { reconcileEngine } from '../../apps/cli/src/reconcile-engine.js';
import { civilDate } from '@billfleet/domain';
import { call } from '../support/customer.js';
import { inFleetTime } from '../support/journey.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BY = { actor: 'cli', reason: 'looked into it' };

type Movement = { readonly kind: string; readonly amountMinor: string };

inFleetTime('Reconciliation', (given) => {
  /** The civil day of the fleet's own time, so many days from now. */
  const day = (from = 0) =>
    civilDate(new Date(given.fleet.ownClock.now().getTime() + from * DAY_MS).toISOString().slice(0, 10));

  /** The next night, at three. */
  async function nextNight(): Promise<void> {
    const now = given.fleet.ownClock.now().getTime();
    given.fleet.ownClock.advanceMs(Math.ceil(now / DAY_MS) * DAY_MS + 3 * HOUR_MS - now);
    await until(
      `the record of ${day(-1)} was compared`,
      () => given.fleet.sql(`select 1 from reconciliation_run where day = $1 and status = 'done'`, [day(-1)]),
      { isDone: (rows) => rows.length > 0 },
    );
    await given.fleet.settle();
  }

  const findings = (): Promise<readonly { readonly id: string; readonly is: string }[]> =>
    given.fleet.sql(
      `select id, what || ' ' || kind || ' ' || coalesce(outcome, 'open') as is from reconciliation_finding order by created_at, reference`,
    );
  const movements = (workspaceId: string): Promise<readonly Movement[]> =>
    given.fleet.sql<Movement>(
      `select kind, amount_minor::text as "amountMinor" from movement where workspace_id = $1 order by id`,
      [workspaceId],
    );
  const feesOf = async (workspaceId: string): Promise<readonly string[]> =>
    (await movements(workspaceId)).flatMap(({ kind, amountMinor }) => (kind === 'fee' ? [amountMinor] : []));

  test('finds at night what every webhook and look lost, repairs it once, and books what the provider kept', async () => {
    const known = await given.customer('US');
    await known.order({ token: 'tok_visa' });
    const lost = await given.customer('US');
    await given.fleet.settle();
    await given.fleet.setFaults({ webhookDrop: 1, lookupBlind: 1 });
    const orderId = await lost.order();
    await lost.pay(orderId);
    const paidOn = day();
    await nextNight();
    expect((await lost.look(orderId)).status).toBe('awaiting_payment');
    const [missing] = await findings();
    expect(missing?.is).toBe('missing_here charge open');
    // 3 % of 105,000 cents, and 30 cents.
    expect([await feesOf(known.id), await feesOf(lost.id)]).toEqual([['3180'], []]);

    const desk = await reconcileEngine(given.fleet.config);
    const blind = await desk.repair(missing?.id ?? '', BY);
    expect(blind).toMatchObject({ finding: { status: 'open', note: 'the provider shows no such payment' } });
    await given.fleet.setFaults({});
    const repaired = await desk.repair(missing?.id ?? '', BY);
    expect(repaired).toMatchObject({ outcome: 'asked', finding: { outcome: 'repaired', closedReason: BY.reason } });
    await given.fleet.settle();
    expect(await lost.story()).toMatchObject({
      ...{ orders: ['fulfilled'], told: ['advanced × 5'], mails: ['receipt'], dead: [] },
      books: ['charge 105000 USD', 'sale 105000 USD'],
    });
    expect(await feesOf(lost.id)).toEqual(['3180']);
    expect((await desk.repair(missing?.id ?? '', BY)).outcome).toBe('closed_already');
    const actions = await given.fleet.sql(
      `select actor, action, reason from ops_action where subject = $1 order by id`,
      [`finding ${String(missing?.id)}`],
    );
    expect(actions).toEqual([1, 2].map(() => ({ ...BY, action: 'reconciliation.repair' })));

    const before = [await findings(), await movements(known.id), await movements(lost.id)];
    expect(await desk.compare(null, paidOn, BY)).toMatchObject({ waiting: false, entries: 2, findings: [] });
    expect([await findings(), await movements(known.id), await movements(lost.id)]).toEqual(before);
    await desk.close();
  });

  test('repairs by the same command a refund, one that came home, and a lost chargeback of which nobody heard', async () => {
    const [slow, home, taken] = [await given.customer('US'), await given.customer('US'), await given.customer('US')];
    const orderIds = await Promise.all([slow, home, taken].map((one) => one.order({ token: 'tok_visa' })));
    const [slowId = '', homeId = '', takenId = ''] = orderIds;
    await given.fleet.settle();
    const earlier = (await findings()).length;
    const refund = async (orderId: string): Promise<string> => {
      const body = { subscription: 'keep', what: 'amount', amountMinor: '5000', currency: 'USD', reason: 'a bad week' };
      return String(
        (await call(given.fleet, 'POST', `/v1/orders/${orderId}/refunds`, { body, key: orderId })).body['id'],
      );
    };
    const stands = (id: string, status: string): Promise<unknown> =>
      until(`the refund is ${status}`, () => call(given.fleet, 'GET', `/v1/refunds/${id}`), {
        isDone: ({ body }) => body['status'] === status,
      });
    const atBank = async (orderId: string, what: string, body: Record<string, unknown>): Promise<void> => {
      const [row] = await given.fleet.sql<{ reference: string }>(`select reference from attempt where order_id = $1`, [
        orderId,
      ]);
      const answer = await given.fleet.atSandbox(`/v1/payments/${String(row?.reference)}/${what}`, body);
      expect(answer.status).toBe(200);
    };
    const homeRefund = await refund(homeId);
    await stands(homeRefund, 'succeeded');
    await given.fleet.setFaults({ refundProcessing: 1 });
    const slowRefund = await refund(slowId);
    await stands(slowRefund, 'processing');
    await given.fleet.setFaults({ webhookDrop: 1, lookupBlind: 1 });
    await atBank(slowId, 'refund-end', { state: 'succeeded' });
    await atBank(homeId, 'refund-end', { state: 'returned' });
    await atBank(takenId, 'chargeback', { state: 'lost', reason: 'fraudulent' });
    await nextNight();
    const found = (await findings()).slice(earlier);
    expect(found.map(({ is }) => is).sort()).toEqual([
      ...['missing_here chargeback open', 'missing_here refund open', 'missing_here refund_failed open'],
    ]);
    await given.fleet.setFaults({});
    const desk = await reconcileEngine(given.fleet.config);
    for (const { id } of found) expect((await desk.repair(id, BY)).finding).toMatchObject({ outcome: 'repaired' });
    await given.fleet.settle();
    await stands(slowRefund, 'succeeded');
    await stands(homeRefund, 'failed');
    expect(await taken.entitlements()).toMatchObject({ status: 'active', autoRenewal: false });
    const books = async (of: typeof slow): Promise<readonly string[]> => (await of.story()).books.slice(2);
    expect([await books(slow), await books(home), await books(taken)]).toEqual([
      ['reversal 5000 USD', 'refund 5000 USD'],
      ['reversal 5000 USD', 'refund 5000 USD', 'refund_failed 5000 USD'],
      ['chargeback 105000 USD'],
    ]);
    expect((await home.story()).mails).toEqual(['payment_refunded', 'receipt', 'refund_returned']);
    expect((await taken.story()).mails).toEqual(['chargeback_opened', 'receipt']);
    expect((await desk.list('open')).map(({ what }) => what)).toEqual([]);
    await call(given.fleet, 'POST', `/v1/refunds/${homeRefund}/retry`, { body: { reason: 'again' }, key: homeRefund });
    await stands(homeRefund, 'succeeded');
    // The record of its day has the second giving as well.
    await nextNight();
    expect((await desk.list('open')).map(({ what }) => what)).toEqual([]);
    await desk.close();
  });

  test('reports what only the books have, and what only the record has, and books neither', async () => {
    const customer = await given.customer('US');
    await given.fleet.setFaults({ settlementOmit: 1 });
    const earlier = (await findings()).length;
    const news = async (): Promise<readonly string[]> => (await findings()).slice(earlier).map(({ is }) => is);
    const paidOn = day();
    await customer.order({ token: 'tok_visa' });
    const back = await given.customer('US');
    const backId = await back.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const wish = { subscription: 'keep', what: 'amount', amountMinor: '5000', currency: 'USD', reason: 'a bad week' };
    await call(given.fleet, 'POST', `/v1/orders/${backId}/refunds`, { body: wish, key: backId });
    await given.fleet.settle();
    const [paid] = await given.fleet.sql<{ reference: string }>(`select reference from attempt where order_id = $1`, [
      backId,
    ]);
    const lost = { state: 'lost', reason: 'fraudulent' };
    await given.fleet.atSandbox(`/v1/payments/${String(paid?.reference)}/chargeback`, lost);
    await until('the loss is booked', async () => (await back.story()).books, { isDone: ({ length }) => length > 4 });
    await nextNight();
    // It could be in the record of the next day.
    expect(await news()).toEqual([]);
    await nextNight();
    expect((await news()).toSorted()).toEqual([
      ...['missing_there charge open', 'missing_there charge open', 'missing_there chargeback open'],
      'missing_there refund open',
    ]);
    expect(await feesOf(customer.id)).toEqual([]);
    const desk = await reconcileEngine(given.fleet.config);
    const reports = (await desk.list('open')).filter(({ what }) => what === 'missing_there');
    const reported = reports.find(({ kind, orderId }) => kind === 'charge' && orderId !== backId);
    expect(reported).toMatchObject({ kind: 'charge', theirs: null, ours: { amountMinor: '105000', currency: 'USD' } });
    for (const { id } of reports) expect((await desk.repair(id, BY)).outcome).toBe('not_repairable');

    // The provider mends its record, and has made something up as well.
    await given.fleet.setFaults({ settlementInvented: 1 });
    const compared = await desk.compare('sandbox', paidOn, BY);
    expect(compared.findings.map(({ what, orderId }) => [what, orderId])).toEqual([['missing_here', null]]);
    expect((await news()).toSorted()).toEqual([
      ...['missing_here charge open', 'missing_there charge agreed', 'missing_there charge agreed'],
      ...['missing_there chargeback agreed', 'missing_there refund agreed'],
    ]);
    expect(await feesOf(customer.id)).toEqual(['3180']);
    const invented = compared.findings[0]?.id ?? '';
    const unrepaired = await desk.repair(invented, BY);
    expect(unrepaired.finding).toMatchObject({ status: 'open', note: 'the provider shows no such payment' });
    expect((await desk.decide(invented, BY)).finding).toMatchObject({ outcome: 'decided', closedBy: BY.actor });
    await given.fleet.setFaults({});
    expect((await desk.list('open')).map(({ what }) => what)).toEqual([]);
    expect(await customer.story()).toMatchObject({
      orders: ['fulfilled'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
    });
    await desk.close();
  });
});
