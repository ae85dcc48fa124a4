import { createHash } from 'node:crypto';
import { checkLine, readShare, termUnit } from './check-line.js';
import type { CheckedLine, PaidShare } from './check-line.js';
import { isFields, Sheet } from './sheet.js';
import type { Difference, Fields, Place } from './sheet.js';

export type { Difference } from './sheet.js';

/** Fields that the API adds around a quote; the hash covers all others. */
const AROUND = new Set(['id', 'workspaceId', 'installments', 'hash', 'expiresAt']);
const REST_KINDS = ['upgrade', 'add-seats', 'upgrade-and-add-seats'];
const TERM_KINDS = ['purchase', 'extension', 'renewal'];

/**
 * Checks a quote or an order (it has a `status`), as the API answers it, against nothing but itself: each line from its
 * derivation, the total from the lines, instalments from the total, a quote's hash from its content. Shares no code with
 * the engine. Answers every difference; none means that each cent is explained.
 */
export function checkPriced(document: unknown): readonly Difference[] {
  const sheet = new Sheet();
  if (!isFields(document)) {
    sheet.note('(document)', 'a quote or an order as a JSON object', document);
    return sheet.differences;
  }
  const top: Place = { path: '', fields: document };
  checkContent(sheet, top);
  if ('status' in document) sheet.count(top, 'installments');
  else {
    checkHash(sheet, top);
    if ('installments' in document) checkInstallments(sheet, top);
  }
  sheet.noteUnexplained(document);
  return sheet.differences;
}

/** Compares an order with the quote that it was made from: it charges what was quoted, to the cent. */
export function checkOrderOfQuote(order: Fields, quote: Fields): readonly Difference[] {
  const sheet = new Sheet();
  for (const name of ['kind', 'plan', 'seats', 'periodMonths', 'currency', 'amountMinor', 'lines']) {
    sheet.equal(`${name}, as in the quote`, canonical(quote[name]), canonical(order[name]));
  }
  return sheet.differences;
}

/**
 * JSON without white space, keys in the order of their UTF-16 code units, so that equal content has equal text
 * (docs/reference/quote-format.md).
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isFields(value)) return value === undefined ? 'null' : JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

function checkHash(sheet: Sheet, top: Place): void {
  const content = Object.fromEntries(Object.entries(top.fields).filter(([name]) => !AROUND.has(name)));
  const hash = createHash('sha256').update(canonical(content)).digest('hex');
  sheet.equal('hash', hash, sheet.text(top, 'hash'));
}

function checkContent(sheet: Sheet, top: Place): void {
  const [kind, plan, currency] = [sheet.text(top, 'kind'), sheet.text(top, 'plan'), sheet.text(top, 'currency')];
  const lines = sheet.objects(top, 'lines').map((line) => checkLine(sheet, line, { plan, currency }));
  if (lines.length === 0) sheet.note('lines', 'at least one line', 'none');
  const total = sheet.amount(top, 'amountMinor');
  if (lines.every((line) => line.amountMinor !== undefined)) {
    const sum = lines.reduce((so, line) => so + (line.amountMinor ?? 0n), 0n);
    sheet.equal('amountMinor', sum, total);
  }
  const seats = sheet.count(top, 'seats');
  if (kind !== undefined && TERM_KINDS.includes(kind)) checkTermKind(sheet, top, lines, seats);
  else if (kind !== undefined && REST_KINDS.includes(kind)) checkRestKind(sheet, top, lines, seats);
  else sheet.note('kind', [...TERM_KINDS, ...REST_KINDS].join(', '), kind);
  if ('atRenewal' in top.fields) checkRenewal(sheet, top, lines, seats);
}

/** A whole term for all seats: one line. What the document repeats of it is the same there. */
function checkTermKind(sheet: Sheet, top: Place, lines: readonly CheckedLine[], seats: bigint | undefined): void {
  const [line, ...others] = lines;
  if (line === undefined) return;
  for (const other of others) sheet.note(other.path, 'one line for the term', other.kind);
  sheet.equal(`${line.path}.description.kind`, 'plan-seats', line.kind);
  sheet.equal(`${line.path}.quantity`, seats, line.quantity);
  sheet.equal(`${line.path}.description.periodMonths`, sheet.count(top, 'periodMonths'), line.periodMonths);
  if ('payMonths' in top.fields) sameShare(sheet, '', line.share, readShare(sheet, top));
  if ('unitPriceMinor' in top.fields)
    sheet.equal('unitPriceMinor', line.monthlyMinor, sheet.amount(top, 'unitPriceMinor'));
  if ('unitMinor' in top.fields)
    sheet.equal('unitMinor', termUnit(line.monthlyMinor, line.share), sheet.amount(top, 'unitMinor'));
}

