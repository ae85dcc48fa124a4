import { expect, test } from '@jest/globals';
import { orderStory } from './order-story.js';
import type { StoryGround } from './order-story.js';

const at = (minute: number): string => new Date(Date.UTC(2026, 9, 5, 12, minute)).toISOString();
const move = (entityId: string, to: string, minute: number) => ({ entityId, to, at: at(minute) });

const ground: StoryGround = {
  orderId: 'order',
  placedBy: 'person 17',
  statusReason: null,
  attempts: [
    { id: 'first', provider: 'sandbox', method: 'card', failureCode: 'insufficient_funds' },
    { id: 'second', provider: 'sandbox', method: 'pix', failureCode: null },
  ],
  refunds: [{ id: 'refund', amountMinor: '4500', reason: 'seats_returned' }],
  disputes: [{ id: 'dispute', amountMinor: '9000', reason: 'fraudulent' }],
  documents: [{ id: 'invoice', type: 'invoice', number: 'A-2026-1', amountMinor: '9000', at: at(4) }],
  moves: [
    move('order', 'awaiting_payment', 0),
    move('first', 'submitting', 0),
    move('first', 'declined', 1),
    move('second', 'submitting', 2),
    move('second', 'pending', 3),
    move('second', 'succeeded', 4),
    move('order', 'paid', 4),
    move('order', 'fulfilled', 5),
    move('refund', 'owed', 6),
    move('refund', 'succeeded', 7),
    move('dispute', 'open', 8),
    move('dispute', 'lost', 9),
    move('somebody else’s', 'paid', 9),
  ],
};

test('an order tells what happened to it, oldest first', () => {
  const told = orderStory(ground).map(({ at: when, kind, ...more }) => {
    const what = 'status' in more ? `${kind} ${more.status}` : kind;
    return `${when.slice(14, 16)} ${what}`;
  });
  expect(told).toEqual([
    ...['00 placed', '00 attempt submitting', '01 attempt declined', '02 attempt submitting', '03 attempt pending'],
    ...['04 attempt succeeded', '04 paid', '04 document', '05 applied', '06 refund owed', '07 refund succeeded'],
    ...['08 dispute open', '09 dispute lost'],
  ]);
});

test('a decline says why, and only the decline does', () => {
  const reasons = orderStory(ground).flatMap((entry) => (entry.kind === 'attempt' ? [entry.declinedFor] : []));
  expect(reasons).toEqual([null, 'insufficient_funds', null, null, null]);
});

test('whoever placed it is named, and why it was cancelled', () => {
  const moves = [move('order', 'awaiting_payment', 0), move('order', 'cancelled', 1), move('order', 'refund_due', 2)];
  expect(orderStory({ ...ground, statusReason: 'replaced', moves, documents: [] })).toEqual([
    { at: at(0), kind: 'placed', by: 'person 17' },
    { at: at(1), kind: 'cancelled', reason: 'replaced' },
  ]);
});
