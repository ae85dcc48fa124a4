import { limitsUnder, planById } from './catalogue.js';
import type { Catalogue, LimitRules } from './catalogue.js';
import type { ChangeRequest } from './change-ground.js';
import { entitlementsFor } from './entitlement.js';
import type { Entitlement } from './entitlement.js';

/** What is nearly used up, or is, and who has it. `limit` is the whole amount that is allowed now, with what add-ons give. */
export type LimitToRaise = {
  readonly catalogue: Catalogue;
  readonly plan: string;
  readonly priceListId: string;
  readonly seats: number;
  readonly limitName: string;
  readonly limit: number;
  readonly used: number;
};

/** A change that leaves enough of a limit, and how much is allowed once it is paid. */
export type LimitFix = {
  readonly change: Extract<ChangeRequest, { kind: 'add-seats' | 'upgrade' | 'add-on' }>;
  readonly limitAfter: number | 'unlimited';
};

/**
 * The changes by which a use would stand below the first threshold again, each as small as it can be: more seats, a plan with more of it, packages of
 * an add-on for each of its terms. Whether each is sold to this workspace, and at which price, is for a quote to say.
 */
export function fixesFor(question: LimitToRaise): readonly LimitFix[] {
  const needed = amountNeeded(question);
  return [...bySeats(question, needed), ...byPlans(question, needed), ...byAddOns(question, needed)];
}

/** The smallest limit under which the use stands below the first threshold. */
function amountNeeded({ catalogue, used }: LimitToRaise): number {
  const percent = Math.min(...catalogue.usage.thresholdsPercent);
  return Math.floor((used * 100) / percent) + 1;
}

const allowedBy = (limits: LimitRules, seats: number, limitName: string): Entitlement =>
  entitlementsFor({ limits }, seats)[limitName] ?? 'none';

/** What some rules allow with so many seats, with what add-ons give now on top of the present ones. */
function allowed(question: LimitToRaise, rules: LimitRules, seats: number): Entitlement {
  const { limitName, limit } = question;
  const after = allowedBy(rules, seats, limitName);
  const before = allowedBy(rulesOf(question), question.seats, limitName);
  if (typeof after === 'string' || typeof before === 'string') return after;
  return { amount: after.amount + limit - before.amount };
}

function rulesOf({ catalogue, plan, priceListId }: LimitToRaise): LimitRules {
  const present = planById(catalogue, plan);
  return present === undefined ? {} : limitsUnder(catalogue, present, priceListId);
}

const isEnough = (entitlement: Entitlement, needed: number): entitlement is Exclude<Entitlement, 'none'> =>
  entitlement === 'unlimited' || (entitlement !== 'none' && entitlement.amount >= needed);

const amountOf = (entitlement: Exclude<Entitlement, 'none'>): number | 'unlimited' =>
  entitlement === 'unlimited' ? entitlement : entitlement.amount;

/** Limits never fall with more seats, so the fewest that are enough are found by halving. */
function bySeats(question: LimitToRaise, needed: number): readonly LimitFix[] {
  const { catalogue, seats } = question;
  const rules = rulesOf(question);
  const at = (added: number): Entitlement => allowed(question, rules, seats + added);
  let [tooFew, enough] = [0, catalogue.seats.max - seats];
  if (enough < 1 || isEnough(at(0), needed) || !isEnough(at(enough), needed)) return [];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(at(middle), needed)) enough = middle;
    else tooFew = middle;
  }
  const after = at(enough);
  return after === 'none' ? [] : [{ change: { kind: 'add-seats', seats: enough }, limitAfter: amountOf(after) }];
}

function byPlans(question: LimitToRaise, needed: number): readonly LimitFix[] {
  const { catalogue, plan: present, priceListId, seats } = question;
  return catalogue.plans.flatMap((plan): LimitFix[] => {
    const after = allowed(question, limitsUnder(catalogue, plan, priceListId), seats);
    if (plan.id === present || !isEnough(after, needed)) return [];
    return [{ change: { kind: 'upgrade', plan: plan.id }, limitAfter: amountOf(after) }];
  });
}

function byAddOns({ catalogue, limitName, limit }: LimitToRaise, needed: number): readonly LimitFix[] {
  return catalogue.addOns.flatMap((addOn) => {
    const packages = Math.ceil((needed - limit) / addOn.amount);
    if (addOn.limit !== limitName || packages < 1 || packages > addOn.packagesMax) return [];
    return addOn.termMonths.map((termMonths): LimitFix => ({
      change: { kind: 'add-on', addOn: addOn.id, packages, termMonths },
      limitAfter: limit + packages * addOn.amount,
    }));
  });
}
