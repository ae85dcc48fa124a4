import { compare, daysBetween } from './calendar.js';
import { addOnTerm } from './anchor-month.js';
import { planById } from './catalogue.js';
import type { AddOn } from './catalogue.js';
import {
  addOnMonthlyMinor,
  groundOf,
  linesOfTerm,
  listForPlan,
  listOfTerm,
  nextTerm,
  packagesOfTerm,
  periodOf,
  presentTerm,
  runningTerms,
} from './change-ground.js';
import type {
  ChangeGround,
  ChangeRequest,
  ChangeWish,
  HeldAddOn,
  NextTerm,
  PaidTerm,
  TermToBuy,
} from './change-ground.js';
import { invariant, unreachable } from './invariant.js';
import { extendFromAnchor } from './periods.js';
import { pricedChange } from './priced-change.js';
import type { ChangeOutcome, QuotedAddOn } from './priced-change.js';
import type { QuoteEffect } from './quote.js';
import { addOnLine, monthlyOf, restLine, sumOfLines } from './quote-lines.js';
import type { RestLine } from './quote-lines.js';
import { refuseChange } from './quote-change-refusals.js';
import { refuse } from './quote-refusals.js';
import { taxOfReturn, withTax } from './tax.js';

/**
 * Prices a change of a subscription at the price list that it is on. Upgrades and added seats cost the price for the rest
 * of every paid term, counted in the workspace's time zone, and leave the end as it is; an upgrade is charged as the
 * difference of two prices, so it never costs less than nothing. Extension and renewal cost whole terms: they begin
 * at the end that is paid for or, once that is past (for a renewal: by the days of grace), today. Add-ons cost whole months.
 * A scheduled change costs nothing now. A refund gives back seats by the rule by which they are added.
 */
export function quoteChange(wish: ChangeWish): ChangeOutcome {
  const found = groundOf(wish);
  if (found.kind === 'refused') return found;
  const { ground } = found;
  const refusal = refuseChange(ground, wish.change);
  if (refusal !== undefined) return { kind: 'refused', ...refusal };
  const { change } = wish;
  switch (change.kind) {
    case 'upgrade':
      return priceRest(ground, { planId: change.plan, addedSeats: 0 });
    case 'add-seats':
      return priceRest(ground, { planId: ground.plan.id, addedSeats: change.seats });
    case 'upgrade-and-add-seats':
      return priceRest(ground, { planId: change.plan, addedSeats: change.seats });
    case 'extension':
      return priceTerm(ground, { ...presentTerm(ground), periodMonths: change.periodMonths }, 0);
    case 'renewal':
      return priceTerm(ground, nextTerm(ground), wish.catalogue.renewal.graceDays);
    case 'add-on':
      return priceAddOn(ground, change);
    case 'scheduled-change':
      return priceScheduled(ground, change);
    case 'refund':
      return priceRefund(ground, change.seats ?? ground.subscription.seats);
    default:
      return unreachable(change);
  }
}

function priceRest(ground: ChangeGround, wanted: { planId: string; addedSeats: number }): ChangeOutcome {
  const { catalogue, subscription, today, plan: fromPlan } = ground;
  const plan = planById(catalogue, wanted.planId);
  const priceList = listForPlan(ground, wanted.planId);
  invariant(plan !== undefined && priceList !== undefined, () => `the plan ${wanted.planId} should have been refused`);
  const lines = runningTerms(ground).flatMap((term): RestLine[] => {
    const isUpgrade = plan.id !== fromPlan.id;
    // Seats are added at the list that a term was sold under; an upgrade has one new price for all of them.
    const termList = isUpgrade ? priceList : listOfTerm(ground, term, { planId: plan.id, otherwise: priceList });
    const fromList = listOfTerm(ground, term, { planId: fromPlan.id, otherwise: ground.priceList });
    const price = { ...restPrice(ground, term), monthlyMinor: monthlyOf(termList, plan) };
    const named = { plan: plan.id, planName: plan.name };
    const upgrade = restLine({
      ...price,
      description: { kind: 'plan-upgrade', ...named, fromPlan: fromPlan.id, fromPlanName: fromPlan.name },
      fromMonthlyMinor: monthlyOf(fromList, fromPlan),
      quantity: subscription.seats,
    });
    const added = { ...price, description: { kind: 'added-seats', ...named } as const, quantity: wanted.addedSeats };
    return [...(isUpgrade ? [upgrade] : []), ...(wanted.addedSeats > 0 ? [restLine(added)] : [])];
  });
  const cheaper = lines.find((line) => line.amountMinor < 0n);
  if (cheaper !== undefined) {
    const wanted = `a plan that costs more in every paid term; this one can be planned from ${ground.endsOn} on`;
    return { kind: 'refused', ...refuse('not_an_upgrade', 'plan', plan.id, wanted) };
  }
  const seats = subscription.seats + wanted.addedSeats;
  const { periodMonths } = nextTerm({ ...ground, plan, priceList }, { plan: plan.id, seats });
  return pricedChange(ground, { plan, seats, priceList, periodMonths, lines, startsOn: today, changesOn: 'payment' });
}

