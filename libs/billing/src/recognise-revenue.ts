import { addMonths, hourOfDay } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import { recognition } from '@billfleet/store';
import type { BooksOf, Store, Tx } from '@billfleet/store';
import type { SweepClock } from './sweep-clock.js';

/** Sales per transaction. */
const SALES_PER_PAGE = 1_000;
/** From this hour in UTC on the day before is over in every time zone. */
const OVER_EVERYWHERE_HOUR = 12;

/** Whether a month, named by its first day, is over wherever somebody may be. */
export const isMonthOver = (month: CivilDate, now: Date): boolean =>
  hourOfDay(addMonths(month, 1), OVER_EVERYWHERE_HOUR, 'UTC') <= now;

/**
 * Recognises the revenue of each month once it is over, without being asked: of the live books page by page, since there may be many sales and others wait for
 * the dispatcher; of a test clock the whole month, since the clock waits for it. Where a page was left off is known to this process alone: the next one begins
 * the month again, which adds nothing twice.
 */
export class RecogniseRevenue {
  private at: { readonly month: CivilDate; readonly afterId: string | undefined } | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
  ) {}

  /** One page, or for a test clock every month that is over; answers how many pages there were. */
  async run(): Promise<number> {
    for (let pages = 0; ; pages += 1) {
      const page = await this.store.transaction((tx) => this.page(tx));
      if (page === 'nothing') return pages;
      if (page === 'live') return pages + 1;
    }
  }

  private async page(tx: Tx): Promise<'nothing' | 'live' | 'test'> {
    const { now, testClockId } = await this.clock.at(tx);
    const of = { testClockId };
    const month = await recognition.monthToRecognise(tx, of);
    if (month === undefined || !isMonthOver(month, now)) return 'nothing';
    await recognition.takeTurn(tx);
    const afterId = this.at?.month === month ? this.at.afterId : undefined;
    const { lastId } = await recognition.recognisePage(tx, month, { ...of, afterId, limit: SALES_PER_PAGE });
    if (lastId === undefined) await recognition.markRecognised(tx, month, of);
    this.at = lastId === undefined ? undefined : { month, afterId: lastId };
    return testClockId === null ? 'live' : 'test';
  }
}

/** Recognises what a month earned and was not recognised for it; doing it again adds nothing. Answers for how many sales. */
export async function recogniseWholeMonth(store: Store, month: CivilDate, of: BooksOf): Promise<number> {
  let recognised = 0;
  for (let afterId: string | undefined; ;) {
    const page = await store.transaction(async (tx) => {
      await recognition.takeTurn(tx);
      const found = await recognition.recognisePage(tx, month, { ...of, afterId, limit: SALES_PER_PAGE });
      const next = await recognition.monthToRecognise(tx, of);
      if (found.lastId === undefined && next === month) await recognition.markRecognised(tx, month, of);
      return found;
    });
    recognised += page.recognised;
    afterId = page.lastId;
    if (afterId === undefined) return recognised;
  }
}
