import { addOnTerm } from './anchor-month.js';
import { compare } from './calendar.js';
import { limitsUnder, periodsUnder, planById } from './catalogue.js';
import type { PriceList } from './catalogue.js';
import { addOnMonthlyMinor, isCounted, listForPlan, nextTerm } from './change-ground.js';
import type { ChangeGround, ChangeRequest, NextTerm } from './change-ground.js';
import { unreachable } from './invariant.js';
import { refuse, refuseContract, refusePeriod, refusePlan } from './quote-refusals.js';
import type { ChangeRefusal } from './quote-refusals.js';

/** Says why a change of a sound subscription is not for sale, or undefined if it is. */
export function refuseChange(ground: ChangeGround, change: ChangeRequest): ChangeRefusal | undefined {
  switch (change.kind) {
    case 'upgrade':
      return refuseEnded(ground) ?? refuseUpgrade(ground, change.plan, 0);
    case 'add-seats':
      return refuseEnded(ground) ?? refuseSeats(ground, change.seats);
    case 'upgrade-and-add-seats':
      return (
        refuseEnded(ground) ?? refuseSeats(ground, change.seats) ?? refuseUpgrade(ground, change.plan, change.seats)
      );
    case 'extension':
      return refuseExtension(ground, change.periodMonths);
    case 'renewal':
      return undefined;
    case 'add-on':
      return refuseEnded(ground) ?? refuseAddOn(ground, change);
    case 'scheduled-change':
      return refuseEnded(ground) ?? refuseScheduled(ground, change);
    case 'refund':
      return refuseEnded(ground) ?? refuseReturn(ground, change.seats);
    default:
      return unreachable(change);
  }
}

function refuseEnded({ endsOn, today }: ChangeGround): ChangeRefusal | undefined {
  if (compare(endsOn, today) > 0) return undefined;
  return refuse('subscription_ended', 'subscription.endsOn', endsOn, `a day after today, ${today}; renew it first`);
}

function refuseUpgrade(ground: ChangeGround, wantedId: string, addedSeats: number): ChangeRefusal | undefined {
  const { catalogue, plan, priceList, subscription } = ground;
  const unsold = refuseUnpriced(ground, wantedId);
  if (unsold !== undefined) return unsold;
  const price = (id: string): bigint =>
    listForPlan(ground, id)?.monthlyPriceMinorBySeat[id] ?? priceList.monthlyPriceMinorBySeat[id] ?? 0n;
  if (price(wantedId) <= price(plan.id)) {
    const dearer = catalogue.plans.filter((one) => price(one.id) > price(plan.id)).map((one) => one.id);
    const wanted = dearer.length > 0 ? `one of ${dearer.join(', ')}` : 'nothing more';
    return refuse('not_an_upgrade', 'plan', wantedId, wanted);
  }
  return refuseFewSeats(listForPlan(ground, wantedId), subscription.seats + addedSeats);
}

/** A contract may ask for more seats than there would be. */
function refuseFewSeats(priceList: PriceList | undefined, seats: number): ChangeRefusal | undefined {
  const least = priceList?.contract?.seatsMin ?? 1;
  if (seats >= least) return undefined;
  return refuse('seats_out_of_range', 'seats', String(seats), `at least the ${least} seats of the contract`);
}

function refuseUnpriced(ground: ChangeGround, wantedId: string): ChangeRefusal | undefined {
  const wanted = planById(ground.catalogue, wantedId);
  if (wanted === undefined) return refusePlan(ground.catalogue, 'plan', wantedId);
  if (listForPlan(ground, wantedId) !== undefined) return undefined;
  if (wanted.sold === 'on-request') return refuseContract('plan', wanted);
  return refuse('price_list_missing', 'plan', wantedId, `a price list in ${ground.workspace.currency} with this plan`);
}

function refuseSeats({ catalogue, subscription }: ChangeGround, addedSeats: number): ChangeRefusal | undefined {
  const most = catalogue.seats.max - subscription.seats;
  if (Number.isInteger(addedSeats) && addedSeats >= 1 && addedSeats <= most) return undefined;
  const wanted = most >= 1 ? `a whole number from 1 to ${most}` : 'no more seats than there are';
  return refuse('seats_out_of_range', 'seats', String(addedSeats), wanted);
}

