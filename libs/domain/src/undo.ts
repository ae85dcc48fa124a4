import { civilDateIn } from './calendar.js';
import type { OrderKind } from './grant.js';
import type { Refusal } from './refusal.js';

/** What a subscription stands for, as far as a change is built on it. */
export type StandsFor = {
  readonly plan: string;
  readonly seats: number;
  readonly priceListId: string;
  readonly endsOn: string;
};

/** All that decides whether a given order can be undone now. `before`: the subscription that there was; left out where there was none. */
export type UndoQuestion = {
  readonly kind: OrderKind;
  readonly status: string;
  readonly givenAt: Date | null;
  readonly now: Date;
  readonly timeZone: string;
  readonly isDisputed: boolean;
  readonly isGivenBackInPart: boolean;
  /** What the order made of the subscription, and what that is now; undefined: it is gone. */
  readonly after: StandsFor;
  readonly present: StandsFor | undefined;
  readonly isPlannedAnew: boolean;
  readonly laterNumber: string | null;
  readonly paidNumber: string | null;
  /** Seats that there would be again, and those that would have nobody to pay for them: in use above, or taken since. */
  readonly seatsBefore: number;
  readonly seatsUncovered: number;
};

export type UndoRefusal = Refusal<
  'undo_not_possible' | 'undo_day_over' | 'undo_built_on' | 'chargeback_open' | 'seats_in_use'
>;

/**
 * Says why an order cannot be undone; undefined where it can. It can on its own day, on the calendar of its workspace, as long as nothing was
 * built on it: no later change, none under way, none planned, no money of it given back, no seats in use that there were not before.
 */
export function refuseUndo(question: UndoQuestion): UndoRefusal | undefined {
  const { kind, status, givenAt, now, timeZone } = question;
  const refuse = (code: UndoRefusal['code'], found: string, wanted: string): UndoRefusal => ({
    ...{ code, field: 'id', found, wanted },
  });
  if (kind === 'renewal') return refuse('undo_not_possible', 'a renewal', 'a purchase, a change or an add-on');
  if (status !== 'fulfilled' || givenAt === null) {
    return refuse('undo_not_possible', `an order that is ${status}`, 'one that was given, and was not undone');
  }
  if (question.isDisputed) {
    return refuse(
      'chargeback_open',
      'a payment of this workspace that its bank takes back',
      'a decision of staff first',
    );
  }
  const [day, today] = [civilDateIn(givenAt, timeZone), civilDateIn(now, timeZone)];
  if (day !== today)
    return refuse('undo_day_over', `an order of ${day}, on ${today}`, 'the same on the day of the order');
  const built = builtOn(question);
  if (built !== undefined) return refuse('undo_built_on', built, 'an order on which nothing was built');
  if (question.seatsUncovered > 0) {
    const found = `${String(question.seatsUncovered)} members for whom there would be no seat`;
    return refuse('seats_in_use', found, `no more members than the ${String(question.seatsBefore)} seats before`);
  }
  return undefined;
}

function builtOn(question: UndoQuestion): string | undefined {
  const { laterNumber, paidNumber, after, present } = question;
  if (laterNumber !== null) return `order ${laterNumber}, which was given after it`;
  if (paidNumber !== null) return `order ${paidNumber}, which is paid and about to be given`;
  if (question.isGivenBackInPart) return 'a refund, or a write-off, of a part of it';
  if (question.isPlannedAnew) return 'a change that was planned for the next term since';
  const isSame =
    present !== undefined &&
    (['plan', 'seats', 'priceListId', 'endsOn'] as const).every((what) => present[what] === after[what]);
  return isSame ? undefined : 'a subscription that has changed since';
}
