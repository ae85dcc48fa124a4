import { expect, test } from '@jest/globals';
import { seatDrifts } from './seat-drift.js';

const paid = { seats: 5, plan: 'base', seatsInUse: 4 };
const given = { seats: 5, plan: 'base', members: 4 };

test.each([
  ['nothing', paid, given, []],
  ['nothing, since nobody counts', paid, { ...given, members: null }, []],
  ['seats', paid, { ...given, seats: 7 }, [{ what: 'seats', paid: '5', granted: '7' }]],
  ['the plan', paid, { ...given, plan: 'pro' }, [{ what: 'plan', paid: 'base', granted: 'pro' }]],
  ['who is a member', paid, { ...given, members: 3 }, [{ what: 'members', paid: '4 reported', granted: '3' }]],
  ['nothing, since nobody was reported', { ...paid, seatsInUse: null }, { ...given, members: 5 }, []],
  [
    'more members than seats',
    { ...paid, seatsInUse: null },
    { ...given, members: 6 },
    [{ what: 'members', paid: 'at most 5', granted: '6' }],
  ],
  [
    'all, where the host product does not know the workspace',
    paid,
    { seats: 0, plan: null, members: null },
    [
      { what: 'seats', paid: '5', granted: '0' },
      { what: 'plan', paid: 'base', granted: 'none' },
    ],
  ],
])('what differs: %s', (_name, left, right, expected) => {
  expect(seatDrifts(left, right)).toEqual(expected);
});
