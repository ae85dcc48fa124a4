import type { paths } from '../api/schema.js';
import type { Billing } from '../api/types.js';

/** What can be changed on the screen where a choice is made. An upgrade may add seats in the same order. */
export const changeKinds = [
  'purchase',
  'upgrade',
  'add-seats',
  'extension',
  'renewal',
  'add-on',
  'scheduled-change',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A choice as it stands in the address, so that Back, a reload and a link bring it back. `seats` are all seats that there shall be. */
export type ChangeSearch = {
  readonly kind: ChangeKind;
  readonly plan?: string;
  readonly seats?: number;
  readonly period?: number;
  readonly addOn?: string;
  readonly packages?: number;
  readonly term?: number;
};

type QuoteBody = NonNullable<paths['/v1/quotes']['post']['requestBody']>['content']['application/json'];

const SEATS_MAX = 10_000;
const MONTHS_MAX = 120;

/** A whole number of an address; undefined for anything else. */
export function wholeOf(value: unknown, max: number): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 && number <= max ? number : undefined;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w.-]{1,40}$/.test(value) ? value : undefined;

/** Reads the choice out of an address; what is not one is left out. */
export function changeSearch(search: Record<string, unknown>): ChangeSearch {
  const kind = changeKinds.find((one) => one === search['kind']) ?? 'purchase';
  const [plan, addOn] = [textOf(search['plan']), textOf(search['addOn'])];
  const [seats, packages] = [wholeOf(search['seats'], SEATS_MAX), wholeOf(search['packages'], SEATS_MAX)];
  const [period, term] = [wholeOf(search['period'], MONTHS_MAX), wholeOf(search['term'], MONTHS_MAX)];
  return {
    kind,
    ...(plan === undefined ? {} : { plan }),
    ...(addOn === undefined ? {} : { addOn }),
    ...(seats === undefined ? {} : { seats }),
    ...(packages === undefined ? {} : { packages }),
    ...(period === undefined ? {} : { period }),
    ...(term === undefined ? {} : { term }),
  };
}

/** What the gateway is asked to price for a choice; undefined while the choice is not complete. */
export function quoteBody(search: ChangeSearch, { workspaceId, subscription }: Billing): QuoteBody | undefined {
  const { kind, plan, seats, period: periodMonths, addOn, packages = 1, term: termMonths } = search;
  const paid = subscription?.seats ?? 0;
  switch (kind) {
    case 'purchase':
      if (plan === undefined || seats === undefined || periodMonths === undefined) return undefined;
      return { workspaceId, kind, plan, seats, periodMonths };
    case 'upgrade':
      if (plan === undefined) return undefined;
      return seats === undefined || seats <= paid
        ? { workspaceId, kind, plan }
        : { workspaceId, kind: 'upgrade-and-add-seats', plan, seats: seats - paid };
    case 'add-seats':
      return seats === undefined || seats <= paid ? undefined : { workspaceId, kind, seats: seats - paid };
    case 'extension':
      return periodMonths === undefined ? undefined : { workspaceId, kind, periodMonths };
    case 'renewal':
      return { workspaceId, kind };
    case 'add-on':
      return addOn === undefined || termMonths === undefined
        ? undefined
        : { workspaceId, kind, addOn, packages, termMonths };
    case 'scheduled-change':
      return scheduledBody(search, workspaceId, subscription);
  }
}

function scheduledBody(
  { plan, seats, period }: ChangeSearch,
  workspaceId: string,
  subscription: Billing['subscription'],
): QuoteBody | undefined {
  const wish = {
    ...(plan === undefined || plan === subscription?.plan ? {} : { plan }),
    ...(seats === undefined || seats === subscription?.seats ? {} : { seats }),
    ...(period === undefined || period === subscription?.periodMonths ? {} : { periodMonths: period }),
  };
  return Object.keys(wish).length === 0 ? undefined : { workspaceId, kind: 'scheduled-change', ...wish };
}
