import { describe, expect, test } from '@jest/globals';
import { actions, defaultRole, isRole, isWorkspaceRole, mayRole, roles, rolesFor } from './roles.js';
import type { Action, Role } from './roles.js';

/** Written out by hand: who may do what, as people agreed on it. */
const agreed: readonly (readonly [Action, string])[] = [
  ['read-billing', 'member billing-contact workspace-admin service support operator'],
  ['see-invoices', 'billing-contact workspace-admin service support operator'],
  ['see-details', 'billing-contact workspace-admin service support operator'],
  ['change-details', 'billing-contact workspace-admin service support operator'],
  ['pay', 'billing-contact workspace-admin service support operator'],
  ['buy', 'workspace-admin service support operator'],
  ['cancel', 'workspace-admin service support operator'],
  ['undo', 'workspace-admin service support operator'],
  ['switch-auto-renewal', 'workspace-admin service support operator'],
  ['request-contract', 'workspace-admin service support operator'],
  ['provision', 'workspace-admin service support operator'],
  ['collect-upstream', 'service operator'],
  ['open-portals', 'service operator'],
  ['register-workspaces', 'service operator'],
  ['report-usage', 'service operator'],
  ['report-members', 'service operator'],
  ['check-seats', 'service support operator'],
  ['read-events', 'service support operator'],
  ['redeliver-events', 'service support operator'],
  ['refund', 'support operator'],
  ['decide-chargebacks', 'support operator'],
  ['reduce-seats', 'support operator'],
  ['manage-contracts', 'support operator'],
  ['record-offline-payment', 'support operator'],
  ['move-test-clocks', 'service operator'],
  ['find-workspaces', 'support operator'],
  ['retry-work', 'operator'],
  ['manage-keys', 'operator'],
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
    ['support', 'operator'],
  ])('%s may nothing that %s may not', (weaker, stronger) => {
    expect(mayAll(stronger)).toEqual(expect.arrayContaining([...mayAll(weaker)]));
    expect(mayAll(stronger).length).toBeGreaterThan(mayAll(weaker).length);
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
    [['read', 'admin'], null, 'operator'],
  ] as const)('with the scopes %j of %s is %s', (scopes, workspaceId, role) => {
    expect(defaultRole({ scopes, workspaceId })).toBe(role);
  });
});

test('names of roles are told from other texts, and those of a workspace from those of staff', () => {
  expect(roles.every(isRole)).toBe(true);
  expect(['admin', '', 'Member', 'toString'].some(isRole)).toBe(false);
  expect(roles.filter(isWorkspaceRole)).toEqual(['member', 'billing-contact', 'workspace-admin']);
});
