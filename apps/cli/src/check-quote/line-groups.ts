import type { CheckedLine, PaidShare } from './check-line.js';
import type { Facts } from './facts.js';
import type { Sheet } from './sheet.js';

/** The lines of a whole term: all seats first, then packages for as many months. */
export function checkTermLines(
  sheet: Sheet,
  [line, ...addOns]: readonly CheckedLine[],
  { seats, periodMonths }: Pick<Facts, 'seats' | 'periodMonths'>,
): void {
  if (line === undefined) return;
  sheet.equal(`${line.path}.description.kind`, 'plan-seats', line.kind);
  sheet.equal(`${line.path}.quantity`, seats, line.quantity);
  sheet.equal(`${line.path}.description.periodMonths`, periodMonths, line.periodMonths);
  for (const addOn of addOns) {
    sheet.equal(`${addOn.path}.description.kind`, 'add-on', addOn.kind);
    sheet.equal(`${addOn.path}.description.months`, periodMonths, addOn.periodMonths);
  }
}

/** Terms of as many months cost as many of them, wherever they stand. */
export function checkSamePeriods(sheet: Sheet, lines: readonly CheckedLine[]): void {
  for (const line of lines) {
    const first = lines.find((one) => one.share !== undefined && one.periodMonths === line.periodMonths);
    if (line.share !== undefined) sameShare(sheet, `${line.path}.derivation.`, first?.share, line.share);
  }
}

/** The same months are paid, and the same percentage is taken off. */
export function sameShare(
  sheet: Sheet,
  path: string,
  wanted: PaidShare | undefined,
  found: PaidShare | undefined,
): void {
  sheet.equal(`${path}payMonths`, wanted?.payMonths, found?.payMonths);
  sheet.equal(`${path}percentOff`, wanted?.percentOff, found?.percentOff);
}
