import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { call, Customer } from '../support/customer.js';
import type { Answer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(async () => {
  await fleet.close();
});

const get = (path: string): Promise<Answer> => call(fleet, 'GET', path);
const post = (path: string, body: object): Promise<Answer> => call(fleet, 'POST', path, { body });
const foundBy = async (search: string): Promise<unknown> =>
  (await get(`/v1/support/workspaces?search=${encodeURIComponent(search)}`)).body['workspaces'];
type Owed = { readonly id: string; readonly kind: string; readonly workspaceName: string; readonly state: string };
const owedTo = async (customer: Customer, state: string): Promise<readonly Owed[]> =>
  (await get(`/v1/support/work?state=${state}&workspaceId=${customer.id}`)).body['work'] as readonly Owed[];

test('support finds a workspace by whatever people say of it', async () => {
  const customer = await Customer.register(fleet);
  const order = await customer.order({ token: 'tok_visa' });
  await fleet.settle();
  const number = String((await get(`/v1/orders/${order}`)).body['number']);
  const wanted = expect.arrayContaining([
    expect.objectContaining({ id: customer.id, subscription: expect.objectContaining({ status: 'active' }) }),
  ]);
  for (const search of [customer.id, order, order.toUpperCase(), number, `#${number}`, 'thwind STU', customer.email]) {
    expect({ search, found: await foundBy(search) }).toEqual({ search, found: wanted });
  }
  for (const search of ['nobody is called so', '%%', '__', String.raw`\\`, "' or 1=1 --"]) {
    expect({ search, found: await foundBy(search) }).toEqual({ search, found: [] });
  }
  for (const search of ['', 'a', 'a'.repeat(201), '\u202ename']) {
    expect((await get(`/v1/support/workspaces?search=${encodeURIComponent(search)}`)).status).toBe(400);
  }
});

test('owed work is put aside and tried again with a reason, which is on record for its workspace', async () => {
  const customer = await Customer.register(fleet);
  const order = await customer.order({});
  const [waiting] = await until('a look is owed', () => owedTo(customer, 'waiting'), {
    isDone: (owed) => owed.length > 0,
  });
  expect(waiting).toMatchObject({ kind: 'attempt.check', workspaceName: 'Northwind Studio' });
  const path = `/v1/support/work/${String(waiting?.id)}`;
  expect(await post(`${path}/retry`, { reason: 'too soon' })).toMatchObject({
    status: 409,
    body: { code: 'work_state' },
  });
  expect(await post(`${path}/park`, {})).toMatchObject({ status: 400 });
  expect(await post(`${path}/park`, { reason: 'the provider asked us to wait' })).toMatchObject({
    status: 200,
    body: { id: waiting?.id, state: 'dead' },
  });
  expect(await owedTo(customer, 'dead')).toMatchObject([{ id: waiting?.id, state: 'dead' }]);
  expect(await post(`${path}/park`, { reason: 'once more' })).toMatchObject({ status: 409 });
  expect(await post(`${path}/retry`, { reason: 'it is well again' })).toMatchObject({
    status: 200,
    body: { state: 'waiting' },
  });
  await customer.pay(order);
  await fleet.settle();
  expect(await owedTo(customer, 'dead')).toEqual([]);
  expect((await post('/v1/support/work/999999999/retry', { reason: 'gone' })).status).toBe(404);
  const actions = await fleet.sql(
    `select action, reason from ops_action where subject = 'work ${String(waiting?.id)}' order by id`,
  );
  expect(actions).toEqual([
    { action: 'work.kill', reason: 'the provider asked us to wait' },
    { action: 'work.retry', reason: 'it is well again' },
  ]);
});

test('what staff did about a workspace is listed, newest first, page by page, and of no other one', async () => {
  const customer = await Customer.register(fleet);
  const other = await Customer.register(fleet);
  for (const reason of ['they moved', 'they moved back']) {
    const country = reason.endsWith('back') ? 'US' : 'MX';
    const path = `/v1/workspaces/${customer.id}/country`;
    expect((await call(fleet, 'PUT', path, { body: { country, reason } })).status).toBe(200);
  }
  const path = `/v1/support/workspaces/${customer.id}/actions`;
  const first = (await get(`${path}?limit=1`)).body;
  expect(first).toMatchObject({ actions: [{ action: 'workspace.country', reason: 'they moved back' }] });
  const rest = (await get(`${path}?before=${String(first['next'])}`)).body;
  expect(rest).toMatchObject({ actions: [{ reason: 'they moved' }], next: null });
  expect((await get(`/v1/support/workspaces/${other.id}/actions`)).body).toEqual({ actions: [], next: null });
  expect((await get('/v1/support/workspaces/0191b7a0-0000-7000-8000-00000000dead/actions')).status).toBe(404);
});
