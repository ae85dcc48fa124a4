/** Statuses by which orders can be narrowed. */
export const shownStatuses = [
  'awaiting_payment',
  'processing',
  'paid',
  'failed',
  'expired',
  'cancelled',
  'refunded',
  'partly_refunded',
] as const;
/** Kinds by which orders can be narrowed. */
export const shownKinds = [
  'purchase',
  'upgrade',
  'add-seats',
  'upgrade-and-add-seats',
  'extension',
  'renewal',
  'add-on',
] as const;

/** What of the order history is shown, as it stands in the address. `after`: where the page before ended. */
export type OrdersSearch = {
  readonly status?: (typeof shownStatuses)[number];
  readonly kind?: (typeof shownKinds)[number];
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
};

const dayOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;

/** Reads the filters out of an address; what is none is left out. */
export function ordersSearch(search: Record<string, unknown>): OrdersSearch {
  const status = shownStatuses.find((one) => one === search['status']);
  const kind = shownKinds.find((one) => one === search['kind']);
  const [from, to] = [dayOf(search['from']), dayOf(search['to'])];
  const after = typeof search['after'] === 'string' ? search['after'] : undefined;
  return {
    ...(status === undefined ? {} : { status }),
    ...(kind === undefined ? {} : { kind }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(after === undefined ? {} : { after }),
  };
}

/** The same for the gateway. */
export function ordersQuery({ status, kind, from, to, after }: OrdersSearch): Record<string, string> {
  return {
    ...(status === undefined ? {} : { status }),
    ...(kind === undefined ? {} : { kind }),
    ...(from === undefined ? {} : { placedFrom: from }),
    ...(to === undefined ? {} : { placedTo: to }),
    ...(after === undefined ? {} : { after }),
  };
}
