import { expect, test } from '@jest/globals';
import { civilDate } from './calendar.js';
import { trialStanding } from './standing.js';

const catalogue = {
  limits: [
    { name: 'leads', label: 'Leads', resets: 'never' as const },
    { name: 'credits', label: 'Credits', resets: 'monthly' as const },
  ],
  trial: {
    days: 14,
    limits: { leads: { kind: 'unlimited' as const }, credits: { kind: 'per-seat' as const, amount: 1_800 } },
  },
};

test.each([
  ['2026-10-18', 'trialing', { leads: 'unlimited', credits: { amount: 1_800 } }],
  ['2026-10-19', 'trial_ended', { leads: 'none', credits: 'none' }],
])('on %s a trial up to 19 October is %s', (today, status, limits) => {
  const standing = trialStanding(catalogue, civilDate('2026-10-19'), civilDate(today));
  expect(standing).toEqual({ status, limits, startsOn: '2026-10-05', endsOn: '2026-10-19' });
});
