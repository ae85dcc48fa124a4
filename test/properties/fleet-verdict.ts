import { checkBooks, verifyDocuments } from '@billfleet/billing';
import { audits, booksReports, onOneState } from '@billfleet/store';
import type { PlayedFleet } from './played-fleet.js';

type Line = { readonly line: string };

/** Documents whose numbers leave something out within their series, and credit notes over more than their invoice. */
const PAPER = `
  select concat_ws(' ', 'numbers of', seller, kind, year, mode, count(*), min(seq), max(seq)) as line from document group by seller, kind, year, mode
    having count(*) <> max(seq) or min(seq) <> 1 or count(distinct seq) <> count(*)
  union all
  select concat_ws(' ', 'credited', i.number, sum(n.amount_minor), 'of', i.amount_minor) from document i join document n on n.invoice_id = i.id
    group by i.id, i.number, i.amount_minor having sum(n.amount_minor) > i.amount_minor
  union all
  select concat_ws(' ', 'uneven', transaction_id, currency, sum(amount_minor)) from posting group by transaction_id, currency having sum(amount_minor) <> 0
  union all
  select concat_ws(' ', 'dead', kind, last_error) from work where dead_at is not null`;

/** What the books hold at the provider, by currency. */
const CASH = `select currency, sum(amount_minor)::text as minor from posting where account = 'cash:sandbox' group by currency`;

/** Everything that is wrong with the books of a fleet that was healed: nothing, whatever happened before. */
export async function wrongs(fleet: PlayedFleet): Promise<readonly string[]> {
  const { source, store, provider, mails } = fleet;
  const said: string[] = [];
  const note = (what: string, found: unknown): void => void said.push(`${what}: ${JSON.stringify(found)}`);
  const { checked, verified } = await onOneState(source, async (db) => ({
    checked: await checkBooks(db),
    verified: await verifyDocuments(db),
  }));
  for (const one of checked.list) note('the rebuild differs', one);
  for (const one of verified.faults) note('a document is wrong', one);
  for (const isTest of [true, false]) {
    const rows = await booksReports.trialBalance(store, { isTest, from: null, before: null });
    for (const currency of new Set(rows.map((row) => row.currency))) {
      const sum = rows.reduce((total, row) => (row.currency === currency ? total + row.closingMinor : total), 0n);
      if (sum !== 0n) note('the trial balance is not zero', { isTest, currency, sum: sum.toString() });
    }
  }
  for (const { line } of await store.query<Line>(PAPER)) note('wrong', line);
  const booked = await store.query<{ currency: string; minor: string }>(CASH);
  const held = [...provider.left()].map(([currency, minor]) => ({ currency, minor: minor.toString() }));
  const differing = [...held, ...booked].filter(({ currency, minor }) =>
    [held, booked].some((side) => (side.find((one) => one.currency === currency)?.minor ?? '0') !== minor),
  );
  if (differing.length > 0) note('the provider holds other money than the books say', { held, booked });
  const results = await audits.runAudits(source, { payments: provider.truth(), mails });
  for (const { id, violations, examples, skipped } of results)
    if (violations > 0 || skipped !== undefined) note(id, skipped ?? examples[0]);
  return said;
}
