import { daysAfter, monthsAfter, monthsApart } from './count-term.js';
import type { Facts } from './facts.js';
import type { Sheet } from './sheet.js';

/** Checks the days that a document tells with a small calendar of its own. What it leaves out is not looked at. */
export function checkDays(sheet: Sheet, facts: Facts): void {
  const { kind, basis, endsOn, startsOn, seats } = facts;
  if (kind === 'purchase') checkPurchaseDays(sheet, facts);
  else if (kind === 'extension' || kind === 'renewal') checkTermDays(sheet, facts);
  else if (kind === 'refund' && seats === 0n) sheet.equal('endsOn', startsOn, endsOn);
  else if (basis !== undefined) sheet.equal('basis.endsOn', endsOn, basis.endsOn);
  if (kind === 'add-on') checkAddOnDays(sheet, facts);
  if (startsOn === undefined || endsOn === undefined || (kind === 'refund' && seats === 0n)) return;
  if (startsOn >= endsOn) sheet.note('endsOn', `a day after ${startsOn}`, endsOn);
}

/** A purchase ends its months after it starts; added days of a trial move the end, and the anchor with it. */
function checkPurchaseDays(sheet: Sheet, { startsOn, endsOn, anchorOn, periodMonths, trialDaysAdded }: Facts): void {
  if (startsOn === undefined || periodMonths === undefined || trialDaysAdded === undefined) return;
  const monthsEnd = monthsAfter(startsOn, Number(periodMonths));
  sheet.equal('endsOn', (monthsEnd && daysAfter(monthsEnd, trialDaysAdded)) ?? 'no day', endsOn);
  sheet.equal('anchorOn', trialDaysAdded > 0n ? endsOn : startsOn, anchorOn);
}

/** A further term follows the paid days, or begins anew after them; both its ends are whole months after its anchor. */
function checkTermDays(sheet: Sheet, { startsOn, endsOn, anchorOn, periodMonths, basis }: Facts): void {
  if (startsOn === undefined || endsOn === undefined || anchorOn === undefined || periodMonths === undefined) return;
  const months = monthsApart(anchorOn, endsOn);
  sheet.equal('endsOn', monthsAfter(anchorOn, months) ?? 'no day', endsOn);
  sheet.equal('startsOn', monthsAfter(anchorOn, months - Number(periodMonths)) ?? 'no day', startsOn);
  if (basis?.endsOn !== undefined && startsOn < basis.endsOn) {
    sheet.note('startsOn', `no day before the paid ones end on ${basis.endsOn}`, startsOn);
  }
}

/** Packages run from the month of the subscription that holds the first day, and no longer than the plan. */
function checkAddOnDays(sheet: Sheet, { startsOn, endsOn, anchorOn, addOn }: Facts): void {
  if (startsOn === undefined || anchorOn === undefined || addOn?.termMonths === undefined) return;
  const apart = monthsApart(anchorOn, startsOn);
  const passed = (monthsAfter(anchorOn, apart) ?? '') > startsOn ? apart - 1 : apart;
  sheet.equal('addOn.endsOn', monthsAfter(anchorOn, passed + Number(addOn.termMonths)) ?? 'no day', addOn.endsOn);
  if (endsOn !== undefined && addOn.endsOn !== undefined && addOn.endsOn > endsOn) {
    sheet.note('addOn.endsOn', `no day after the plan ends on ${endsOn}`, addOn.endsOn);
  }
}
