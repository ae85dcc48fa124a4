import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideReports, memberStatuses, refuseReduction, seatsAtRenewal, seatUse, usesSeat } from './members.js';
import type { MemberReport, MemberStatus } from './members.js';

const report = (
  status: MemberStatus,
  from?: MemberStatus,
  times: readonly [number, number] | [] = [],
): MemberReport => ({
  externalId: 'u-1',
  status,
  changedAtMs: times[1] ?? null,
  known: from === undefined ? undefined : { status: from, changedAtMs: times[0] ?? null },
});

describe('seats and those who use them', () => {
  test.each([
    [5, 3, { free: 2, overBy: 0 }],
    [5, 5, { free: 0, overBy: 0 }],
    [5, 7, { free: 0, overBy: 2 }],
    [null, 7, { free: null, overBy: 0 }],
  ] as const)('%p seats with %d in use', (seats, inUse, expected) => {
    expect(seatUse(seats, inUse)).toEqual({ seats, inUse, ...expected });
  });
});

describe('a report', () => {
  test.each([
    ['a new member takes the last seat', report('active'), { seats: 5, inUse: 4 }, 5],
    ['a disabled one comes back', report('active', 'disabled'), { seats: 5, inUse: 4 }, 5],
    ['an invited one accepts, and takes no seat more', report('active', 'invited'), { seats: 5, inUse: 5 }, 5],
    ['one stays active although there are too many', report('active', 'active'), { seats: 5, inUse: 7 }, 7],
    ['one is disabled', report('disabled', 'active'), { seats: 5, inUse: 7 }, 6],
    ['nobody counts before there is a subscription', report('active'), { seats: null, inUse: 9 }, 10],
  ] as const)('%s', (_name, one, before, inUse) => {
    expect(decideReports([one], before)).toEqual({ kind: 'taken', current: ['u-1'], inUse });
  });

  test.each([
    ['one more than the seats', report('invited'), { seats: 5, inUse: 5 }, '6 members in use for 5 seats'],
    [
      'one more while there are too many',
      report('active', 'disabled'),
      { seats: 5, inUse: 7 },
      '8 members in use for 5 seats',
    ],
  ] as const)('is refused for %s', (_name, one, before, found) => {
    expect(decideReports([one], before)).toMatchObject({ kind: 'refused', code: 'seats_in_use', found });
  });

  test('who has accepted is not invited again', () => {
    expect(decideReports([report('invited', 'active')], { seats: 5, inUse: 1 })).toMatchObject({
      kind: 'refused',
      code: 'member_transition',
      found: 'u-1 from active to invited',
      wanted: 'one of disabled after active',
    });
  });

  test('that came late is left out, also where it would be refused', () => {
    const late = report('invited', 'active', [2_000, 1_000]);
    expect(decideReports([late], { seats: 5, inUse: 5 })).toEqual({ kind: 'taken', current: [], inUse: 5 });
    const again = report('active', 'active', [2_000, 2_000]);
    expect(decideReports([again], { seats: 5, inUse: 5 })).toMatchObject({ current: ['u-1'] });
  });

  test('in a batch, one makes room for another, and the number in use is what comes of all', () => {
    const status = fc.constantFrom(...memberStatuses);
    const one = fc.record({ status, from: fc.option(status, { nil: undefined }) });
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 12 }),
        fc.integer({ min: 1, max: 10 }),
        fc.nat({ max: 5 }),
        (wishes, seats, others) => {
          const reports = wishes.map(({ status: to, from }) => report(to, from));
          const before = others + wishes.filter(({ from }) => from !== undefined && usesSeat(from)).length;
          const decision = decideReports(reports, { seats, inUse: before });
          if (decision.kind === 'refused') return;
          const after = others + wishes.filter(({ status: to }) => usesSeat(to)).length;
          expect(decision.inUse).toBe(after);
          const takesSeat = wishes.some(
            ({ status: to, from }) => usesSeat(to) && (from === undefined || !usesSeat(from)),
          );
          expect(takesSeat && after > seats).toBe(false);
        },
      ),
    );
  });
});

describe('fewer seats', () => {
  test.each([
    ['as scheduled while they are free', 3, 5, 2, 3],
    ['as many as are in use by then', 3, 5, 4, 4],
    ['never more than there are', 3, 5, 9, 5],
    ['more seats than now are not touched', 8, 5, 9, 8],
  ])('at renewal: %s', (_name, scheduled, present, inUse, expected) => {
    expect(seatsAtRenewal(scheduled, present, inUse)).toBe(expected);
  });

  test.each([
    [3, 3, undefined],
    [3, 4, 'seats_in_use'],
    [5, 0, 'seats_out_of_range'],
    [0, 0, 'seats_out_of_range'],
    [1.5, 0, 'seats_out_of_range'],
  ])('in mid-term to %d with %d of 5 in use: %s', (seats, inUse, code) => {
    expect(refuseReduction({ seats, present: 5, inUse })?.code).toBe(code);
  });
});
