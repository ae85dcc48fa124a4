import { describe, expect, test } from '@jest/globals';
import { changeEvents } from './emit-events.js';

describe('the events of a change', () => {
  const state = {
    status: 'active',
    plan: 'base',
    seats: 5,
    autoRenewal: true,
    limits: { leads: { amount: 1 } },
  } as const;
  const days = { startsOn: '2026-10-05', endsOn: '2027-04-05', access: 'full' } as const;
  const change = { workspaceId: 'w', version: 2, orderId: null, cause: 'c', by: 'payment' };
  const typesOf = (
    before: typeof state | null,
    after: Partial<Parameters<typeof changeEvents>[0]['after']>,
  ): string[] => changeEvents({ ...change, before, after: { ...state, ...days, ...after } }).map(({ type }) => type);

  test.each([
    ['nothing but its days', {}, []],
    ['its seats', { seats: 7 }, ['seats.changed']],
    ['its plan and limits', { plan: 'pro', limits: {} }, ['plan.changed', 'entitlements.changed']],
    ['automatic renewal', { autoRenewal: false }, ['auto_renewal.changed']],
    ['its end', { status: 'expired' as const }, ['subscription.expired']],
  ])('say the whole state and %s', (_, after, others) => {
    expect(typesOf(state, after)).toEqual(['subscription.changed', ...others]);
  });

  test('of a first purchase tell where it comes from', () => {
    const all = changeEvents({ ...change, before: null, after: { ...state, ...days } });
    expect(all.find(({ type }) => type === 'seats.changed')?.data).toEqual({ from: 0, to: 5 });
    expect(all.find(({ type }) => type === 'plan.changed')?.data).toEqual({ from: null, to: 'base' });
    expect(all).toHaveLength(5);
  });
});
