import { addMonths } from '@billfleet/domain';
import type { CivilDate, Refusal } from '@billfleet/domain';
import { closedMonths, management, recognition } from '@billfleet/store';
import type { OpsReason, Store } from '@billfleet/store';
import { isMonthOver, recogniseWholeMonth } from './recognise-revenue.js';
import type { SweepClock } from './sweep-clock.js';

const LIVE = { testClockId: null } as const;

/** Why a month is not recognised or closed: it is not over, or it is not its turn. */
export type MonthRefused = {
  readonly kind: 'refused';
  readonly refusal: Refusal<'month_not_over' | 'month_not_next'>;
};

/** Months whose revenue was recognised now, and for how many sales each. */
export type Recognised = {
  readonly kind: 'recognised';
  readonly months: readonly { readonly month: CivilDate; readonly recognised: number }[];
};

/** What people do to the live books: revenue of a month, and its closing. Months are named by their first day. */
export class KeepBooks {
  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
  ) {}

  /** Recognises the revenue of a month, and of those before it that were left out. Doing it again adds only what came late. */
  async recognise(month: CivilDate): Promise<Recognised | MonthRefused> {
    const early = await this.refuseEarly(month);
    if (early !== undefined) return early;
    const first = (await recognition.monthToRecognise(this.store, LIVE)) ?? month;
    const months: { month: CivilDate; recognised: number }[] = [];
    for (let at = first < month ? first : month; at <= month; at = addMonths(at, 1)) {
      months.push({ month: at, recognised: await recogniseWholeMonth(this.store, at, LIVE) });
    }
    return { kind: 'recognised', months };
  }

  /**
   * Closes the first open month, once its revenue is recognised: the database refuses transactions of it from then on. What comes to light
   * later is booked in the first month that is open. A month that is closed already stays so.
   */
  async close(
    month: CivilDate,
    by: OpsReason,
  ): Promise<{ readonly kind: 'closed'; readonly isNew: boolean } | MonthRefused> {
    const early = await this.refuseEarly(month);
    if (early !== undefined) return early;
    const { closedMonth, openMonth } = await closedMonths.booksState(this.store);
    if (closedMonth !== null && month <= closedMonth) return { kind: 'closed', isNew: false };
    if (openMonth !== null && month !== openMonth) {
      const found = { field: 'month', found: month, wanted: `${openMonth}, the first month that is open` };
      return { kind: 'refused', refusal: { code: 'month_not_next', ...found } };
    }
    await this.recognise(month);
    await this.store.transaction(async (tx) => {
      await closedMonths.closeMonth(tx, month, by.actor);
      await management.noteStaffAction(tx, { ...by, action: 'books.close', subject: `month ${month}` });
    });
    return { kind: 'closed', isNew: true };
  }

  private async refuseEarly(month: CivilDate): Promise<MonthRefused | undefined> {
    const { now } = await this.store.transaction((tx) => this.clock.at(tx));
    if (isMonthOver(month, now)) return undefined;
    const wanted = 'a month that is over in every time zone, which it is at noon UTC of the day after it';
    return { kind: 'refused', refusal: { code: 'month_not_over', field: 'month', found: month, wanted } };
  }
}
