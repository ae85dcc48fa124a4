import type { LimitRule, LimitRules } from './catalogue.js';
import { invariant, unreachable } from './invariant.js';

/** How much of one thing a workspace may have. `none`: its plan does not have it, which is not the same as an amount of 0. */
export type Entitlement = { readonly amount: number } | 'unlimited' | 'none';

/** What a workspace may have, by the limit's name. */
export type Entitlements = Readonly<Record<string, Entitlement>>;

/** Works out what a plan, or a trial, allows with so many seats. Limits that reset monthly are amounts per month. */
export function entitlementsFor(plan: { readonly limits: LimitRules }, seats: number): Entitlements {
  invariant(Number.isInteger(seats) && seats >= 0, () => `seats are counted in whole numbers, found ${seats}`);
  return Object.fromEntries(Object.entries(plan.limits).map(([name, rule]) => [name, allow(rule, seats)]));
}

function allow(rule: LimitRule, seats: number): Entitlement {
  switch (rule.kind) {
    case 'flat':
      return { amount: rule.amount };
    case 'per-seat':
      return { amount: rule.amount * seats };
    case 'per-seat-from':
      return { amount: rule.included + rule.perSeat * Math.max(0, seats - rule.fromSeat + 1) };
    case 'unlimited':
    case 'none':
      return rule.kind;
    default:
      return unreachable(rule);
  }
}

/** Raises limits by what add-ons give. A limit that the plan does not have, or that is unlimited, stays as it is. */
export function withAddOns(
  entitlements: Entitlements,
  addOns: readonly { readonly limitName: string; readonly amount: number }[],
): Entitlements {
  const raised = (name: string): number =>
    addOns.filter(({ limitName }) => limitName === name).reduce((sum, { amount }) => sum + amount, 0);
  return Object.fromEntries(
    Object.entries(entitlements).map(([name, limit]) => [
      name,
      typeof limit === 'string' ? limit : { amount: limit.amount + raised(name) },
    ]),
  );
}
