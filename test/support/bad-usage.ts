import type { Row, Sent, World } from './bad-requests.js';

const observedAt = '2026-10-05T12:00:00Z';

const report =
  (body: Record<string, unknown>, sent: (world: World) => Partial<Sent> = () => ({})) =>
  (world: World): Sent => ({
    path: `/v1/workspaces/${world.us.id}/usage`,
    body: { meter: 'leads', observedAt, ...body },
    ...sent(world),
  });
const spend =
  (body: Record<string, unknown>, sent: (world: World) => Partial<Sent> = () => ({})) =>
  (world: World): Sent => ({
    path: `/v1/workspaces/${world.us.id}/credits/spend`,
    body: { amount: 1, action: 'summary', ...body },
    ...sent(world),
  });

/** Reports of use and spendings that are wrong. */
export const badUsage: readonly Row[] = [
  ['use of an unknown meter', report({ meter: 'unicorns', value: 1 }), 422, 'meter_unknown', 'meter'],
  ['use of a meter that is no name', report({ meter: 'a b', value: 1 }), 400, 'field_invalid', 'meter'],
  ['use of credits', report({ meter: 'aiCredits', change: 1 }), 422, 'meter_not_reported', 'meter'],
  ['a use below zero', report({ value: -1 }), 400, 'field_invalid', 'value'],
  ['a use by half', report({ value: 1.5 }), 400, 'field_invalid', 'value'],
  ['a use beyond counting', report({ value: 1_000_000_000_001 }), 400, 'field_invalid', 'value'],
  ['a change of nothing', report({ meter: 'chatsApiRequests', change: 0 }), 400, 'field_invalid', 'change'],
  ['use as value and change', report({ value: 1, change: 1 }), 400, 'field_invalid', 'value'],
  ['use of nothing', report({}), 400, 'field_missing', 'value'],
  ['a change of what never resets', report({ change: 1 }), 422, 'usage_form_wrong', 'change'],
  ['a value of what resets', report({ meter: 'chatsApiRequests', value: 1 }), 422, 'usage_form_wrong', 'value'],
  [
    'use of tomorrow',
    report({ value: 1, observedAt: '2026-10-06T16:00:00Z' }),
    422,
    'observed_in_future',
    'observedAt',
  ],
  ['use in the year 0', report({ value: 1, observedAt: '0000-01-01T00:00:00Z' }), 400, 'field_invalid', 'observedAt'],
  ['use at no instant', report({ value: 1, observedAt: 'yesterday' }), 400, 'field_invalid', 'observedAt'],
  [
    'use by the key of a workspace',
    report({ value: 1 }, (w) => ({ apiKey: w.tenantKey })),
    403,
    'role_missing',
    'Authorization',
  ],
  [
    'use without a key of its own',
    report({ value: 1 }, () => ({ key: null })),
    400,
    'idempotency_key_missing',
    'Idempotency-Key',
  ],
  [
    'use by a key that may only read',
    report({ value: 1 }, (w) => ({ apiKey: w.readKey })),
    403,
    'scope_missing',
    'Authorization',
  ],
  [
    'use of an unknown workspace',
    report({ value: 1 }, () => ({ path: '/v1/workspaces/0191b7a0-0000-7000-8000-00000000dead/usage' })),
    404,
    'workspace_unknown',
    'workspaceId',
  ],
  ['no credits spent', spend({ amount: 0 }), 400, 'field_invalid', 'amount'],
  ['credits beyond an action', spend({ amount: 1_000_001 }), 400, 'field_invalid', 'amount'],
  ['credits without an action', spend({ action: undefined }), 400, 'field_missing', 'action'],
  ['an action with blanks', spend({ action: 'a b' }), 400, 'field_invalid', 'action'],
  [
    'credits by the key of a workspace',
    spend({}, (w) => ({ apiKey: w.tenantKey })),
    403,
    'role_missing',
    'Authorization',
  ],
  [
    'credits of an unknown workspace',
    spend({}, () => ({ path: '/v1/workspaces/0191b7a0-0000-7000-8000-00000000dead/credits/spend' })),
    404,
    'workspace_unknown',
    'workspaceId',
  ],
];
