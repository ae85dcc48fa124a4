import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptTransitions, initialAttemptStatus, openAttemptStatuses, terminalAttemptStatuses } from './attempt.js';
import {
  enterpriseRequestTransitions,
  initialEnterpriseRequestStatus,
  terminalEnterpriseRequestStatuses,
} from './enterprise-request.js';
import { canMove, checkMachine } from './machine.js';
import type { Transitions } from './machine.js';
import { initialMemberStatus, memberTransitions, terminalMemberStatuses } from './members.js';
import { initialOrderStatus, orderTransitions, terminalOrderStatuses } from './order.js';
import { initialSubscriptionStatus, subscriptionTransitions, terminalSubscriptionStatuses } from './subscription.js';

const machines: readonly [string, Transitions<string>, string, readonly string[]][] = [
  ['order', orderTransitions, initialOrderStatus, terminalOrderStatuses],
  ['attempt', attemptTransitions, initialAttemptStatus, terminalAttemptStatuses],
  ['member', memberTransitions, initialMemberStatus, terminalMemberStatuses],
  ['subscription', subscriptionTransitions, initialSubscriptionStatus, terminalSubscriptionStatuses],
  [
    'enterprise request',
    enterpriseRequestTransitions,
    initialEnterpriseRequestStatus,
    terminalEnterpriseRequestStatuses,
  ],
];

describe.each(machines)('the states of an %s', (_name, transitions, initial, terminal) => {
  test('are all reached, known, and end where they are marked to end', () => {
    expect(checkMachine({ transitions, initial, terminal })).toEqual([]);
  });

  test('never leave an end again, however long one walks', () => {
    const walk = fc.array(fc.nat({ max: 1_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(walk, (choices) => {
        let state = initial;
        for (const choice of choices) {
          const targets = transitions[state] ?? [];
          if (terminal.includes(state)) expect(targets).toEqual([]);
          const next = targets[choice % Math.max(1, targets.length)];
          if (next === undefined) break;
          expect(canMove(transitions, state, next)).toBe(true);
          state = next;
        }
      }),
    );
  });
});

test('a closed attempt may still turn out to have taken money, and nothing else', () => {
  const closed = (['declined', 'cancelled', 'expired'] as const).map((status) => attemptTransitions[status]);
  expect(closed).toEqual([['succeeded'], ['succeeded'], ['succeeded']]);
  for (const status of openAttemptStatuses) expect(canMove(attemptTransitions, status, 'succeeded')).toBe(true);
});

test('an order that gave what was bought is never given or paid again: its money may only go back', () => {
  expect(orderTransitions.fulfilled).toEqual(['refund_due', 'refunded']);
  expect(canMove(orderTransitions, 'cancelled', 'paid')).toBe(false);
});

test('a faulty machine is told of each fault', () => {
  const transitions: Transitions<string> = { a: ['a', 'b', 'x'], b: [], c: ['b'], d: [] };
  expect(checkMachine({ transitions, initial: 'a', terminal: ['d', 'e'] })).toEqual([
    'a follows itself',
    'a goes to the unknown x',
    'b is an end but not marked as one',
    'c is never reached from a',
    'd is never reached from a',
    'e is not in the table',
  ]);
  expect(checkMachine({ transitions: { a: ['b'], b: ['a'] }, initial: 'a', terminal: ['b'] })).toEqual([
    'b is marked as an end but goes on',
  ]);
});
