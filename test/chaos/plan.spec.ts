import { describe, expect, test } from '@jest/globals';
import { crashPoints } from '@billfleet/platform';
import { diceFrom } from './dice.js';
import { drawPlan, soundSettings } from './plan.js';
import type { Plan } from './plan.js';

const planOf = (seed: number, orders = 40): Plan => drawPlan(diceFrom(seed), soundSettings(orders, 3_000));

describe('the plan of a chaos run', () => {
  test('is the same for the same seed, and another one for another', () => {
    expect(planOf(7)).toEqual(planOf(7));
    expect(planOf(7)).not.toEqual(planOf(8));
  });

  test('visits every crash point and breaks every server, however few orders there are', () => {
    for (const orders of [1, 40, 500]) {
      const faults = planOf(3, orders).faults.map(({ fault }) => fault);
      expect(faults.flatMap((fault) => (fault.kind === 'crash-point' ? fault.point : [])).sort()).toEqual(
        [...crashPoints].sort(),
      );
      for (const kind of ['kill', 'freeze', 'redis-flush', 'redis-wipe', 'postgres-stop', 'postgres-disconnect'])
        expect(faults.filter((fault) => fault.kind === kind).length).toBeGreaterThan(0);
    }
  });

  test('gives every buyer a workspace of his own', () => {
    const { buyers } = planOf(5, 2_000);
    expect(new Set(buyers.map((buyer) => buyer.workspaceId)).size).toBe(2_000);
    for (const { workspaceId } of buyers)
      expect(workspaceId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('pays half by token and half on pages, give or take', () => {
    const { buyers } = planOf(11, 2_000);
    const byToken = buyers.filter((buyer) => buyer.way.startsWith('token')).length;
    expect(byToken).toBeGreaterThan(900);
    expect(byToken).toBeLessThan(1_100);
  });
});
