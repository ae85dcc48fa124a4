import type { CivilDate } from './calendar.js';
import { nextTerm, linesOfTerm } from './change-ground.js';
import type { ChangeGround, ChangeRequest, TermToBuy } from './change-ground.js';
import type { AnchoredEnd } from './periods.js';
import type { AtRenewal, PricedBasics, QuoteEffect } from './quote.js';
import { sumOfLines } from './quote-lines.js';
import type { QuoteLine } from './quote-lines.js';
import { refuseAmount } from './quote-refusals.js';
import type { ChangeRefusalCode } from './quote-refusals.js';
import type { Refusal } from './refusal.js';
import { taxFor, taxLines, taxTotals } from './tax.js';
import type { TaxToApply } from './tax.js';

/** What a change was priced against: it is applied only while this still holds. */
export type QuoteBasis = {
  readonly plan: string;
  readonly seats: number;
  readonly priceListId: string;
  readonly endsOn: CivilDate;
};

/** The packages that a quote is about. */
export type QuotedAddOn = {
  readonly id: string;
  readonly packages: number;
  readonly termMonths: number;
  readonly endsOn: CivilDate;
};

/**
 * A change, priced. Plan, seats and days are those that the subscription has once this is paid; of a scheduled change they
 * are the present ones, and `atRenewal` has the next. A refund has a negative amount; one of all seats leaves no seats
 * and nothing to renew.
 */
export type PricedChange = PricedBasics & {
  readonly kind: ChangeRequest['kind'];
  readonly basis: QuoteBasis;
  readonly addOn?: QuotedAddOn;
};

/** A priced change, or the first reason why there is none. */
export type ChangeOutcome =
  | { readonly kind: 'quoted'; readonly quote: PricedChange }
  | ({ readonly kind: 'refused' } & Refusal<ChangeRefusalCode>);

/** The lines of a change, and what the subscription has once it is done. */
export type ChangeParts = TermToBuy &
  Partial<AnchoredEnd> & {
    /** Before tax; of a refund with the tax as it was paid. */
    readonly lines: readonly QuoteLine[];
    readonly startsOn: CivilDate;
    /** When plan, seats and list become what they are here. */
    readonly changesOn: QuoteEffect['on'];
    readonly addOn?: QuotedAddOn;
    readonly effects?: readonly QuoteEffect[];
    /** Nothing is to be paid, so the amount may be zero or less. */
    readonly isFree?: boolean;
  };

/** Makes a quote of the parts of a change: total, basis, what the next term costs, and what changes when. */
export function pricedChange(ground: ChangeGround, priced: ChangeParts): ChangeOutcome {
  const { catalogue, subscription, change } = ground;
  const { plan, seats, periodMonths, priceList, startsOn, addOn, effects = [] } = priced;
  // What goes back was taxed when it was paid; all else is taxed by the rule of the day.
  const lines = change.kind === 'refund' ? priced.lines : taxLines(priced.lines, taxOfGround(ground));
  const amountMinor = sumOfLines(lines);
  const refusal = priced.isFree === true ? undefined : refuseAmount(amountMinor, priceList.currency);
  if (refusal !== undefined) return { kind: 'refused', ...refusal };
  const endsOn = priced.endsOn ?? ground.endsOn;
  // What was scheduled for the next term has been bought by a renewal; all else leaves it for the next one.
  const scheduled = change.kind === 'renewal' ? {} : (subscription.scheduled ?? {});
  const next =
    seats === 0
      ? undefined
      : nextTerm(
          { ...ground, plan, priceList, subscription: { ...subscription, plan: plan.id, seats, periodMonths } },
          scheduled,
        );
  const { priceListId = ground.priceList.id } = subscription;
  const quote: PricedChange = {
    kind: change.kind,
    plan: plan.id,
    seats,
    periodMonths,
    priceListId: priceList.id,
    catalogueVersion: catalogue.version,
    currency: priceList.currency,
    amountMinor,
    ...taxTotals(lines),
    lines,
    startsOn,
    endsOn,
    anchorOn: priced.anchorOn ?? subscription.anchorOn,
    basis: { plan: subscription.plan, seats: subscription.seats, priceListId, endsOn: ground.endsOn },
    ...(addOn === undefined ? {} : { addOn }),
    ...(next === undefined ? {} : { atRenewal: renewalOf(ground, next, endsOn) }),
    changes: [...effectsOf(ground, priced, endsOn), ...effects, ...effectsOfNext(next, priced, endsOn)],
  };
  return { kind: 'quoted', quote };
}

function renewalOf(ground: ChangeGround, next: TermToBuy, on: CivilDate): AtRenewal {
  const lines = taxLines(linesOfTerm(ground, next), taxOfGround(ground));
  return {
    on,
    plan: next.plan.id,
    seats: next.seats,
    periodMonths: next.periodMonths,
    priceListId: next.priceList.id,
    amountMinor: sumOfLines(lines),
    ...taxTotals(lines),
    lines,
  };
}

function taxOfGround({ catalogue, workspace, today }: ChangeGround): TaxToApply | undefined {
  return taxFor(catalogue.taxes ?? [], workspace, today);
}

/** What differs from the subscription as it is. */
function effectsOf(ground: ChangeGround, priced: ChangeParts, endsOn: CivilDate): readonly QuoteEffect[] {
  const { subscription, plan, priceList } = ground;
  const on = priced.changesOn;
  return [
    ...effect(on, 'plan', plan.id, priced.plan.id),
    ...effect(on, 'seats', String(subscription.seats), String(priced.seats)),
    ...effect(on, 'period', String(subscription.periodMonths), String(priced.periodMonths)),
    ...effect(on, 'price-list', priceList.id, priced.priceList.id),
    ...effect(priced.isFree === true ? 'confirmation' : 'payment', 'end', ground.endsOn, endsOn),
  ];
}

/** What the next term has otherwise than the paid ones. */
function effectsOfNext(next: TermToBuy | undefined, priced: ChangeParts, on: CivilDate): readonly QuoteEffect[] {
  if (next === undefined) return [];
  return [
    ...effect(on, 'plan', priced.plan.id, next.plan.id),
    ...effect(on, 'seats', String(priced.seats), String(next.seats)),
    ...effect(on, 'period', String(priced.periodMonths), String(next.periodMonths)),
    ...effect(on, 'price-list', priced.priceList.id, next.priceList.id),
  ];
}

function effect(on: QuoteEffect['on'], what: QuoteEffect['what'], from: string, to: string): readonly QuoteEffect[] {
  return from === to ? [] : [{ on, what, from, to }];
}
