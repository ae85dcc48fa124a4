import { checkLine } from './check-line.js';
import type { CheckedLine } from './check-line.js';
import { checkTaxes } from './check-tax.js';
import type { Facts } from './facts.js';
import { checkSamePeriods, checkTermLines } from './line-groups.js';
import { canonical } from './sheet.js';
import type { Place, Sheet } from './sheet.js';

/** The next term, as far as changes are told by it. */
export type NextTerm = {
  readonly plan: string | undefined;
  readonly seats: bigint | undefined;
  readonly periodMonths: bigint | undefined;
  readonly priceListId: string | undefined;
  /** The packages that go on with it, as changes tell them. */
  readonly packages: readonly string[];
};

/** Checks what the next term costs, line by line; a document that leaves no seats has none. */
export function checkRenewal(
  sheet: Sheet,
  top: Place,
  facts: Facts,
  lines: readonly CheckedLine[],
): NextTerm | undefined {
  if (facts.seats === 0n) {
    if ('atRenewal' in top.fields) sheet.note('atRenewal', 'nothing, since no seats are left', top.fields['atRenewal']);
    return undefined;
  }
  const at = sheet.object(top, 'atRenewal');
  if (at === undefined) return undefined;
  sheet.onlyFields(at, [
    'on',
    'plan',
    'seats',
    'periodMonths',
    'priceListId',
    'amountMinor',
    'netMinor',
    'taxMinor',
    'lines',
  ]);
  sheet.equal('atRenewal.on', facts.endsOn, sheet.text(at, 'on'));
  const next = {
    plan: sheet.text(at, 'plan'),
    seats: sheet.count(at, 'seats'),
    periodMonths: sheet.count(at, 'periodMonths'),
    priceListId: sheet.text(at, 'priceListId'),
  };
  const ground = { plan: next.plan, currency: facts.currency };
  const nextLines = sheet.objects(at, 'lines').map((line) => checkLine(sheet, line, ground));
  if (nextLines.length === 0) sheet.note('atRenewal.lines', 'at least one line', 'none');
  checkTermLines(sheet, nextLines, next);
  checkSamePeriods(sheet, [...lines, ...nextLines]);
  const amount = sheet.amount(at, 'amountMinor');
  if (nextLines.every((line) => line.amountMinor !== undefined)) {
    const sum = nextLines.reduce((so, line) => so + (line.amountMinor ?? 0n), 0n);
    sheet.equal('atRenewal.amountMinor', sum, amount);
  }
  checkTaxes(sheet, at, nextLines);
  checkSamePrices(sheet, { facts, next, lines, nextLines });
  if (facts.kind === 'purchase')
    sheet.equal('atRenewal.lines', canonical(top.fields['lines']), canonical(at.fields['lines']));
  return { ...next, packages: named(nextLines) };
}

type Terms = {
  readonly facts: Facts;
  readonly next: Omit<NextTerm, 'packages'>;
  readonly lines: readonly CheckedLine[];
  readonly nextLines: readonly CheckedLine[];
};

/** The same plan at the same list costs the same a month, and so do packages that go on. */
function checkSamePrices(sheet: Sheet, { facts, next, lines, nextLines }: Terms): void {
  const isSame = next.plan === facts.plan && next.priceListId === facts.priceListId;
  // Seats are added and returned at the list under which each term was sold, which may be another one.
  const priced = lines.find((line) => line.kind === 'plan-seats' || line.kind === 'plan-upgrade');
  const [seatsLine, ...packages] = nextLines;
  if (isSame && seatsLine !== undefined) {
    sheet.equal(`${seatsLine.path}.derivation.monthlyMinor`, priced?.monthlyMinor, seatsLine.monthlyMinor);
  }
  for (const line of packages) {
    const before = lines.filter((one) => one.addOn !== undefined && one.addOn === line.addOn);
    if (before[0] !== undefined)
      sheet.equal(`${line.path}.derivation.monthlyMinor`, before[0].monthlyMinor, line.monthlyMinor);
  }
  if (facts.kind === 'extension' || facts.kind === 'renewal')
    checkSamePackages(sheet, lines, packages, next.plan === facts.plan);
  const { addOn, endsOn } = facts;
  if (addOn === undefined || addOn.endsOn !== endsOn || next.plan !== facts.plan) return;
  const bought = `${String(addOn.packages)} × ${String(addOn.id)}`;
  if (!named(packages).includes(bought)) sheet.note('atRenewal.lines', bought, undefined);
}

/** Packages that go on with one term go on with the next; another plan may not have what they are for. */
function checkSamePackages(
  sheet: Sheet,
  lines: readonly CheckedLine[],
  next: readonly CheckedLine[],
  isSamePlan: boolean,
): void {
  const left = named(lines);
  for (const [index, packages] of named(next).entries()) {
    const found = left.indexOf(packages);
    if (found < 0)
      sheet.note(`${next[index]?.path ?? 'atRenewal.lines'}.quantity`, 'packages that are in the lines', packages);
    else left.splice(found, 1);
  }
  if (isSamePlan && left.length > 0) sheet.note('atRenewal.lines', left.join(', '), undefined);
}

const named = (lines: readonly CheckedLine[]): string[] =>
  lines.filter((line) => line.kind === 'add-on').map((line) => `${String(line.quantity)} × ${String(line.addOn)}`);