function restPrice(ground: ChangeGround, term: PaidTerm) {
  const { catalogue, workspace, priceList, now, convention = catalogue.convention } = ground;
  const period = periodOf(catalogue, term.periodMonths);
  invariant(period !== undefined, () => `the period ${term.periodMonths} should have been refused`);
  return { term, period, currency: priceList.currency, timeZone: workspace.timeZone, convention, now };
}

function priceTerm(ground: ChangeGround, term: TermToBuy, graceDays: number): ChangeOutcome {
  const { subscription, today, endsOn } = ground;
  const isPast = daysBetween(endsOn, today) >= Math.max(graceDays, 1);
  const from = isPast ? { anchorOn: today, endsOn: today } : { anchorOn: subscription.anchorOn, endsOn };
  const days = { startsOn: from.endsOn, ...extendFromAnchor(from, term.periodMonths) };
  // A term that began already, while there was grace, is there as soon as the money is.
  const changesOn = compare(days.startsOn, today) <= 0 ? 'payment' : days.startsOn;
  // What ends with the term before is not there to go on with the one after this.
  const kept = { ...ground, subscription: { ...subscription, addOns: packagesOfTerm(ground, term) } };
  return pricedChange(kept, { ...term, lines: linesOfTerm(ground, term), ...days, changesOn });
}

function priceAddOn(ground: ChangeGround, wanted: Extract<ChangeRequest, { kind: 'add-on' }>): ChangeOutcome {
  const { catalogue, subscription, today, endsOn: planEndsOn } = ground;
  const { addOn: id, packages, termMonths } = wanted;
  const addOn: AddOn | undefined = catalogue.addOns.find((one) => one.id === id);
  const monthlyMinor = addOnMonthlyMinor(ground, id);
  const term = addOnTerm({ anchorOn: subscription.anchorOn, planEndsOn, today, months: termMonths });
  invariant(
    addOn !== undefined && monthlyMinor !== undefined && term !== undefined,
    `the add-on ${id} should have been refused`,
  );
  const lines = [addOnLine(addOn, monthlyMinor, packages, termMonths)];
  const quoted: QuotedAddOn = { id, packages, termMonths, endsOn: term.endsOn };
  const effect: QuoteEffect = { on: 'payment', what: 'add-on', from: null, to: `${packages} × ${id}` };
  const ending: QuoteEffect = { on: term.endsOn, what: 'add-on', from: `${packages} × ${id}`, to: null };
  const held: HeldAddOn = { addOn: id, packages, endsOn: term.endsOn };
  const grown = { ...ground, subscription: { ...subscription, addOns: [...(subscription.addOns ?? []), held] } };
  // What runs to the end of the plan goes on with it, so nothing ends there, unless the next plan has no use for it.
  const renews = packagesOfTerm(grown, nextTerm(grown)).includes(held);
  const bought = { ...presentTerm(ground), lines, startsOn: today, changesOn: 'payment' as const };
  return pricedChange(grown, { ...bought, addOn: quoted, effects: renews ? [effect] : [effect, ending] });
}

function priceScheduled(ground: ChangeGround, change: NextTerm): ChangeOutcome {
  const { plan, seats, periodMonths } = change;
  const scheduled: NextTerm = {
    ...ground.subscription.scheduled,
    ...(plan === undefined ? {} : { plan }),
    ...(seats === undefined ? {} : { seats }),
    ...(periodMonths === undefined ? {} : { periodMonths }),
  };
  const planned = { ...ground, subscription: { ...ground.subscription, scheduled } };
  return pricedChange(planned, {
    ...presentTerm(ground),
    lines: [],
    startsOn: ground.today,
    changesOn: ground.endsOn,
    isFree: true,
  });
}

function priceRefund(ground: ChangeGround, returnedSeats: number): ChangeOutcome {
  const { subscription, plan, today } = ground;
  const seats = subscription.seats - returnedSeats;
  const lines = runningTerms(ground).map((term) => {
    const { paidMinor = 0n, paidTax } = term;
    const line = restLine({
      ...restPrice(ground, term),
      description: { kind: 'returned-seats', plan: plan.id, planName: plan.name },
      monthlyMinor: monthlyOf(listOfTerm(ground, term, { planId: plan.id, otherwise: ground.priceList }), plan),
      quantity: returnedSeats,
      // Prices are compared with prices: what was paid beyond them was tax, and goes back with them.
      paidMinor: paidTax?.priceMinor ?? paidMinor,
    });
    return paidTax === undefined ? line : withTax(line, taxOfReturn(line.amountMinor, paidTax));
  });
  if (sumOfLines(lines) >= 0n) {
    const wanted = 'a subscription with paid days that are left';
    return { kind: 'refused', code: 'nothing_to_refund', field: 'amountMinor', found: '0', wanted };
  }
  const days = { startsOn: today, endsOn: seats === 0 ? today : ground.endsOn };
  return pricedChange(ground, {
    ...presentTerm(ground),
    seats,
    lines,
    ...days,
    changesOn: 'confirmation',
    isFree: true,
  });
}