function refuseExtension(ground: ChangeGround, periodMonths: number): ChangeRefusal | undefined {
  if (ground.subscription.autoRenewal) {
    return refuse('auto_renewal_on', 'subscription.autoRenewal', 'true', 'false: turn automatic renewal off first');
  }
  const periods = periodsUnder(ground.catalogue, ground.priceList);
  const isSold = periods.some((rule) => rule.months === periodMonths);
  return isSold ? undefined : refusePeriod({ periods }, 'periodMonths', periodMonths);
}

function refuseAddOn(
  ground: ChangeGround,
  { addOn: id, packages, termMonths }: Extract<ChangeRequest, { kind: 'add-on' }>,
): ChangeRefusal | undefined {
  const { catalogue, plan, priceList, subscription, today, endsOn: planEndsOn } = ground;
  const addOn = catalogue.addOns.find((one) => one.id === id);
  if (addOn === undefined || addOnMonthlyMinor(ground, id) === undefined) {
    const sold = catalogue.addOns.filter((one) => addOnMonthlyMinor(ground, one.id) !== undefined);
    const wanted = sold.length === 0 ? 'no add-on' : `one of ${sold.map((one) => one.id).join(', ')}`;
    return refuse('add_on_unknown', 'addOn', id, wanted);
  }
  const limits = limitsUnder(catalogue, plan, priceList.id);
  if (!isCounted(limits, addOn)) {
    const kind = limits[addOn.limit]?.kind ?? 'none';
    const wanted = `an add-on whose limit the plan ${plan.id} counts; ${addOn.limit} is ${kind} there`;
    return refuse('add_on_not_available', 'addOn', id, wanted);
  }
  if (!Number.isInteger(packages) || packages < 1 || packages > addOn.packagesMax) {
    const wanted = `a whole number from 1 to ${addOn.packagesMax}`;
    return refuse('packages_out_of_range', 'packages', String(packages), wanted);
  }
  if (!addOn.termMonths.includes(termMonths)) {
    return refuse('add_on_term_unknown', 'termMonths', String(termMonths), `one of ${addOn.termMonths.join(', ')}`);
  }
  const { anchorOn } = subscription;
  const fits = (months: number): boolean => addOnTerm({ anchorOn, planEndsOn, today, months }) !== undefined;
  if (fits(termMonths)) return undefined;
  const fitting = addOn.termMonths.filter(fits);
  const wanted =
    fitting.length === 0
      ? `a plan that runs longer than to ${planEndsOn}: extend it first`
      : `one of ${fitting.join(', ')}, which end by ${planEndsOn}; or extend the plan first`;
  return refuse('add_on_outlives_plan', 'termMonths', String(termMonths), wanted);
}

function refuseScheduled(ground: ChangeGround, change: NextTerm): ChangeRefusal | undefined {
  const { catalogue, subscription } = ground;
  // What was scheduled before stays, so it has to fit what comes on top of it.
  const before = { ...subscription, ...subscription.scheduled };
  const { plan = before.plan, seats = before.seats, periodMonths = before.periodMonths } = change;
  const unsold = plan === subscription.plan ? undefined : refuseUnpriced(ground, plan);
  if (unsold !== undefined) return unsold;
  const { min, max } = catalogue.seats;
  if (!Number.isInteger(seats) || seats < min || seats > max) {
    return refuse('seats_out_of_range', 'seats', String(seats), `a whole number from ${min} to ${max}`);
  }
  const { priceList } = nextTerm(ground, { plan });
  const periods = periodsUnder(catalogue, priceList);
  if (change.periodMonths !== undefined && !periods.some(({ months }) => months === periodMonths)) {
    return refusePeriod({ periods }, 'periodMonths', periodMonths);
  }
  const isSame =
    plan === subscription.plan && seats === subscription.seats && periodMonths === subscription.periodMonths;
  if (isSame && subscription.scheduled === undefined) {
    const found = `${plan}, ${seats} seats, ${periodMonths} months`;
    return refuse('nothing_changes', 'plan', found, 'another plan, number of seats or period for the next term');
  }
  return refuseFewSeats(priceList, seats);
}

function refuseReturn({ subscription }: ChangeGround, seats: number | undefined): ChangeRefusal | undefined {
  const isWithin = seats === undefined || (Number.isInteger(seats) && seats >= 1 && seats <= subscription.seats);
  if (isWithin) return undefined;
  return refuse('seats_out_of_range', 'seats', String(seats), `a whole number from 1 to ${subscription.seats}`);
}
