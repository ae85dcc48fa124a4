import { randomUUID } from 'node:crypto';
import type { Row, Sent } from './bad-requests.js';

const create = (body: Record<string, unknown>) => (): Sent => ({
  path: '/v1/test-clocks',
  body: { id: randomUUID(), name: 'a clock', ...body },
});
const advance = (to: unknown) => (): Sent => ({ path: `/v1/test-clocks/${randomUUID()}/advance`, body: { to } });
const attach = (workspaceId: unknown) => (): Sent => ({
  path: `/v1/test-clocks/${randomUUID()}/workspaces`,
  body: { workspaceId },
});

/** Wishes about test clocks that are wrong. */
export const badTestClocks: readonly Row[] = [
  ['a clock without a name', create({ name: '' }), 400, 'field_invalid', 'name'],
  ['a clock with a name that is too long', create({ name: 'x'.repeat(101) }), 400, 'field_invalid', 'name'],
  ['a clock with a name of two lines', create({ name: 'a\nb' }), 400, 'field_invalid', 'name'],
  ['a clock with an id that is none', create({ id: 'mine' }), 400, 'field_invalid', 'id'],
  ['a clock at no instant', create({ nowAt: 'noon' }), 400, 'field_invalid', 'nowAt'],
  ['a clock at a day', create({ nowAt: '2027-01-31' }), 400, 'field_invalid', 'nowAt'],
  ['a clock of the last century', create({ nowAt: '1999-12-31T23:59:59Z' }), 400, 'field_invalid', 'nowAt'],
  ['a clock that is sent too far', advance('2200-01-01T00:00:00.001Z'), 400, 'field_invalid', 'to'],
  ['a clock that is sent nowhere', advance(undefined), 400, 'field_missing', 'to'],
  ['a clock that is sent by a number', advance(1_800_000_000), 400, 'field_invalid', 'to'],
  ['a clock that nobody made', advance('2028-01-01T00:00:00Z'), 404, 'test_clock_unknown', 'id'],
  ['a workspace on a clock that nobody made', attach(randomUUID()), 404, 'test_clock_unknown', 'id'],
  ['nobody on a clock', attach(null), 400, 'field_invalid', 'workspaceId'],
];
