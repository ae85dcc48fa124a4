import type { Billing, Offers } from '../api/types.js';
import type { ChangeSearch } from './wish.js';

/** A choice with what the address leaves open: the customary period, the seats in use, the first term that is sold. */
export function completed(search: ChangeSearch, { subscription }: Billing, offers: Offers): ChangeSearch {
  const { kind } = search;
  const priced = offers.plans.filter(({ prices }) => prices.length > 0);
  const paid = subscription?.seats ?? 0;
  if (kind === 'purchase') {
    const plan = search.plan ?? priced[0]?.id;
    const prices = priced.find(({ id }) => id === plan)?.prices ?? [];
    const period = search.period ?? prices.at(-2)?.periodMonths ?? prices[0]?.periodMonths;
    const seats = search.seats ?? Math.max(offers.seats.min, offers.seats.inUse);
    return { kind, ...(plan === undefined ? {} : { plan }), seats, ...(period === undefined ? {} : { period }) };
  }
  if (kind === 'upgrade') {
    const plan = search.plan ?? offers.plans.find(({ move }) => move === 'upgrade')?.id;
    return { kind, ...(plan === undefined ? {} : { plan }), seats: Math.max(search.seats ?? paid, paid) };
  }
  if (kind === 'add-seats') return { kind, seats: Math.max(search.seats ?? 0, paid + 1) };
  if (kind === 'extension') return { kind, period: search.period ?? subscription?.periodMonths ?? 6 };
  if (kind === 'renewal') return { kind };
  if (kind === 'add-on') {
    const addOn = offers.addOns.find(({ id }) => id === search.addOn) ?? offers.addOns[0];
    const packages = search.packages ?? 1;
    const term = search.term ?? addOn?.termMonths[0];
    return {
      ...{ kind, packages },
      ...(addOn === undefined ? {} : { addOn: addOn.id }),
      ...(term === undefined ? {} : { term }),
    };
  }
  return {
    kind,
    plan: search.plan ?? subscription?.plan ?? '',
    seats: search.seats ?? paid,
    period: search.period ?? subscription?.periodMonths ?? 6,
  };
}
