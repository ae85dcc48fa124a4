import { checkChanges } from './check-changes.js';
import { checkDays } from './check-days.js';
import { checkLine, readShare, termUnit } from './check-line.js';
import type { CheckedLine } from './check-line.js';
import { checkRenewal } from './check-renewal.js';
import { checkTaxes } from './check-tax.js';
import { readFacts } from './facts.js';
import type { Facts } from './facts.js';
import { checkSamePeriods, checkTermLines, sameShare } from './line-groups.js';
import type { Place, Sheet } from './sheet.js';

const REST_KINDS: Readonly<Record<string, readonly string[]>> = {
  upgrade: ['plan-upgrade'],
  'add-seats': ['added-seats'],
  'upgrade-and-add-seats': ['plan-upgrade', 'added-seats'],
  refund: ['returned-seats'],
};
const TERM_KINDS = ['purchase', 'extension', 'renewal'];
const FREE_KINDS = ['scheduled-change', 'refund'];
const KINDS = [...TERM_KINDS, ...Object.keys(REST_KINDS), 'add-on', 'scheduled-change'];

/** Checks lines and total by the kind of the document, and what it says of days, of what comes next and of what changes. */
export function checkContent(sheet: Sheet, top: Place): void {
  const facts = readFacts(sheet, top);
  const lines = sheet
    .objects(top, 'lines')
    .map((line) => checkLine(sheet, line, { plan: facts.plan, currency: facts.currency }));
  checkTotal(sheet, facts, lines);
  checkTaxes(sheet, top, lines);
  for (const { path, tax } of lines) {
    // What goes back was taxed when it was paid; all else is taxed by the rule of the day.
    const isAsPaid = tax !== undefined && tax.rule === undefined;
    if (tax !== undefined && isAsPaid !== (facts.kind === 'refund'))
      sheet.note(`${path}.tax.kind`, isAsPaid ? 'a rule of the day' : 'as-paid', tax.rule);
  }
  checkKind(sheet, top, facts, lines);
  checkSamePeriods(sheet, lines);
  checkDays(sheet, facts);
  if (!facts.isWhole) return;
  const next = checkRenewal(sheet, top, facts, lines);
  checkChanges(sheet, top, facts, next);
}

/** The total is the sum; more than nothing where something is to be paid, nothing where nothing is, less where seats are returned. */
function checkTotal(sheet: Sheet, { kind, amountMinor }: Facts, lines: readonly CheckedLine[]): void {
  if (lines.length === 0 && kind !== 'scheduled-change') sheet.note('lines', 'at least one line', 'none');
  if (lines.every((line) => line.amountMinor !== undefined)) {
    const sum = lines.reduce((so, line) => so + (line.amountMinor ?? 0n), 0n);
    sheet.equal('amountMinor', sum, amountMinor);
  }
  if (amountMinor === undefined || kind === undefined) return;
  if (kind === 'refund' && amountMinor >= 0n) sheet.note('amountMinor', 'less than nothing', amountMinor);
  if (!FREE_KINDS.includes(kind) && amountMinor <= 0n) sheet.note('amountMinor', 'more than nothing', amountMinor);
}

function checkKind(sheet: Sheet, top: Place, facts: Facts, lines: readonly CheckedLine[]): void {
  const { kind, basis, seats } = facts;
  if (kind === undefined) return;
  const rest = REST_KINDS[kind];
  if (TERM_KINDS.includes(kind)) checkTermKind(sheet, top, facts, lines);
  else if (rest !== undefined) checkRestKind(sheet, facts, lines, rest);
  else if (kind === 'add-on') checkAddOnKind(sheet, facts, lines);
  else if (kind === 'scheduled-change') for (const line of lines) sheet.note(line.path, 'no line', line.kind);
  else sheet.note('kind', KINDS.join(', '), kind);
  if (basis === undefined || kind === 'renewal') return;
  if (kind !== 'upgrade' && kind !== 'upgrade-and-add-seats') {
    sheet.equal('basis.plan', facts.plan, basis.plan);
    sheet.equal('basis.priceListId', facts.priceListId, basis.priceListId);
  }
  if (kind === 'extension' || kind === 'add-on' || kind === 'scheduled-change')
    sheet.equal('basis.seats', seats, basis.seats);
}

