import { diceFrom } from '../chaos/dice.js';
import type { Dice } from '../chaos/dice.js';
import { calendarOf, LATE_MOMENT_FIRST, LATE_MOMENTS_EVERY, MOMENTS_PER_DAY } from './calendar-of-run.js';
import type { RunCalendar } from './calendar-of-run.js';
import { drawDeed } from './draw-deed.js';
import type { Deed, PayerOnPage } from './deeds.js';

/** Something that a life does, and at which moment of the run: two to a day, counted from 0. */
export type Step = { readonly moment: number; readonly deed: Deed };

/** A workspace, and all that its people will do. */
export type LifePlan = {
  readonly n: number;
  readonly workspaceId: string;
  readonly country: 'US' | 'BR';
  /** The last day of a trial, counted from the first day of the run. */
  readonly trialDays: number | undefined;
  /** In order; no two at the same moment. */
  readonly steps: readonly Step[];
};

const BRAZIL_SHARE = 0.4;
const TRIAL_SHARE = 0.3;
const TRIAL_DAYS = 14;
/** Lives begin within so many days, so that their terms do not all end together. */
const BEGIN_WITHIN_DAYS = 45;
/** How many days pass between two looks at what there is to pay: prompt people, slow ones, very slow ones, and some who never look. */
const LOOKS_EVERY_DAYS = [3, 3, 6, 10, 13, undefined] as const;
const DAYS_PER_MONTH = 30;
/** Deeds of a month: most months pass without one. */
const DEEDS_OF_MONTH = [0, 0, 0, 1, 1, 2] as const;
/** Customers who left come back now and then. */
const BUYS_AGAIN_EVERY_DAYS = 110;
const BUYS_AGAIN_ODDS = 0.5;
/** How often money may go back; about half of the times some does. */
const MONEY_BACK_EVERY_DAYS = 40;
const PAYS_TOO_OFTEN_ODDS = 0.08;

/**
 * Draws the lives of a run. Each has dice of its own, thrown from the seed and its number, so one life more changes no other one.
 * A life of fewer months is the same from the same seed, cut off.
 */
export function drawLives(seed: number, workspaces: number, months: number): readonly LifePlan[] {
  const calendar = calendarOf(months);
  return Array.from({ length: workspaces }, (_, n) => drawLife(seed, n, calendar));
}

function drawLife(seed: number, n: number, calendar: RunCalendar): LifePlan {
  const dice = diceOf(seed, n, 'person');
  const workspaceId = dice.uuid();
  const country = dice.chance(BRAZIL_SHARE) ? 'BR' : 'US';
  const trialDays = dice.chance(TRIAL_SHARE) ? TRIAL_DAYS : undefined;
  const diary = new Diary(calendar.moments);
  const firstDay = dice.whole(0, BEGIN_WITHIN_DAYS);
  const person: Person = { dice, diary, country, isOffline: dice.chance(0.06) };
  drawOrder(person, firstDay, 'buy');
  drawLooks(person, firstDay, calendar.days);
  // What goes on for longer must not change what else is drawn, so it has dice of its own.
  const monthly = { ...person, dice: diceOf(seed, n, 'months') };
  for (let month = 0; firstDay + month * DAYS_PER_MONTH < calendar.days; month += 1)
    drawMonth(monthly, firstDay + month * DAYS_PER_MONTH);
  drawReturns({ ...person, dice: diceOf(seed, n, 'returns') }, firstDay, calendar.days);
  drawMoneyBack({ ...person, dice: diceOf(seed, n, 'money back') }, firstDay, calendar.days);
  return { n, workspaceId, country, trialDays, steps: diary.steps() };
}

const PURPOSES = ['person', 'months', 'returns', 'money back'] as const;

/** Mixes seed and number thoroughly: lives that are neighbours must have nothing in common. */
function diceOf(seed: number, n: number, purpose: (typeof PURPOSES)[number]): Dice {
  const nth = n * PURPOSES.length + PURPOSES.indexOf(purpose) + 1;
  let mixed = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(nth, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35);
  return diceFrom(mixed ^ (mixed >>> 13));
}

type Person = {
  readonly dice: Dice;
  readonly diary: Diary;
  readonly country: 'US' | 'BR';
  /** Pays by bank transfer, which staff note down. */
  readonly isOffline: boolean;
};

/** One deed a moment: whoever comes second waits for the next moment. */
class Diary {
  private readonly byMoment = new Map<number, Deed>();

  constructor(private readonly moments: number) {}

  put(wanted: number, deed: Deed): void {
    let moment = wanted;
    while (this.byMoment.has(moment)) moment += 1;
    this.byMoment.set(moment, deed);
  }

  /** Only where nothing else is planned. */
  putIfFree(moment: number, deed: Deed): void {
    if (!this.byMoment.has(moment)) this.byMoment.set(moment, deed);
  }

  /** All at their moments, or none. */
  putBoth(...both: readonly (readonly [number, Deed])[]): void {
    if (both.some(([moment]) => this.byMoment.has(moment))) return;
    for (const [moment, deed] of both) this.byMoment.set(moment, deed);
  }

