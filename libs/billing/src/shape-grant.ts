import {
  addDays,
  civilDateIn,
  compare,
  decideGrant,
  entitlementsFor,
  invariant,
  limitsUnder,
  planById,
  renewalMoments,
  startOfDay,
  unreachable,
  withAddOns,
} from '@billfleet/domain';
import type { Catalogue, CivilDate, GrantDecision, NotGranted } from '@billfleet/domain';
import type {
  AddOnGrant,
  AddOnHeld,
  GrantRow,
  HeldRow,
  OrderToApply,
  SubscriptionToTurn,
  Turn,
} from '@billfleet/store';
import { newId } from './ids.js';

/** What a paid order comes to: rows to write, or the reason why its money goes back. */
export type ShapedGrant =
  { readonly kind: 'given'; readonly row: GrantRow } | { readonly kind: 'refund'; readonly reason: NotGranted };

/** Works out what a paid order gives, and what its subscription is from then on. Reads no clock and changes nothing. */
export function shapeGrant(catalogue: Catalogue, order: OrderToApply, now: Date): ShapedGrant {
  const { held, kind, plan, seats, periodMonths, priceList: priceListId, basis, addOn } = order;
  const decision = decideGrant({
    order: {
      ...{ kind, plan, seats, periodMonths, priceListId },
      ...(basis === null ? {} : { basis }),
      ...(addOn === null ? {} : { addOn }),
    },
    ...(held === null ? {} : { held }),
    ...{ now, timeZone: order.timeZone, graceDays: catalogue.renewal.graceDays },
    ...(order.trialEndsOn === null ? {} : { trialEndsOn: order.trialEndsOn }),
  });
  if (decision.kind === 'refund') return decision;
  const today = civilDateIn(now, order.timeZone);
  return { kind: 'given', row: rowOf(catalogue, order, decision, today) };
}

type Given = Exclude<GrantDecision, { kind: 'refund' }>;

function rowOf(catalogue: Catalogue, order: OrderToApply, decision: Given, today: CivilDate): GrantRow {
  const { held, addOnsHeld, id: orderId, workspaceId } = order;
  const after = subscriptionAfter(order, decision, today);
  const addOns = addOnsOf(catalogue, order, decision);
  const all = [...addOnsHeld, ...addOns];
  const begins = isPending(order, decision, today) && decision.kind === 'term' ? [decision.startsOn] : [];
  return {
    orderId,
    workspaceId,
    subscriptionId: held?.id ?? newId(),
    status: 'active',
    ...after,
    autoRenewal: autoRenewalAfter(order),
    limits: limitsOf(catalogue, after, all, today),
    turnAt: nextTurnAt([...order.pendingOn, ...begins], endOf(catalogue, after.endsOn, all), order.timeZone, today),
    renewalAt: renewalMoments(after.endsOn, order.timeZone, catalogue.renewal).cardAt,
    usesSchedule: order.kind === 'renewal',
    ...(decision.kind === 'add-on' ? {} : { given: givenBy(order, decision, today) }),
    addOns,
  };
}

/** Whether a term begins later and with something else than there is until then. */
function isPending(order: OrderToApply, decision: Given, today: CivilDate): boolean {
  const { held } = order;
  if (decision.kind !== 'term' || held === null || compare(decision.startsOn, today) <= 0) return false;
  return held.plan !== order.plan || held.seats !== order.seats || held.priceListId !== order.priceList;
}

type After = Pick<GrantRow, 'plan' | 'seats' | 'periodMonths' | 'priceList' | 'anchorOn' | 'startsOn' | 'endsOn'>;

function subscriptionAfter(order: OrderToApply, decision: Given, today: CivilDate): After {
  const { held, plan, seats, periodMonths, priceList } = order;
  switch (decision.kind) {
    case 'term': {
      const { startsOn, endsOn, anchorOn } = decision;
      const continues = held !== null && compare(held.endsOn, startsOn) >= 0;
      const days = { periodMonths, anchorOn, endsOn, startsOn: continues ? held.startsOn : startsOn };
      if (held === null || !isPending(order, decision, today)) return { plan, seats, priceList, ...days };
      return { plan: held.plan, seats: held.seats, priceList: held.priceListId, ...days };
    }
    case 'rest': {
      invariant(held !== null, `order ${order.id} changes a subscription that is not there`);
      const { anchorOn, startsOn, endsOn } = held;
      return { plan, seats, priceList, periodMonths, anchorOn, startsOn, endsOn };
    }
    case 'add-on':
      invariant(held !== null, `order ${order.id} adds to a subscription that is not there`);
      return afterOf(held);
    default:
      return unreachable(decision);
  }
}

function afterOf({ plan, seats, periodMonths, priceListId, anchorOn, startsOn, endsOn }: HeldRow): After {
  return { plan, seats, periodMonths, priceList: priceListId, anchorOn, startsOn, endsOn };
}

function givenBy(order: OrderToApply, decision: Given, today: CivilDate): NonNullable<GrantRow['given']> {
  const { plan, seats, priceList, periodMonths, held } = order;
  const pending = isPending(order, decision, today);
  const seatsDelta = pending ? 0 : seats - (held?.seats ?? 0);
  const during = decision.kind === 'term' ? { startsOn: decision.startsOn, endsOn: decision.endsOn } : null;
  return { plan, seats, seatsDelta, priceList, periodMonths, during, pending };
}