/** A whole term for all seats: one line, and one for each add-on that goes on with it. */
function checkTermKind(sheet: Sheet, top: Place, facts: Facts, lines: readonly CheckedLine[]): void {
  checkTermLines(sheet, lines, facts);
  const [line, ...others] = lines;
  if (line === undefined) return;
  if (facts.kind === 'purchase')
    for (const other of others) sheet.note(other.path, 'one line for the term', other.kind);
  const isQuote = facts.kind === 'purchase' && !('status' in top.fields);
  if (isQuote || 'payMonths' in top.fields) sameShare(sheet, '', line.share, readShare(sheet, top));
  if (isQuote || 'unitPriceMinor' in top.fields)
    sheet.equal('unitPriceMinor', line.monthlyMinor, sheet.amount(top, 'unitPriceMinor'));
  if ('unitMinor' in top.fields)
    sheet.equal('unitMinor', termUnit(line.monthlyMinor, line.share), sheet.amount(top, 'unitMinor'));
}

function checkAddOnKind(sheet: Sheet, { addOn }: Facts, [line, ...others]: readonly CheckedLine[]): void {
  if (line === undefined) return;
  for (const other of others) sheet.note(other.path, 'one line for the add-on', other.kind);
  sheet.equal(`${line.path}.description.kind`, 'add-on', line.kind);
  sheet.equal(`${line.path}.description.addOn`, addOn?.id, line.addOn);
  sheet.equal(`${line.path}.quantity`, addOn?.packages, line.quantity);
  sheet.equal(`${line.path}.description.months`, addOn?.termMonths, line.periodMonths);
}

/** The rest of every paid term: each has the same lines, terms follow each other, all are counted from the same day. */
function checkRestKind(sheet: Sheet, facts: Facts, lines: readonly CheckedLine[], wanted: readonly string[]): void {
  const { kind, startsOn, basis, priceListId } = facts;
  lines.forEach((line, index) => {
    sheet.equal(`${line.path}.description.kind`, wanted[index % wanted.length], line.kind);
    const before = lines[index - (index % wanted.length) - 1];
    if (before?.term !== undefined) sheet.equal(`${line.path}.term.startsOn`, before.term.endsOn, line.term?.startsOn);
    sheet.equal(`${line.path}.quantity`, lines[index % wanted.length]?.quantity, line.quantity);
    // Seats are added to each term at the list that it was sold under; an upgrade has one new price for all of them.
    if (wanted[0] === 'plan-upgrade')
      sheet.equal(`${line.path}.derivation.monthlyMinor`, lines[0]?.monthlyMinor, line.monthlyMinor);
    if (line.kind === 'plan-upgrade') sheet.equal(`${line.path}.description.fromPlan`, basis?.plan, line.fromPlan);
    sheet.equal(`${line.path}.derivation.proration.term.at`, startsOn, line.term?.from);
    if (kind === 'refund' && (line.amountMinor ?? 0n) > 0n) sheet.note(line.path, 'a credit', line.amountMinor);
  });
  if (lines.length % wanted.length !== 0) sheet.note('lines', `${wanted.join(' and ')} for every term`, lines.length);
  const paidUntil = lines.at(-1)?.term?.endsOn;
  if (basis === undefined) sheet.equal('endsOn', paidUntil, facts.endsOn);
  else sheet.equal('basis.endsOn', paidUntil, basis.endsOn);
  if (wanted[0] !== 'plan-upgrade') sheet.equal('basis.priceListId', priceListId, basis?.priceListId);
  checkSeats(sheet, facts, lines.slice(0, wanted.length));
}

/** Seats before and after differ by those that the lines add or return; without a basis the sum can only be bounded. */
function checkSeats(sheet: Sheet, { kind, seats, basis }: Facts, lines: readonly CheckedLine[]): void {
  if (seats === undefined) return;
  const of = (wanted: string): bigint => lines.find((line) => line.kind === wanted)?.quantity ?? 0n;
  const [added, returned] = [of('added-seats'), of('returned-seats')];
  if (basis?.seats !== undefined) sheet.equal('seats', basis.seats + added - returned, seats);
  if (kind === 'add-seats' && seats <= added)
    sheet.note('seats', `more than the ${String(added)} that are added`, seats);
  if (kind === 'upgrade' || kind === 'upgrade-and-add-seats') sheet.equal('seats', of('plan-upgrade') + added, seats);
}