  steps(): readonly Step[] {
    return [...this.byMoment]
      .filter(([moment]) => moment < this.moments)
      .sort(([a], [b]) => a - b)
      .map(([moment, deed]) => ({ moment, deed }));
  }
}

/** An order, and what becomes of its page where it has one: paid at once, later, too late, or never. */
function drawOrder(person: Person, day: number, wanted: 'buy' | 'change'): void {
  const { dice, diary, country, isOffline } = person;
  const deed = drawDeed(dice, { country, isOffline, wanted });
  const moment = day * MOMENTS_PER_DAY;
  diary.put(moment, deed);
  if (!('pay' in deed) || deed.pay.by !== 'page') return;
  if (isOffline) {
    diary.put(moment + dice.whole(1, 8), { kind: 'pay-offline' });
    return;
  }
  const delay = dice.pick([1, 1, 1, 1, 2, 6, 12, undefined]);
  if (delay !== undefined) diary.put(moment + delay, { kind: 'pay-open', as: drawPayer(dice) });
}

function drawLooks({ dice, diary, isOffline }: Person, firstDay: number, days: number): void {
  const every = dice.pick(LOOKS_EVERY_DAYS);
  const as = drawPayer(dice);
  if (every === undefined) return;
  for (let day = firstDay + every; day < days; day += every)
    diary.putIfFree(day * MOMENTS_PER_DAY, isOffline ? { kind: 'pay-offline' } : { kind: 'pay-open', as });
}

/** All dice of a month are thrown whether they are used or not. */
function drawMonth(person: Person, firstDay: number): void {
  const { dice, diary, country, isOffline } = person;
  for (let left = dice.pick(DEEDS_OF_MONTH); left > 0; left -= 1)
    drawOrder(person, firstDay + dice.whole(0, DAYS_PER_MONTH - 1), 'change');
  if (!dice.chance(PAYS_TOO_OFTEN_ODDS) || isOffline) return;
  // In the morning there is an order with a page; in the evening it is replaced or cancelled, and the old page is paid.
  const wanted = (firstDay + dice.whole(1, DAYS_PER_MONTH)) * MOMENTS_PER_DAY;
  const late = Math.ceil(wanted / LATE_MOMENTS_EVERY) * LATE_MOMENTS_EVERY + LATE_MOMENT_FIRST;
  const evening: Deed = dice.chance(0.5)
    ? { kind: 'pay-cancelled' }
    : { kind: 'pay-replaced', seats: dice.whole(4, 6) };
  const order: Deed = {
    ...{ kind: 'add-seats', seats: dice.whole(1, 3) },
    pay: { by: 'page', method: country === 'BR' && dice.chance(0.5) ? 'pix' : 'card' },
  };
  diary.putBoth([late - 1, order], [late, evening]);
}

function drawReturns(person: Person, firstDay: number, days: number): void {
  for (let day = firstDay + BUYS_AGAIN_EVERY_DAYS; day < days; day += BUYS_AGAIN_EVERY_DAYS)
    if (person.dice.chance(BUYS_AGAIN_ODDS)) drawOrder(person, day + person.dice.whole(0, 20), 'buy');
}

/**
 * Now and then staff give money back, somebody undoes what he has just bought, or a bank takes a payment back, ends that days later, and staff decide.
 * What was paid outside is given back by people, of whom there are none.
 */
function drawMoneyBack({ dice, diary, isOffline }: Person, firstDay: number, days: number): void {
  if (isOffline) return;
  for (let day = firstDay + MONEY_BACK_EVERY_DAYS; day < days; day += MONEY_BACK_EVERY_DAYS) {
    const at = (day + dice.whole(0, MONEY_BACK_EVERY_DAYS - 1)) * MOMENTS_PER_DAY;
    const [way, percent] = [dice.roll(), dice.whole(1, 60)];
    const seats: Deed = {
      kind: 'add-seats',
      seats: dice.whole(1, 3),
      pay: { by: 'token', token: 'tok_visa', installments: 1 },
    };
    const verdict = dice.pick(['won', 'lost'] as const);
    const decision = dice.pick(['keep', 'keep', 'close'] as const);
    if (way < 0.2) diary.putBoth([at, seats], [at + 1, { kind: 'undo-order' }]);
    else if (way < 0.35) diary.putIfFree(at, { kind: 'refund', what: 'amount', percent });
    else if (way < 0.42) diary.putIfFree(at, { kind: 'refund', what: 'unused-days', percent });
    else if (way < 0.48) diary.putIfFree(at, { kind: 'refund', what: 'all-left', percent });
    else if (way < 0.56)
      diary.putBoth(
        [at, { kind: 'bank-opens' }],
        [at + 12, { kind: 'bank-ends', verdict }],
        [at + 15, { kind: 'decide', decision }],
      );
  }
}

const drawPayer = (dice: Dice): PayerOnPage =>
  dice.pick(['pays', 'pays', 'pays', 'pays', 'pays', 'pays', 'declines-later', 'declines-later', 'no-funds', 'stolen']);
