import { expect, test } from '@jest/globals';
import { refuseUndo } from './undo.js';
import type { UndoQuestion } from './undo.js';

const stands = { plan: 'pro', seats: 7, priceListId: 'usd', endsOn: '2027-01-01' } as const;
const question: UndoQuestion = {
  ...{ kind: 'upgrade', status: 'fulfilled', timeZone: 'America/New_York' },
  ...{ givenAt: new Date('2026-10-05T15:00:00Z'), now: new Date('2026-10-06T03:59:59Z') },
  ...{ isDisputed: false, isGivenBackInPart: false, isPlannedAnew: false, laterNumber: null, paidNumber: null },
  ...{ after: stands, present: stands, seatsBefore: 5, seatsUncovered: 0 },
};

test('an order can be undone until its day ends on the calendar of its workspace', () => {
  expect(refuseUndo(question)).toBeUndefined();
  const late = refuseUndo({ ...question, now: new Date('2026-10-06T04:00:00Z') });
  expect(late).toMatchObject({ code: 'undo_day_over', found: 'an order of 2026-10-05, on 2026-10-06' });
  // The day has 25 hours when clocks are set back.
  const longDay = { givenAt: new Date('2026-11-01T04:00:00Z'), now: new Date('2026-11-02T04:59:59Z') };
  expect(refuseUndo({ ...question, ...longDay })).toBeUndefined();
});

test.each<[string, Partial<UndoQuestion>, string]>([
  ['a renewal', { kind: 'renewal' }, 'undo_not_possible'],
  ['one that is undone', { status: 'refund_due' }, 'undo_not_possible'],
  ['one from before undo points', { givenAt: null }, 'undo_not_possible'],
  ['one of a workspace with a chargeback', { isDisputed: true }, 'chargeback_open'],
  ['one before a later order', { laterNumber: '12' }, 'undo_built_on'],
  ['one before a paid order', { paidNumber: '12' }, 'undo_built_on'],
  ['one of which a part went back', { isGivenBackInPart: true }, 'undo_built_on'],
  ['one after which the next term was planned', { isPlannedAnew: true }, 'undo_built_on'],
  ['one whose subscription is gone', { present: undefined }, 'undo_built_on'],
  ['one of which seats were taken back', { present: { ...stands, seats: 6 } }, 'undo_built_on'],
  ['one whose subscription ends another day', { present: { ...stands, endsOn: '2027-07-01' } }, 'undo_built_on'],
  ['one whose seats are in use', { seatsUncovered: 1 }, 'seats_in_use'],
])('%s cannot', (_name, more, code) => {
  expect(refuseUndo({ ...question, ...more })).toMatchObject({ code, field: 'id' });
});