/** The packages that an order gives: those that it is about, or those that go on with a whole term. */
function addOnsOf(catalogue: Catalogue, order: OrderToApply, decision: Given): readonly AddOnGrant[] {
  if (decision.kind === 'rest') return [];
  const { startsOn, endsOn } = decision;
  return [...packagesByAddOn(order.addOnLines)].map(([wanted, packages]) => {
    const addOn = catalogue.addOns.find(({ id }) => id === wanted);
    invariant(addOn !== undefined, `order ${order.id} bought the add-on ${wanted}, which the catalogue lacks`);
    const { id, limit: limitName, amount } = addOn;
    return { addOn: id, limitName, packages, amount: amount * packages, startsOn, endsOn };
  });
}

/**
 * How many packages of each add-on the lines of an order give. Packages of one add-on that were bought at two times are two lines of the
 * renewal that carries them on, and one grant.
 */
export function packagesByAddOn(lines: OrderToApply['addOnLines']): ReadonlyMap<string, number> {
  const packages = new Map<string, number>();
  for (const { description, quantity } of lines)
    packages.set(description.addOn, (packages.get(description.addOn) ?? 0) + quantity);
  return packages;
}

/**
 * Automatic renewal after a payment (DESIGN section 7): on after a first purchase by a method that can be charged without the
 * payer, and again after paying with a new one; an add-on alone leaves it as it is.
 */
function autoRenewalAfter({ kind, method, hasStoredMethod, broughtMethod, held }: OrderToApply): boolean {
  const canCharge = method !== null && method !== 'pix' && hasStoredMethod;
  if (kind === 'purchase') return canCharge;
  const isOn = held?.autoRenewal ?? false;
  return isOn || (kind !== 'add-on' && canCharge && broughtMethod);
}

/** The limits of a plan with so many seats, raised by the packages that run today; JSON text. */
function limitsOf(
  catalogue: Catalogue,
  { plan: planId, seats, priceList }: Pick<After, 'plan' | 'seats' | 'priceList'>,
  addOns: readonly AddOnHeld[],
  today: CivilDate,
): string {
  const plan = planById(catalogue, planId);
  invariant(plan !== undefined, `a subscription is on the plan ${planId}, which the catalogue lacks`);
  const running = addOns.filter(({ startsOn, endsOn }) => compare(startsOn, today) <= 0 && compare(endsOn, today) > 0);
  return JSON.stringify(
    withAddOns(entitlementsFor({ limits: limitsUnder(catalogue, plan, priceList) }, seats), running),
  );
}

/** The subscription after all that has begun or ended by `now`. */
export function shapeTurn(catalogue: Catalogue, one: SubscriptionToTurn, now: Date): Turn {
  const { held, pending, addOnsHeld, workspaceId } = one;
  const today = civilDateIn(now, one.timeZone);
  const begun = pending.filter(({ startsOn }) => compare(startsOn, today) <= 0);
  let { seats } = held;
  const deltas = begun.map((term) => {
    const seatsDelta = term.seats - seats;
    seats = term.seats;
    return { orderId: term.orderId, seatsDelta };
  });
  const last = begun.at(-1);
  const kept = afterOf(held);
  const after = last === undefined ? kept : { ...kept, plan: last.plan, seats, priceList: last.priceListId };
  return {
    subscriptionId: held.id,
    workspaceId,
    status: compare(after.endsOn, today) > 0 ? 'active' : 'expired',
    ...after,
    autoRenewal: held.autoRenewal,
    limits: limitsOf(catalogue, after, addOnsHeld, today),
    turnAt: nextTurnAt(
      pending.filter((term) => !begun.includes(term)).map((term) => term.startsOn),
      endOf(catalogue, after.endsOn, addOnsHeld),
      one.timeZone,
      today,
    ),
    // In the past it is looked at once more, and then has the moment that follows.
    renewalAt: renewalMoments(after.endsOn, one.timeZone, catalogue.renewal).cardAt,
    usesSchedule: false,
    begun: deltas,
  };
}

/** The subscription after all that has begun or ended by `now`, and with fewer seats than it would have then. */
export function shapeReduction(catalogue: Catalogue, one: SubscriptionToTurn, seats: number, now: Date): Turn {
  const turn = { ...shapeTurn(catalogue, one, now), seats };
  return { ...turn, limits: limitsOf(catalogue, turn, one.addOnsHeld, civilDateIn(now, one.timeZone)) };
}

/** A subscription that is closed now: nothing of it is left, and nothing follows. Its paid days stay what they were. */
export function shapeClosure(catalogue: Catalogue, one: SubscriptionToTurn, now: Date): Turn {
  const limits = Object.fromEntries(catalogue.limits.map(({ name }) => [name, 'none' as const]));
  return {
    ...shapeTurn(catalogue, one, now),
    ...{ status: 'closed', seats: 0, autoRenewal: false, limits: JSON.stringify(limits) },
    ...{ turnAt: null, renewalAt: null, usesSchedule: true },
  };
}

/** The days on which something ends or begins by itself: the subscription, its days of grace, and packages. */
const endOf = ({ renewal }: Catalogue, endsOn: CivilDate, addOns: readonly AddOnHeld[]): readonly CivilDate[] => [
  endsOn,
  addDays(endsOn, renewal.graceDays),
  ...addOns.flatMap((one) => [one.startsOn, one.endsOn]),
];

/** When the next thing happens by itself that is known today: a term begins, packages begin or end, the subscription ends. */
function nextTurnAt(
  pendingOn: readonly CivilDate[],
  others: readonly CivilDate[],
  timeZone: string,
  today: CivilDate,
): Date | null {
  const ahead = others.filter((day) => compare(day, today) > 0);
  // A term that should have begun already and has not is the very next thing.
  const [next] = [...pendingOn, ...ahead].sort(compare);
  return next === undefined ? null : startOfDay(next, timeZone);
}
