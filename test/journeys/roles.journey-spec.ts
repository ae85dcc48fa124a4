import { randomUUID } from 'node:crypto';
import { isWorkspaceRole, mayRole, roles, rolesFor, workspaceRoles } from '@billfleet/domain';
import type { Action, Role, WorkspaceRole } from '@billfleet/domain';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { call, Customer } from '../support/customer.js';
import type { Answer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';

jest.setTimeout(60_000);

let fleet: Fleet;
let customer: Customer;
const keys = new Map<Role, string>();

beforeAll(async () => {
  fleet = await Fleet.start();
  customer = await Customer.register(fleet, 'US');
  // Scopes allow everything here, so whatever is refused is refused for the role.
  for (const role of roles) {
    const workspaceId = isWorkspaceRole(role) ? customer.id : null;
    keys.set(role, await fleet.addApiKey(['publish', 'read', 'admin'], workspaceId, role));
  }
});
afterAll(() => fleet.close());

/** Every route of the API with what it does. Bodies are empty: who may do it is told that fields are missing, or that there is no such thing. */
const routes: readonly (readonly [method: string, path: string, action: Action])[] = [
  ['GET', '/v1/ping', 'read-billing'],
  ['GET', '/v1/me', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/changes', 'read-billing'],
  ['POST', '/v1/portal-sessions', 'open-portals'],
  ['POST', '/v1/workspaces', 'register-workspaces'],
  ['POST', '/v1/quotes', 'buy'],
  ['POST', '/v1/orders', 'buy'],
  ['GET', '/v1/orders/{id}', 'read-billing'],
  ['POST', '/v1/orders/{id}/payments', 'pay'],
  ['POST', '/v1/orders/{id}/cancellation', 'cancel'],
  ['GET', '/v1/workspaces/{id}/documents', 'see-invoices'],
  ['GET', '/v1/orders/{id}/documents', 'see-invoices'],
  ['GET', '/v1/documents/{id}', 'see-invoices'],
  ['GET', '/v1/documents/{id}/pdf', 'see-invoices'],
  ['GET', '/v1/orders/{id}/payment-request', 'see-invoices'],
  ['GET', '/v1/orders/{id}/refundable', 'see-desk'],
  ['POST', '/v1/orders/{id}/refunds', 'refund'],
  ['GET', '/v1/orders/{id}/refunds', 'see-desk'],
  ['GET', '/v1/refunds', 'see-desk'],
  ['GET', '/v1/refunds/{id}', 'see-desk'],
  ['POST', '/v1/refunds/{id}/retry', 'refund'],
  ['POST', '/v1/refunds/{id}/given-outside', 'refund'],
  ['GET', '/v1/orders/{id}/write-offs', 'see-desk'],
  ['POST', '/v1/orders/{id}/write-offs', 'refund'],
  ['GET', '/v1/workspaces/{id}/customer-credits', 'see-desk'],
  ['POST', '/v1/workspaces/{id}/customer-credits', 'refund'],
  ['POST', '/v1/customer-credits/{id}/withdrawal', 'refund'],
  ['GET', '/v1/orders/{id}/undo', 'undo'],
  ['POST', '/v1/orders/{id}/undo', 'undo'],
  ['POST', '/v1/orders/{id}/offline-payments', 'record-offline-payment'],
  ['GET', '/v1/orders/{id}/offline-payment', 'see-desk'],
  ['PUT', '/v1/workspaces/{id}/country', 'register-workspaces'],
  ['GET', '/v1/workspaces/{id}/invoice-details', 'see-details'],
  ['PUT', '/v1/workspaces/{id}/invoice-details', 'change-details'],
  ['GET', '/v1/workspaces/{id}/taxpayer-details', 'see-details'],
  ['PUT', '/v1/workspaces/{id}/taxpayer-details', 'change-details'],
  ['GET', '/v1/workspaces/{id}/details-changes', 'see-details'],
  ['POST', '/v1/workspaces/{id}/closings', 'close-subscriptions'],
  ['GET', '/v1/workspaces/{id}/closings/{closingId}', 'see-desk'],
  ['GET', '/v1/chargebacks', 'see-desk'],
  ['GET', '/v1/chargebacks/{id}', 'see-desk'],
  ['POST', '/v1/chargebacks/{id}/decision', 'decide-chargebacks'],
  ['GET', '/v1/workspaces/{id}/entitlements', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/requests/{key}', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/orders', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/billing', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/offers', 'read-billing'],
  ['GET', '/v1/quotes/{id}', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/orders.csv', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/subscription', 'read-billing'],
  ['PUT', '/v1/workspaces/{id}/scheduled-change', 'buy'],
  ['DELETE', '/v1/workspaces/{id}/scheduled-change', 'buy'],
  ['PUT', '/v1/workspaces/{id}/auto-renewal', 'switch-auto-renewal'],
  ['PUT', '/v1/workspaces/{id}/price-list', 'move-price-lists'],
  ['POST', '/v1/workspaces/{id}/payment-methods', 'pay'],
  ['GET', '/v1/workspaces/{id}/payment-methods/setups/{setupId}', 'read-billing'],
  ['POST', '/v1/workspaces/{id}/usage', 'report-usage'],
  ['GET', '/v1/workspaces/{id}/usage', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/usage/fixes', 'read-billing'],
  ['GET', '/v1/workspaces/{id}/usage.csv', 'read-billing'],
  ['POST', '/v1/workspaces/{id}/credits/spend', 'report-usage'],
  ['GET', '/v1/workspaces/{id}/credits', 'read-billing'],
  ['PUT', '/v1/workspaces/{id}/members/{externalId}', 'report-members'],
  ['POST', '/v1/workspaces/{id}/members', 'report-members'],
  ['GET', '/v1/workspaces/{id}/members', 'read-billing'],
  ['POST', '/v1/workspaces/{id}/seat-reductions', 'reduce-seats'],
  ['GET', '/v1/workspaces/{id}/seat-reductions/{reductionId}', 'see-desk'],
  ['POST', '/v1/seat-checks', 'check-seats'],
  ['GET', '/v1/workspaces/{id}/seat-check', 'read-billing'],
  ['GET', '/v1/events', 'read-events'],
  ['GET', '/v1/events/{id}', 'read-events'],
  ['POST', '/v1/events/{id}/redeliver', 'redeliver-events'],
  ['POST', '/v1/payment-confirmations', 'pay'],
  ['POST', '/v1/seat-provisionings', 'provision'],
  ['POST', '/v1/renewal-reminders', 'provision'],
  ['GET', '/v1/renewal-reminders/{id}', 'read-billing'],
  ['POST', '/v1/enterprise-requests', 'request-contract'],
  ['GET', '/v1/enterprise-requests', 'see-desk'],
  ['GET', '/v1/enterprise-requests/{id}', 'see-request'],
  ['POST', '/v1/enterprise-requests/{id}/moves', 'manage-contracts'],
  ['POST', '/v1/contracts', 'manage-contracts'],
  ['POST', '/v1/contracts/preview', 'manage-contracts'],
  ['GET', '/v1/contracts', 'see-desk'],
  ['GET', '/v1/contracts/{id}', 'see-desk'],
  ['POST', '/v1/contracts/{id}/withdrawal', 'manage-contracts'],
  ['GET', '/v1/support/workspaces', 'find-workspaces'],
  ['GET', '/v1/support/workspaces/{id}', 'find-workspaces'],
  ['GET', '/v1/support/workspaces/{id}/actions', 'find-workspaces'],
  ['GET', '/v1/support/work', 'find-workspaces'],
  ['POST', '/v1/support/work/{id}/retry', 'retry-work'],
  ['POST', '/v1/support/work/{id}/park', 'retry-work'],
  ['POST', '/v1/test-clocks', 'move-test-clocks'],
  ['GET', '/v1/test-clocks/{id}', 'move-test-clocks'],
  ['POST', '/v1/test-clocks/{id}/workspaces', 'move-test-clocks'],
  ['POST', '/v1/test-clocks/{id}/advance', 'move-test-clocks'],
];

/** Routes that check in their own way. */
const OPEN = ['POST /v1/webhooks/{provider}'];

function ask(role: Role, [method, path]: readonly string[], actor?: string): Promise<Answer> {
  const apiKey = keys.get(role) ?? '';
  const filled = (path ?? '').replace(/\{\w+\}/g, randomUUID());
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
  const sent = { ...body, key: randomUUID(), apiKey, ...(actor === undefined ? {} : { actor }) };
  return call(fleet, method ?? 'GET', filled, sent);
}

test('the table below has every route of the API', async () => {
  const document = (await call(fleet, 'GET', '/docs-json')).body as { paths: Record<string, Record<string, unknown>> };
  const served = Object.entries(document.paths).flatMap(([path, methods]) =>
    path.startsWith('/v1/') ? Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`) : [],
  );
  expect(served.sort()).toEqual([...routes.map(([method, path]) => `${method} ${path}`), ...OPEN].sort());
});

describe.each(routes.map(([method, path, action]) => ({ route: `${method} ${path}`, method, path, action })))(
  '$route, which is to $action,',
  ({ method, path, action }) => {
    test.each(roles)('asked by %s', async (role) => {
      const { status, body } = await ask(role, [method, path]);
      if (mayRole(role, action)) {
        expect(status).not.toBe(401);
        expect(body['code']).not.toBe('role_missing');
        return;
      }
      expect([status, body['code'], body['field']]).toEqual([403, 'role_missing', 'Authorization']);
      expect([body['found'], body['wanted']]).toEqual([
        `the role ${role}`,
        `the role ${rolesFor(action).join(' or ')}`,
      ]);
    });

    test.each(workspaceRoles)('asked by an admin for a person with the role %s', async (role) => {
      const { status, body } = await ask('admin', [method, path], `user-17; role=${role}`);
      if (mayRole(role, action)) {
        expect(body['code']).not.toBe('role_missing');
        return;
      }
      expect([status, body['code'], body['found']]).toEqual([403, 'role_missing', `the role ${role}`]);
    });
  },
);

describe('a service that calls for a person', () => {
  const quote = (): Record<string, unknown> => ({ workspaceId: customer.id, plan: 'base', seats: 1, periodMonths: 6 });

  test('places an order in the name of that person', async () => {
    const actor = 'user-17;role=workspace-admin';
    const apiKey = keys.get('service') ?? '';
    const priced = await call(fleet, 'POST', '/v1/quotes', { body: quote(), apiKey, actor });
    const payment = { collection: 'provider', method: 'card' };
    const body = { workspaceId: customer.id, quoteId: priced.body['id'], payment };
    const placed = await call(fleet, 'POST', '/v1/orders', { body, apiKey, actor, key: randomUUID() });
    expect(placed.status).toBe(202);
    expect(await customer.look(String(placed.body['id']))).toMatchObject({ placedBy: 'person user-17' });
    await fleet.settle();
    // Without a person it is the key that is recorded.
    const again = await call(fleet, 'POST', '/v1/quotes', { body: quote(), apiKey });
    const byKey = { ...body, quoteId: again.body['id'] };
    const second = await call(fleet, 'POST', '/v1/orders', { body: byKey, apiKey, key: randomUUID() });
    expect(await customer.look(String(second.body['id']))).toMatchObject({ placedBy: 'key test' });
    await fleet.settle();
  });

  test('cannot collect money in the name of that person, nor price a refund', async () => {
    const sent = { apiKey: keys.get('admin') ?? '', actor: 'user-17; role=workspace-admin' };
    const order = { workspaceId: customer.id, quoteId: randomUUID(), payment: { collection: 'upstream' } };
    const placed = await call(fleet, 'POST', '/v1/orders', { ...sent, body: order, key: randomUUID() });
    expect(placed.body).toMatchObject({ status: 403, code: 'collection_not_allowed' });
    const confirmation = {
      ...{ provider: 'upstream', workspaceId: customer.id, order: { orderId: randomUUID() }, reference: randomUUID() },
      ...{ amountMinor: '1', currency: 'USD', paidAt: '2026-10-05T15:00:00Z' },
    };
    const told = await call(fleet, 'POST', '/v1/payment-confirmations', {
      ...{ ...sent, body: confirmation, key: randomUUID() },
    });
    expect(told.body).toMatchObject({ status: 403, code: 'confirmation_not_allowed' });
    const refund = { workspaceId: customer.id, kind: 'refund' };
    expect((await call(fleet, 'POST', '/v1/quotes', { ...sent, body: refund })).body).toMatchObject({
      ...{ status: 403, code: 'refund_not_allowed' },
    });
  });

  test.each<[string, Role, string, number, string]>([
    ['without a role', 'service', 'user-17', 400, 'actor_invalid'],
    ['with a role of staff', 'service', 'user-17; role=operator', 400, 'actor_invalid'],
    ['without an id', 'service', '; role=member', 400, 'actor_invalid'],
    ['by a key of a workspace', 'workspace-admin', 'user-17; role=member', 403, 'actor_not_allowed'],
    ['by support', 'support', 'user-17; role=member', 403, 'actor_not_allowed'],
  ])('names the person rightly: %s it is refused', async (_case, role, actor, status, code) => {
    expect((await ask(role, ['GET', '/v1/ping'], actor)).body).toMatchObject({
      status,
      code,
      field: 'Billfleet-Actor',
    });
  });

  test.each<WorkspaceRole>(['member', 'billing-contact'])('has no more power than %s has', async (role) => {
    const answer = await call(fleet, 'POST', '/v1/quotes', {
      ...{ body: quote(), apiKey: keys.get('service') ?? '', actor: `user-17; role=${role}` },
    });
    expect(answer.body).toMatchObject({
      status: 403,
      code: 'role_missing',
      wanted: expect.stringContaining('service'),
    });
  });
});