function sameShare(sheet: Sheet, path: string, wanted: PaidShare | undefined, found: PaidShare | undefined): void {
  sheet.equal(`${path}payMonths`, wanted?.payMonths, found?.payMonths);
  sheet.equal(`${path}percentOff`, wanted?.percentOff, found?.percentOff);
}

/** The rest of every paid term: each has the same lines, terms follow each other, all are charged from the same day. */
function checkRestKind(sheet: Sheet, top: Place, lines: readonly CheckedLine[], seats: bigint | undefined): void {
  const kind = top.fields['kind'];
  const wanted = [...(kind === 'add-seats' ? [] : ['plan-upgrade']), ...(kind === 'upgrade' ? [] : ['added-seats'])];
  lines.forEach((line, index) => {
    sheet.equal(`${line.path}.description.kind`, wanted[index % wanted.length], line.kind);
    const before = lines[index - (index % wanted.length) - 1];
    if (before?.term !== undefined) sheet.equal(`${line.path}.term.startsOn`, before.term.endsOn, line.term?.startsOn);
    const same = lines[index % wanted.length];
    sheet.equal(`${line.path}.quantity`, same?.quantity, line.quantity);
    sheet.equal(`${line.path}.derivation.monthlyMinor`, same?.monthlyMinor, line.monthlyMinor);
    if ('startsOn' in top.fields)
      sheet.equal(`${line.path}.derivation.proration.term.at`, sheet.text(top, 'startsOn'), line.term?.from);
  });
  if (lines.length % wanted.length !== 0) sheet.note('lines', `${wanted.join(' and ')} for every term`, lines.length);
  if ('endsOn' in top.fields) sheet.equal('endsOn', lines.at(-1)?.term?.endsOn, sheet.text(top, 'endsOn'));
  checkSeats(sheet, lines.slice(0, wanted.length), kind, seats);
}

function checkSeats(sheet: Sheet, lines: readonly CheckedLine[], kind: unknown, seats: bigint | undefined): void {
  const named = lines.reduce((sum, line) => sum + (line.quantity ?? 0n), 0n);
  if (seats === undefined) return;
  if (kind !== 'add-seats') sheet.equal('seats', named, seats);
  // How many seats there were before is not part of a line, so the sum can only be bounded.
  else if (seats <= named) sheet.note('seats', `more than the ${String(named)} that are added`, seats);
}

/** The next term: all seats at the monthly price of the lines, by a derivation of its own. */
function checkRenewal(sheet: Sheet, top: Place, lines: readonly CheckedLine[], seats: bigint | undefined): void {
  const renewal = sheet.object(top, 'atRenewal');
  if (renewal === undefined) return;
  sheet.onlyFields(renewal, ['on', 'amountMinor', 'derivation']);
  if ('endsOn' in top.fields) sheet.equal('atRenewal.on', sheet.text(top, 'endsOn'), sheet.text(renewal, 'on'));
  const amount = sheet.amount(renewal, 'amountMinor');
  const derivation = sheet.object(renewal, 'derivation');
  if (derivation === undefined) return;
  sheet.onlyFields(derivation, ['seats', 'monthlyMinor', 'payMonths', 'percentOff']);
  const monthlyMinor = sheet.amount(derivation, 'monthlyMinor');
  const share = readShare(sheet, derivation);
  const unitMinor = termUnit(monthlyMinor, share);
  sheet.equal('atRenewal.derivation.seats', seats, sheet.count(derivation, 'seats'));
  sheet.equal('atRenewal.derivation.monthlyMinor', lines[0]?.monthlyMinor, monthlyMinor);
  if (seats !== undefined && unitMinor !== undefined) sheet.equal('atRenewal.amountMinor', seats * unitMinor, amount);
  const period = sheet.count(top, 'periodMonths');
  const samePeriod = lines.find((line) => line.periodMonths !== undefined && line.periodMonths === period);
  sameShare(sheet, 'atRenewal.derivation.', samePeriod?.share, share);
}

/** 1, 2, 3 … parts; each equal, with what does not divide on the first. */
function checkInstallments(sheet: Sheet, top: Place): void {
  const total = sheet.amount(top, 'amountMinor');
  sheet.objects(top, 'installments').forEach((option, index) => {
    const parts = BigInt(index + 1);
    sheet.onlyFields(option, ['count', 'amountsMinor']);
    sheet.equal(`${option.path}.count`, parts, sheet.count(option, 'count'));
    sheet.explain(`${option.path}.amountsMinor`);
    if (total === undefined) return;
    const share = total / parts;
    const wanted = Array.from({ length: index + 1 }, (_, nth) =>
      String(nth === 0 ? total - share * (parts - 1n) : share),
    );
    sheet.equal(`${option.path}.amountsMinor`, JSON.stringify(wanted), canonical(option.fields['amountsMinor']));
  });
}
