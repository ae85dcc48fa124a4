import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { workEngine } from '../../apps/cli/src/work-engine.js';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { eventsInTime, linesOf, mailsInTime, OperatedClock, subscribedOn } from '../support/test-clock.js';
import { taxedCatalogueFile } from '../support/taxed-catalogue.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;
/** Pays on the page, and is declined whenever it is charged later. */
const EMPTY_LATER = '4000 0000 0000 0341';
/** Late in the morning of the last day of August, in New York. */
const STARTS_AT = '2027-08-31T15:00:00Z';

inEveryMode(
  'a workspace on a test clock',
  (given) => {
    const put = (customer: Customer, what: string, body: unknown): Promise<Answer> =>
      call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/${what}`, { body });

    test('lives 24 months in order, and nobody else notices', async () => {
      const [willing, broke, lazy] = [
        await given.customer('US', { trialEndsOn: '2027-09-07' }),
        await given.customer(),
        await given.customer('BR'),
      ];
      const outside = await given.customer();
      const clock = await OperatedClock.make(given.fleet, [willing, broke, lazy], STARTS_AT);
      await willing.order({ token: 'tok_visa' });
      await broke.pay(await broke.order(), { card: EMPTY_LATER });
      await outside.order({ token: 'tok_visa' });
      await lazy.order({ method: 'pix' });
      await given.fleet.settle();
      await call(given.fleet, 'GET', `/v1/workspaces/${willing.id}/credits`);
      const quote = await willing.price({ kind: 'scheduled-change', seats: 3 });
      await put(willing, 'scheduled-change', { quoteId: quote['id'] });
      await given.fleet.settle();
      const before = [await outside.story(), await outside.entitlements(), await eventsInTime(outside)];
      await clock.advance('2029-08-31T15:00:00Z');
      await given.fleet.settle();
      expect([await outside.story(), await outside.entitlements(), await eventsInTime(outside)]).toEqual(before);
      expect(await outside.mails()).toEqual(['receipt']);
      // The trial's seven days were added once, so its months and terms count from the 7th on.
      expect(await mailsInTime(willing)).toEqual([
        '2027-08-31 11:00 receipt',
        ...['2028-02-27 09:00 renewal_reminder', '2028-03-04 09:00 receipt'],
        ...['2028-08-29 09:00 renewal_reminder', '2028-09-04 09:00 receipt'],
        ...['2029-02-26 09:00 renewal_reminder', '2029-03-04 09:00 receipt'],
        '2029-08-29 09:00 renewal_reminder',
      ]);
      const [bought, renewed] = ['105000 USD', '63000 USD'].map((amount) => [`charge ${amount}`, `sale ${amount}`]);
      expect(await willing.story()).toMatchObject({
        orders: Array.from({ length: 4 }, () => 'fulfilled'),
        attempts: Array.from({ length: 4 }, () => 'succeeded'),
        // The change of seats is told on the day on which the term begins that was paid for three.
        told: ['advanced × 5', 'advanced × 5', 'advanced × 3', 'advanced × 3', 'advanced × 3'],
        books: [bought, renewed, renewed, renewed].flat(),
        dead: [],
      });
      expect(await willing.entitlements()).toMatchObject({ status: 'active', endsOn: '2029-09-07', seats: 3 });
      const months = Array.from({ length: 24 }, (_, month) =>
        new Date(Date.UTC(2027, 8 + month)).toISOString().slice(0, 8),
      );
      expect(
        await linesOf(
          willing,
          `select to_char(at at time zone 'America/New_York', 'YYYY-MM-DD HH24:MI ') || amount as line from credit_movement
         where workspace_id = $1 and kind = 'grant' order by id`,
        ),
      ).toEqual([
        '2027-08-31 11:00 6250',
        ...months.map((month) => `${month}07 00:00 ${month < '2028-03' ? '6250' : '3750'}`),
      ]);
      // The term that began on the last day of August ends on the last day of February, which a leap year has one more of.
      const tries = ['2028-02-26', '2028-02-27', '2028-02-28', '2028-02-29'];
      expect(await mailsInTime(broke)).toEqual([
        ...['2027-08-31 11:00 receipt', '2028-02-20 09:00 renewal_reminder'],
        ...tries.slice(0, 3).map((day) => `${day} 09:00 payment_declined`),
        ...['2028-02-29 00:00 subscription_expired', '2028-02-29 09:00 payment_declined'],
        '2028-03-03 00:00 order_expired',
        // Ninety days after its end its data need not be kept any more.
        ...['2028-04-29', '2028-05-22', '2028-05-28'].map((day) => `${day} 09:00 data_ending`),
      ]);
      const [first, second, third, last] = tries.map((day) => [
        ...[`${day} 09:00 payment.declined`, `${day} 09:00 renewal.failed`],
      ]);
      // What two sweeps bring at one moment has no order of its own.
      expect((await eventsInTime(broke)).slice(8).sort()).toEqual([
        ...['2028-02-26 09:00 order.placed', ...(first ?? []), ...(second ?? []), ...(third ?? [])],
        ...['2028-02-29 00:00 subscription.changed', '2028-02-29 00:00 subscription.expired', ...(last ?? [])],
        ...['2028-03-03 00:00 order.expired', '2028-03-03 00:00 subscription.changed'],
      ]);
      expect(await broke.entitlements()).toMatchObject({ status: 'expired', access: 'billing-only' });
      expect(await mailsInTime(lazy)).toEqual(['2027-08-31 12:00 order_to_pay', '2027-09-07 12:00 order_expired']);
      expect(await lazy.story()).toMatchObject({ orders: ['expired'], attempts: ['expired'], books: [], dead: [] });
    });

    test('comes to the same in many small steps and at once', async () => {
      const [atOnce, inSteps] = [
        await OperatedClock.make(given.fleet, [], STARTS_AT),
        await OperatedClock.make(given.fleet, [], STARTS_AT),
      ];
      const [one, two] = [
        await subscribedOn(atOnce, await given.customer()),
        await subscribedOn(inSteps, await given.customer()),
      ];
      await atOnce.advance('2028-03-20T00:00:00Z');
      for (const to of [
        ...['2027-08-31T15:00:00.001Z', '2028-02-20T13:59:59.999Z', '2028-02-20T14:00:00Z', '2028-02-26T13:59:59Z'],
        ...['2028-02-26T14:00:00.000Z', '2028-02-29T05:00:00Z', '2028-03-20T00:00:00Z'],
      ])
        await inSteps.advance(to);
      await given.fleet.settle();
      expect(await mailsInTime(two)).toEqual(await mailsInTime(one));
      expect(await eventsInTime(two)).toEqual(await eventsInTime(one));
      expect((await mailsInTime(one)).at(-1)).toBe('2028-02-26 09:00 receipt');
      expect(await two.entitlements()).toMatchObject({ endsOn: '2028-08-31' });
    });

    test('is renewed under the tax of the day of its renewal; what was bought before stays as it was', async () => {
      const clock = await OperatedClock.make(given.fleet, [], STARTS_AT);
      const customer = await subscribedOn(clock, await given.customer('IE'));
      const get = async (path: string): Promise<Answer['body']> => (await call(given.fleet, 'GET', path)).body;
      const documents = async (): Promise<readonly Record<string, unknown>[]> => {
        const page = await get(`/v1/workspaces/${customer.id}/documents`);
        return (page['documents'] as readonly Record<string, unknown>[]).toReversed();
      };
      // 1050.00 and 23 %; from 15 February on it is 25 %.
      const [bought] = await documents();
      expect(bought).toMatchObject({ amountMinor: '129150', taxMinor: '24150' });
      const before = await get(`/v1/documents/${String(bought?.['id'])}`);
      await clock.advance('2028-02-14T12:00:00Z');
      expect(await customer.price({ kind: 'add-seats', seats: 1 })).toMatchObject({
        atRenewal: { taxMinor: '28980', lines: [{ tax: { percent: '23' } }] },
      });
      await clock.advance('2028-03-01T12:00:00Z');
      await given.fleet.settle();
      expect(await documents()).toMatchObject([
        { id: bought?.['id'], amountMinor: '129150', taxMinor: '24150' },
        { kind: 'invoice', amountMinor: '131250', taxMinor: '26250' },
      ]);
      expect(await get(`/v1/documents/${String(bought?.['id'])}`)).toEqual(before);
      const renewal = await get(`/v1/orders/${String((await documents())[1]?.['orderId'])}`);
      expect(renewal).toMatchObject({ kind: 'renewal', status: 'fulfilled', amountMinor: '131250', taxMinor: '26250' });
      expect(renewal['lines']).toMatchObject([{ tax: { rule: 'ireland-2028', percent: '25' } }]);
      expect((await customer.story()).books).toEqual([
        ...['charge 129150 USD', 'sale 129150 USD', 'charge 131250 USD', 'sale 131250 USD'],
      ]);
    });

    test('gives back the days that its clock shows, and nothing comes due once its subscription is closed', async () => {
      const clock = await OperatedClock.make(given.fleet, [], STARTS_AT);
      const customer = await subscribedOn(clock, await given.customer());
      const { startsOn, endsOn } = (await customer.entitlements()) ?? {};
      const termDays = (Date.parse(String(endsOn)) - Date.parse(String(startsOn))) / DAY_MS;
      await clock.advance(new Date(Date.parse(STARTS_AT) + 60 * DAY_MS).toISOString());
      const quote = await customer.price({ kind: 'refund' });
      expect(quote['amountMinor']).toBe(String(-Math.round((105_000 * (termDays - 60)) / termDays)));
      const body = { reason: 'asked for by an admin', refund: 'rest', quoteId: quote['id'] };
      const key = randomUUID();
      expect((await call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/closings`, { body, key })).status).toBe(
        201,
      );
      await given.fleet.settle();
      await clock.advance(new Date(Date.parse(`${String(endsOn)}T15:00:00Z`) + 30 * DAY_MS).toISOString());
      expect(await customer.entitlements()).toMatchObject({ status: 'closed', seats: 0 });
      expect(await customer.mails()).toEqual(['payment_refunded', 'receipt', 'subscription_closed']);
    });

    test('waits for what is under way, and shows what is dead until somebody has decided about it', async () => {
      const clock = await OperatedClock.make(given.fleet, [], STARTS_AT);
      const customer = await subscribedOn(clock, await given.customer());
      await given.fleet.stopWorker('delivery-worker');
      await clock.send('2028-02-25T20:00:00Z');
      const { body } = await until('it waits', () => clock.look(), {
        isDone: (seen) =>
          (seen.body['waitsFor'] as readonly { kind: string }[]).some(({ kind }) => kind === 'mail.send'),
      });
      expect(body).toMatchObject({
        ...{ status: 'advancing', nowAt: '2028-02-20T14:00:00.000Z', targetAt: '2028-02-25T20:00:00.000Z' },
        waitsFor: [{ kind: 'mail.send', workspaceId: customer.id, isDead: false, lastError: null }],
      });
      const [{ id } = { id: '' }] = body['waitsFor'] as readonly { id: string }[];
      await given.fleet.sql(`update work set dead_at = now(), last_error = 'refused' where id = $1`, [id]);
      expect((await clock.look()).body).toMatchObject({
        status: 'blocked',
        waitsFor: [{ id, isDead: true, lastError: 'refused' }],
      });
      const desk = await workEngine(given.fleet.config);
      try {
        const by = { actor: 'a journey', reason: 'the mail is not wanted' };
        expect(await desk.kill([id], by)).toEqual([id]);
        await clock.arrive('2028-02-25T20:00:00Z');
        expect(await desk.retry([id], by)).toEqual([id]);
      } finally {
        await desk.close();
      }
      await given.fleet.startWorker('delivery-worker');
      await given.fleet.settle();
      expect(await mailsInTime(customer)).toEqual(['2027-08-31 11:00 receipt', '2028-02-20 09:00 renewal_reminder']);
    });

    test('stands on its clock for good, never earlier than it was, and leaps over nothing', async () => {
      const [clock, other] = [
        await OperatedClock.make(given.fleet, [], STARTS_AT),
        await OperatedClock.make(given.fleet, [], '2020-02-29T12:00:00Z'),
      ];
      const [fresh, known] = [await given.customer(), await given.customer()];
      await known.order({ isUpstream: true });
      await given.fleet.settle();
      const codeOf = async (answer: Promise<Answer>): Promise<unknown> => (await answer).body['code'];
      // Its order ends in seven days by the fleet's time, and was made by it.
      expect(await codeOf(other.attach(known))).toBe('test_clock_behind');
      expect(await codeOf(clock.attach(known))).toBe('test_clock_ahead');
      const nowAt = new Date(given.fleet.clock.now().getTime() + DAY_MS).toISOString();
      await OperatedClock.make(given.fleet, [known], nowAt);
      expect((await other.attach(fresh)).status).toBe(200);
      expect((await other.attach(fresh)).status).toBe(200);
      expect(await codeOf(clock.attach(fresh))).toBe('test_clock_kept');
      expect(await codeOf(clock.attach({ id: randomUUID() }))).toBe('workspace_unknown');
      expect(await codeOf(other.send('2020-02-29T11:59:59Z'))).toBe('test_clock_backwards');
      expect((await other.send('2020-02-29T12:00:00Z')).body).toMatchObject({ status: 'ready' });
      expect(await codeOf(other.send('2201-01-01T00:00:00Z'))).toBe('field_invalid');
      await given.fleet.stopWorker('dispatcher');
      expect((await other.send('2020-03-09T00:00:00Z')).body).toMatchObject({ status: 'advancing' });
      expect(await codeOf(other.send('2020-03-08T00:00:00Z'))).toBe('test_clock_advancing');
      expect((await other.send('2020-03-10T00:00:00Z')).body).toMatchObject({ targetAt: '2020-03-10T00:00:00.000Z' });
      await given.fleet.startWorker('dispatcher');
      await other.arrive('2020-03-10T00:00:00Z');
      const [body, nobody] = [{ id: other.id, name: 'another' }, { apiKey: await given.fleet.addApiKey(['publish']) }];
      expect(await codeOf(call(given.fleet, 'POST', '/v1/test-clocks', { body }))).toBe('test_clock_exists');
      expect(await codeOf(call(given.fleet, 'POST', '/v1/test-clocks', { body, ...nobody }))).toBe('scope_missing');
      expect(await codeOf(call(given.fleet, 'GET', `/v1/test-clocks/${randomUUID()}`))).toBe('test_clock_unknown');
      const theirs = await given.fleet.addApiKey(['read', 'admin'], fresh.id);
      expect(await codeOf(call(given.fleet, 'GET', `/v1/test-clocks/${other.id}`, { apiKey: theirs }))).toBe(
        'role_missing',
      );
      const backwards = `update test_clock set now_at = now_at - interval '1 second' where id = $1`;
      await expect(given.fleet.sql(backwards, [clock.id])).rejects.toThrow(/would run backwards/);
      const leave = `update workspace set test_clock_id = null where id = $1`;
      await expect(given.fleet.sql(leave, [fresh.id])).rejects.toThrow(/stands on a test clock for good/);
    });
  },
  { inFleetTime: true, env: { BILLFLEET_CATALOGUE: taxedCatalogueFile() } },
);
