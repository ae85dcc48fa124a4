import { describe, expect, test } from '@jest/globals';
import { actions, defaultRole, isRole, isWorkspaceRole, mayRole, roles, rolesFor } from './roles.js';
import type { Action, Role } from './roles.js';

/** Written out by hand: who may do what, as people agreed on it. */
const agreed: readonly (readonly [Action, string])[] = [
  ['read-billing', 'member billing-contact workspace-admin viewer service support operator admin'],
  ['see-invoices', 'billing-contact workspace-admin viewer service support operator admin'],
  ['see-details', 'billing-contact workspace-admin viewer service support operator admin'],
  ['change-details', 'billing-contact workspace-admin service support operator admin'],
  ['pay', 'billing-contact workspace-admin service support operator admin'],
  ['buy', 'workspace-admin service support operator admin'],
  ['cancel', 'workspace-admin service support operator admin'],
  ['undo', 'workspace-admin service support operator admin'],
  ['switch-auto-renewal', 'workspace-admin service support operator admin'],
  ['request-contract', 'workspace-admin service support operator admin'],
  ['see-request', 'workspace-admin viewer service support operator admin'],
  ['provision', 'workspace-admin service support operator admin'],
  ['collect-upstream', 'service operator admin'],
  ['open-portals', 'service operator admin'],
  ['register-workspaces', 'service operator admin'],
  ['report-usage', 'service operator admin'],
  ['report-members', 'service operator admin'],
  ['check-seats', 'service support operator admin'],
  ['read-events', 'viewer service support operator admin'],
  ['redeliver-events', 'service support operator admin'],
  ['find-workspaces', 'viewer support operator admin'],
  ['see-desk', 'viewer support operator admin'],
  ['refund', 'support admin'],
  ['decide-chargebacks', 'support admin'],
  ['reduce-seats', 'support admin'],
  ['close-subscriptions', 'support admin'],
  ['manage-contracts', 'support admin'],
  ['record-offline-payment', 'support admin'],
  ['retry-work', 'operator admin'],
  ['move-test-clocks', 'service operator admin'],
  ['move-price-lists', 'admin'],
  ['manage-keys', 'admin'],
];

describe('the table of roles', () => {
  test('has exactly the agreed actions, in their order', () => {
    expect(actions).toEqual(agreed.map(([action]) => action));
  });

  test.each(agreed.flatMap(([action, may]) => roles.map((role) => ({ action, role, may: may.split(' ') }))))(
    '$role, $action',
    ({ action, role, may }) => {
      expect(mayRole(role, action)).toBe(may.includes(role));
      expect(rolesFor(action)).toEqual(may);
    },
  );

  const mayAll = (role: Role): readonly Action[] => actions.filter((action) => mayRole(role, action));

  test.each<readonly [Role, Role]>([
    ['member', 'billing-contact'],
    ['billing-contact', 'workspace-admin'],
    ['workspace-admin', 'service'],
    ['workspace-admin', 'support'],
    ['service', 'operator'],
    ['viewer', 'support'],
    ['viewer', 'operator'],
    ['support', 'admin'],
    ['operator', 'admin'],
  ])('%s may nothing that %s may not', (weaker, stronger) => {
    expect(mayAll(stronger)).toEqual(expect.arrayContaining([...mayAll(weaker)]));
    expect(mayAll(stronger).length).toBeGreaterThan(mayAll(weaker).length);
  });

  test('whoever runs the fleet moves no money, and whoever helps customers does not run it', () => {
    expect(mayAll('support').filter((action) => !mayRole('operator', action))).toEqual([
      ...['refund', 'decide-chargebacks', 'reduce-seats', 'close-subscriptions'],
      ...['manage-contracts', 'record-offline-payment'],
    ]);
    expect(mayAll('operator').filter((action) => !mayRole('support', action))).toEqual([
      ...['collect-upstream', 'open-portals', 'register-workspaces', 'report-usage', 'report-members'],
      ...['retry-work', 'move-test-clocks'],
    ]);
  });

  test('what only an admin may do', () => {
    expect(actions.filter((action) => rolesFor(action).join() === 'admin')).toEqual([
      'move-price-lists',
      'manage-keys',
    ]);
  });

  test('a member only reads', () => {
    expect(mayAll('member')).toEqual(['read-billing']);
  });
});

describe('a key without a role', () => {
  test.each([
    [['read'], 'a workspace', 'workspace-admin'],
    [['publish', 'read', 'admin'], 'a workspace', 'workspace-admin'],
    [['publish', 'read'], null, 'service'],
    [['read', 'admin'], null, 'admin'],
  ] as const)('with the scopes %j of %s is %s', (scopes, workspaceId, role) => {
    expect(defaultRole({ scopes, workspaceId })).toBe(role);
  });
});

test('names of roles are told from other texts, and those of a workspace from those of staff', () => {
  expect(roles.every(isRole)).toBe(true);
  expect(['owner', '', 'Member', 'toString'].some(isRole)).toBe(false);
  expect(roles.filter(isWorkspaceRole)).toEqual(['member', 'billing-contact', 'workspace-admin']);
});
