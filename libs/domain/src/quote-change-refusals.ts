import { compare } from './calendar.js';
import { periodsUnder, planById } from './catalogue.js';
import type { Catalogue, Plan, PriceList } from './catalogue.js';
import { unreachable } from './invariant.js';
import type { ChangeGround, ChangeRefusalCode, ChangeRequest, ChangeWish } from './quote-change.js';
import type { Refusal } from './refusal.js';

type ChangeRefusal = Refusal<ChangeRefusalCode>;

/** Says why a subscription cannot be priced at all: its plan, its price list or one of its periods is not on sale. */
export function refuseSubscription(
  { catalogue, subscription, workspace }: ChangeWish,
  plan: Plan | undefined,
  priceList: PriceList | undefined,
): ChangeRefusal {
  if (plan === undefined) return refusePlan(catalogue, 'subscription.plan', subscription.plan);
  const isPriced = priceList?.monthlyPriceMinorBySeat[plan.id] !== undefined;
  if (plan.sold === 'on-request' && !isPriced) return refuseContract('subscription.plan', plan);
  if (priceList?.currency !== workspace.currency) {
    const found = priceList === undefined ? (subscription.priceListId ?? 'none') : priceList.currency;
    return refuse('price_list_missing', 'subscription.priceListId', found, `a price list in ${workspace.currency}`);
  }
  if (!isPriced) {
    return refuse(
      'price_list_missing',
      'subscription.priceListId',
      priceList.id,
      `a price list with the plan ${plan.id}`,
    );
  }
  return refusePeriod(catalogue, 'subscription.periodMonths', subscription.periodMonths);
}

/** Says why a change of a sound subscription is not for sale, or undefined if it is. */
export function refuseChange(ground: ChangeGround, change: ChangeRequest): ChangeRefusal | undefined {
  switch (change.kind) {
    case 'upgrade':
      return refuseEnded(ground) ?? refuseUpgrade(ground, change.plan);
    case 'add-seats':
      return refuseEnded(ground) ?? refuseSeats(ground, change.seats);
    case 'upgrade-and-add-seats':
      return refuseEnded(ground) ?? refuseUpgrade(ground, change.plan) ?? refuseSeats(ground, change.seats);
    case 'extension':
      return refuseExtension(ground, change.periodMonths);
    case 'renewal':
      return undefined;
    default:
      return unreachable(change);
  }
}

function refuseEnded({ endsOn, today }: ChangeGround): ChangeRefusal | undefined {
  if (compare(endsOn, today) > 0) return undefined;
  return refuse('subscription_ended', 'subscription.endsOn', endsOn, `a day after today, ${today}; renew it first`);
}

function refuseUpgrade({ catalogue, plan, priceList }: ChangeGround, wantedId: string): ChangeRefusal | undefined {
  const wanted = planById(catalogue, wantedId);
  if (wanted === undefined) return refusePlan(catalogue, 'plan', wantedId);
  const isPriced = priceList.monthlyPriceMinorBySeat[wanted.id] !== undefined;
  if (wanted.sold === 'on-request' && !isPriced) return refuseContract('plan', wanted);
  const price = (id: string): bigint => priceList.monthlyPriceMinorBySeat[id] ?? 0n;
  if (price(wanted.id) > price(plan.id)) return undefined;
  const dearer = catalogue.plans.filter((one) => price(one.id) > price(plan.id)).map((one) => one.id);
  return refuse('not_an_upgrade', 'plan', wantedId, dearer.length > 0 ? `one of ${dearer.join(', ')}` : 'nothing more');
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

function refusePlan(catalogue: Catalogue, field: string, found: string): ChangeRefusal {
  const sold = catalogue.plans.filter((plan) => plan.sold === 'self-service').map((plan) => plan.id);
  return refuse('plan_unknown', field, found, `one of ${sold.join(', ')}`);
}

function refuseContract(field: string, plan: Plan): ChangeRefusal {
  return refuse('plan_on_request', field, plan.id, 'a plan with a list price; ask for a contract for this one');
}

function refusePeriod(catalogue: Pick<Catalogue, 'periods'>, field: string, found: number): ChangeRefusal {
  return refuse(
    'period_unknown',
    field,
    String(found),
    `one of ${catalogue.periods.map((one) => one.months).join(', ')}`,
  );
}

function refuse(code: ChangeRefusalCode, field: string, found: string, wanted: string): ChangeRefusal {
  return { code, field, found, wanted };
}
