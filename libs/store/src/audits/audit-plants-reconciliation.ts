const RUN = '0190a000-0000-7000-8000-4ec000000001';
const DAY = '2026-09-01';

const compared = `insert into reconciliation_run (id, provider, day, status, journal_mark, done_at) values ('${RUN}', 'sandbox', '${DAY}', 'done', 0, now() + interval '2 minutes')`;
const found = (age: string): string =>
  `${compared}; insert into reconciliation_finding (id, run_id, provider, day, what, kind, reference, payment_reference, theirs_currency, theirs_minor, created_at)
   values (gen_random_uuid(), '${RUN}', 'sandbox', '${DAY}', 'missing_here', 'charge', 'pay_x', 'pay_x', 'USD', 100, now() - interval '${age}')`;
/** The record of the day has every charge of ours, with this fee. */
const recorded = (feeMinor: number): string =>
  `${compared}; insert into settlement_entry (provider, kind, reference, payment_reference, currency, amount_minor, fee_minor, occurred_at, day)
   select provider, kind, reference, reference, currency, amount_minor, ${String(feeMinor)}, now(), '${DAY}' from movement where provider = 'sandbox' and kind = 'charge'`;

/** For each audit of the reconciliation the corruptions that it must notice, each by itself. */
export const reconciliationPlants = {
  L12: [found('8 days')],
  B38: [recorded(30)],
} as const satisfies Readonly<Record<string, readonly string[]>>;
