import type { Place, Sheet } from './sheet.js';

/** What a change was priced against. */
export type Basis = {
  readonly plan: string | undefined;
  readonly seats: bigint | undefined;
  readonly priceListId: string | undefined;
  readonly endsOn: string | undefined;
};

/** The packages that a document is about. */
export type Packages = {
  readonly id: string | undefined;
  readonly packages: bigint | undefined;
  readonly termMonths: bigint | undefined;
  readonly endsOn: string | undefined;
};

/** What a document says besides its lines; undefined where it says nothing, which was noted where it must. */
export type Facts = {
  readonly kind: string | undefined;
  readonly plan: string | undefined;
  readonly seats: bigint | undefined;
  readonly periodMonths: bigint | undefined;
  readonly priceListId: string | undefined;
  readonly currency: string | undefined;
  readonly amountMinor: bigint | undefined;
  readonly startsOn: string | undefined;
  readonly endsOn: string | undefined;
  readonly anchorOn: string | undefined;
  readonly trialDaysAdded: bigint | undefined;
  readonly basis: Basis | undefined;
  readonly addOn: Packages | undefined;
  /** Whether it tells its days, what comes next and what changes: every quote does, and an order need not. */
  readonly isWhole: boolean;
};

const WHOLE = ['startsOn', 'endsOn', 'anchorOn', 'trialDaysAdded', 'atRenewal', 'changes'];

/** Reads what a document says, and notes what is missing. */
export function readFacts(sheet: Sheet, top: Place): Facts {
  const { fields } = top;
  const kind = sheet.text(top, 'kind');
  const isOrder = 'status' in fields;
  const isPurchase = kind === 'purchase';
  // A quote of a purchase from before there were changes has its line and nothing else.
  const isPlain = isPurchase && !WHOLE.some((name) => name in fields);
  const isWhole = !isOrder && !isPlain;
  const day = (name: string): string | undefined => (isWhole || has(top, name) ? sheet.text(top, name) : undefined);
  const needsBasis = !isOrder && !isPurchase;
  if (isPurchase && has(top, 'basis')) sheet.note('basis', 'nothing, since a purchase has none', fields['basis']);
  if (kind !== 'add-on' && has(top, 'addOn')) sheet.note('addOn', 'nothing but for an add-on', fields['addOn']);
  return {
    kind,
    plan: sheet.text(top, 'plan'),
    seats: sheet.count(top, 'seats'),
    periodMonths: sheet.count(top, 'periodMonths'),
    priceListId: day('priceListId'),
    currency: sheet.text(top, 'currency'),
    amountMinor: sheet.amount(top, 'amountMinor'),
    startsOn: day('startsOn'),
    endsOn: day('endsOn'),
    anchorOn: day('anchorOn'),
    trialDaysAdded: isWhole && isPurchase ? sheet.count(top, 'trialDaysAdded') : undefined,
    basis: needsBasis || has(top, 'basis') ? readBasis(sheet, top) : undefined,
    addOn: kind === 'add-on' && (needsBasis || has(top, 'addOn')) ? readPackages(sheet, top, isOrder) : undefined,
    isWhole,
  };
}

/** Whether a field says something; an order from a table writes null where a quote leaves a field out. */
function has({ fields }: Place, name: string): boolean {
  return Object.hasOwn(fields, name) && fields[name] !== null;
}

function readBasis(sheet: Sheet, top: Place): Basis | undefined {
  const at = sheet.object(top, 'basis');
  if (at === undefined) return undefined;
  sheet.onlyFields(at, ['plan', 'seats', 'priceListId', 'endsOn']);
  return {
    plan: sheet.text(at, 'plan'),
    seats: sheet.count(at, 'seats'),
    priceListId: sheet.text(at, 'priceListId'),
    endsOn: sheet.text(at, 'endsOn'),
  };
}

function readPackages(sheet: Sheet, top: Place, isOrder: boolean): Packages | undefined {
  const at = sheet.object(top, 'addOn');
  if (at === undefined) return undefined;
  sheet.onlyFields(at, ['id', 'packages', 'termMonths', 'endsOn']);
  return {
    id: sheet.text(at, 'id'),
    packages: sheet.count(at, 'packages'),
    termMonths: sheet.count(at, 'termMonths'),
    endsOn: isOrder && !has(at, 'endsOn') ? undefined : sheet.text(at, 'endsOn'),
  };
}
