import type { NextTerm } from './check-renewal.js';
import type { Facts } from './facts.js';
import { canonical } from './sheet.js';
import type { Place, Sheet } from './sheet.js';

type Change = {
  readonly on: string | undefined;
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
};

/** Works out what changes when from what there was, what is bought and what comes next, and compares the list. */
export function checkChanges(sheet: Sheet, top: Place, facts: Facts, next: NextTerm | undefined): void {
  const found = sheet.objects(top, 'changes');
  const period = found.find((change, index) => index < found.length && isPeriodNow(change, facts));
  const on = changesOn(facts, found);
  const wanted = [...changesNow(facts, on, period), ...changesOfAddOn(facts, next), ...changesOfNext(facts, next)];
  found.forEach((change, index) => {
    sheet.onlyFields(change, ['on', 'what', 'from', 'to']);
    const expected = wanted[index];
    if (expected === undefined) sheet.note(change.path, 'no more changes', canonical(change.fields));
    else sheet.equal(change.path, canonical(expected), canonical(change.fields));
  });
  for (const missing of wanted.slice(found.length)) sheet.note('changes', canonical(missing), undefined);
}

/** The period of before is told nowhere else, so the change says it by itself. */
function isPeriodNow({ fields }: Place, { periodMonths, endsOn, kind }: Facts): boolean {
  if (kind === 'purchase' || kind === 'scheduled-change' || fields['what'] !== 'period') return false;
  const from = fields['from'];
  const isNumber = typeof from === 'string' && /^[1-9]\d{0,2}$/.test(from);
  return isNumber && from !== String(periodMonths) && fields['to'] === String(periodMonths) && fields['on'] !== endsOn;
}

/** When plan and seats change: with the money, or with the first day of a term that is still to come. */
function changesOn({ kind, startsOn, basis }: Facts, found: readonly Place[]): string | undefined {
  if (kind === 'refund') return 'confirmation';
  const isLater = (kind === 'extension' || kind === 'renewal') && startsOn === basis?.endsOn;
  return isLater && found.some((change) => change.fields['on'] === startsOn) ? startsOn : 'payment';
}

function changesNow(facts: Facts, on: string | undefined, period: Place | undefined): readonly Change[] {
  const { kind, plan, seats, priceListId, endsOn, periodMonths, basis } = facts;
  if (kind === 'purchase') {
    return [
      { on: 'payment', what: 'plan', from: null, to: text(plan) },
      { on: 'payment', what: 'seats', from: null, to: text(seats) },
      { on: 'payment', what: 'end', from: null, to: text(endsOn) },
    ];
  }
  return [
    ...change(on, 'plan', basis?.plan, plan),
    ...change(on, 'seats', basis?.seats, seats),
    ...(period === undefined ? [] : change(on, 'period', String(period.fields['from']), periodMonths)),
    ...change(on, 'price-list', basis?.priceListId, priceListId),
    ...change(kind === 'refund' ? 'confirmation' : 'payment', 'end', basis?.endsOn, endsOn),
  ];
}

function changesOfAddOn({ addOn, endsOn }: Facts, next: NextTerm | undefined): readonly Change[] {
  if (addOn === undefined) return [];
  const packages = `${String(addOn.packages)} × ${String(addOn.id)}`;
  const isBeforePlan = addOn.endsOn !== undefined && endsOn !== undefined && addOn.endsOn < endsOn;
  const isOver = isBeforePlan || next?.packages.includes(packages) === false;
  return [
    { on: 'payment', what: 'add-on', from: null, to: packages },
    ...(isOver ? [{ on: addOn.endsOn, what: 'add-on', from: packages, to: null }] : []),
  ];
}

function changesOfNext(facts: Facts, next: NextTerm | undefined): readonly Change[] {
  if (next === undefined) return [];
  const on = facts.endsOn;
  return [
    ...change(on, 'plan', facts.plan, next.plan),
    ...change(on, 'seats', facts.seats, next.seats),
    ...change(on, 'period', facts.periodMonths, next.periodMonths),
    ...change(on, 'price-list', facts.priceListId, next.priceListId),
  ];
}

function change(
  on: string | undefined,
  what: string,
  from: string | bigint | undefined,
  to: string | bigint | undefined,
): readonly Change[] {
  // What could not be read was noted where it stands.
  if (from === undefined || to === undefined || String(from) === String(to)) return [];
  return [{ on, what, from: String(from), to: String(to) }];
}

const text = (value: string | bigint | undefined): string | null => (value === undefined ? null : String(value));
