import { hourOfDay, withContracts } from '@billfleet/domain';
import type { Catalogue, CivilDate, Currency } from '@billfleet/domain';
import { contracts, renewalControl, renewalsDue, subscriptions, tenants } from '@billfleet/store';
import type { DueCounts, DueTerm, ParkedTerm, RenewalPause, Store } from '@billfleet/store';
import { priceWish } from './price-wish.js';

/** Money of one currency; minor units as text. */
export type ForeseenMoney = { readonly currency: Currency; readonly count: number; readonly amountMinor: string };

/** What one civil day brings, each workspace by its own calendar, as far as it is known now. */
export type ForeseenDay = {
  readonly on: CivilDate;
  readonly due: DueCounts;
  /** What is charged by itself: first charges and repeated ones. */
  readonly charged: readonly ForeseenMoney[];
  /** What is ordered, to be paid by hand. */
  readonly ordered: readonly ForeseenMoney[];
  /** Terms whose next period has no price: the first ones, and how many there are. */
  readonly unpriced: { readonly count: number; readonly first: readonly { subscriptionId: string; reason: string }[] };
  /** Terms that have something due by now and were not begun yet. */
  readonly overdue: number;
  readonly pauses: readonly RenewalPause[];
  /** Terms that wait for a person, oldest first, as many as are shown. */
  readonly parked: readonly ParkedTerm[];
};

const PAGE = 500;
const SHOWN_MAX = 100;
const UNPRICED_SHOWN_MAX = 20;

type Sums = Map<Currency, { count: number; amountMinor: bigint }>;
type Unpriced = { count: number; first: { subscriptionId: string; reason: string }[] };

/** Foresees what a day brings from the database; changes nothing. Memory holds one page of terms, however many are due. */
export class ForeseeRenewals {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
  ) {}

  /** `now` says what is overdue. The next periods are priced as they will be on the day, by the function that prices every order. */
  async on(on: CivilDate, now: Date): Promise<ForeseenDay> {
    const { store } = this;
    const rules = this.catalogue.renewal;
    const [due, repeated, overdue, pauses, parked] = await Promise.all([
      renewalsDue.countDue(store, on, rules),
      renewalsDue.repeatedAmounts(store, on),
      renewalsDue.countOverdue(store, now),
      renewalControl.openPauses(store),
      renewalsDue.parkedTerms(store, SHOWN_MAX),
    ]);
    const sums: Readonly<Record<DueTerm['what'], Sums>> = { charge: new Map(), order: new Map() };
    for (const { currency, count, amountMinor } of repeated) add(sums.charge, currency, BigInt(amountMinor), count);
    const unpriced: Unpriced = { count: 0, first: [] };
    let afterId: string | undefined;
    for (;;) {
      const page = await renewalsDue.dueTerms(store, on, { rules, afterId, limit: PAGE });
      await this.addPage(page, on, sums, unpriced);
      afterId = page.at(-1)?.id;
      if (page.length < PAGE) break;
    }
    const [charged, ordered] = [listed(sums.charge), listed(sums.order)];
    return { on, due, charged, ordered, unpriced, overdue, pauses, parked };
  }

  private async addPage(
    page: readonly DueTerm[],
    on: CivilDate,
    sums: Readonly<Record<DueTerm['what'], Sums>>,
    unpriced: Unpriced,
  ): Promise<void> {
    const ids = page.filter(({ orderMinor }) => orderMinor === null).map(({ workspaceId }) => workspaceId);
    const [workspaces, held, lists] = await Promise.all([
      tenants.findWorkspaces(this.store, ids),
      subscriptions.findSubscriptionFacts(this.store, ids),
      contracts.listsOf(this.store, ids),
    ]);
    const catalogue = withContracts(this.catalogue, lists);
    for (const { id, workspaceId, what, orderMinor, currency } of page) {
      if (orderMinor !== null && currency !== null) {
        add(sums[what], currency, BigInt(orderMinor), 1);
        continue;
      }
      const workspace = workspaces.get(workspaceId);
      if (workspace === undefined) continue;
      try {
        const now = hourOfDay(on, catalogue.renewal.mailHours.from, workspace.timeZone);
        const request = { kind: 'renewal' as const, workspaceId };
        const priced = priceWish({ request, catalogue, workspace, held: held.get(workspaceId), now });
        if (priced.kind === 'quoted') add(sums[what], priced.quote.currency, priced.quote.amountMinor, 1);
        else note(unpriced, id, priced.refusal.code);
      } catch (error) {
        // A broken workspace must not hide what all others bring.
        note(unpriced, id, error instanceof Error ? error.message : String(error));
      }
    }
  }
}

function note(unpriced: Unpriced, subscriptionId: string, reason: string): void {
  unpriced.count += 1;
  if (unpriced.first.length < UNPRICED_SHOWN_MAX) unpriced.first.push({ subscriptionId, reason });
}

function add(sums: Sums, currency: Currency, amountMinor: bigint, count: number): void {
  const before = sums.get(currency) ?? { count: 0, amountMinor: 0n };
  sums.set(currency, { count: before.count + count, amountMinor: before.amountMinor + amountMinor });
}

const listed = (sums: Sums): readonly ForeseenMoney[] =>
  [...sums]
    .map(([currency, { count, amountMinor }]) => ({ currency, count, amountMinor: amountMinor.toString() }))
    .sort((one, other) => (one.currency < other.currency ? -1 : 1));
