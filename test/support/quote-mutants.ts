import { createHash } from 'node:crypto';
import { canonicalJson } from '@billfleet/contracts';
import type { Json } from '@billfleet/contracts';
import type { JsonFields } from './random-quotes.js';

const AROUND = ['id', 'workspaceId', 'installments', 'detailsNeeded', 'hash', 'expiresAt'];

/** The same document with a hash that fits, so that only the arithmetic can give a change away. */
export function hashedAnew(document: JsonFields): JsonFields {
  const content = Object.fromEntries(Object.entries(document).filter(([name]) => !AROUND.includes(name)));
  return {
    ...document,
    hash: createHash('sha256')
      .update(canonicalJson(content as Json))
      .digest('hex'),
  };
}

/** The order that a quote becomes. */
export const orderOf = (quote: JsonFields): JsonFields => ({
  id: '0190a000-0000-7000-8000-000000000003',
  number: '1001',
  status: 'paid',
  installments: 1,
  attempts: [],
  taxMinor: quote['taxMinor'] ?? '0',
  ...Object.fromEntries(
    ['kind', 'plan', 'seats', 'periodMonths', 'currency', 'amountMinor', 'lines', 'basis', 'addOn'].map((name) => [
      name,
      // An order from the table of orders has null where its quote has nothing.
      quote[name] ?? null,
    ]),
  ),
});

/** The same change with a hash that fits. */
export const rehashed = ({ path: where, document }: Mutant): Mutant => ({
  path: where,
  document: hashedAnew(document),
});

/** Days of a trial may lengthen a term, so one month less is told by the hash alone. */
export const isArithmetic = (one: Mutant): boolean => !one.path.endsWith('term.periodMonths');

/** What only the hash can tell, because nothing else in the document depends on it. */
export const isFree = ({ path: where, document }: Mutant): boolean => {
  const kind = String(document['kind']);
  // The period of before stands nowhere but in the change that tells it.
  const isPeriod =
    /^changes\[\d\]\.from$/.test(where) && JSON.stringify(document['changes']).includes('"what":"period"');
  const isAllReturned = document['seats'] === 0 && where === 'periodMonths';
  const isAnchor = where === 'anchorOn';
  return isPeriod || isAllReturned || isAnchor || (kind === 'scheduled-change' && where === 'startsOn');
};

/** A document that was changed, and where. */
export type Mutant = { readonly path: string; readonly document: JsonFields };

/** Every document that differs from this one in exactly one leaf below a field. */
export function mutantsOf(document: JsonFields, below: string, mutate: (leaf: unknown) => unknown[]): Mutant[] {
  const build = (value: unknown, where: string): { path: string; value: unknown }[] => {
    if (Array.isArray(value))
      return value.flatMap((item, index) =>
        build(item, `${where}[${String(index)}]`).map((one) => ({ ...one, value: value.with(index, one.value) })),
      );
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([name, field]) =>
        build(field, `${where}.${name}`).map((one) => ({ ...one, value: { ...value, [name]: one.value } })),
      );
    return mutate(value).map((changed) => ({ path: where, value: changed }));
  };
  if (!(below in document)) return [];
  return build(document[below], below).map((one) => ({
    path: one.path,
    document: { ...document, [below]: one.value },
  }));
}

/** A number one more and one less. */
export const byOne = (leaf: unknown): unknown[] => {
  if (typeof leaf === 'number') return [leaf + 1, leaf - 1];
  return typeof leaf === 'string' && /^-?\d+$/.test(leaf) ? [String(BigInt(leaf) + 1n), String(BigInt(leaf) - 1n)] : [];
};

/** A day, or an instant, a year earlier and later. */
export const anotherDay = (leaf: unknown): unknown[] =>
  typeof leaf === 'string' && /^\d{4}-\d{2}-\d{2}/.test(leaf)
    ? [
        `${String(Number(leaf.slice(0, 4)) - 1)}${leaf.slice(4)}`,
        `${String(Number(leaf.slice(0, 4)) + 1)}${leaf.slice(4)}`,
      ]
    : [];

/** Another name. */
export const renamed = (leaf: unknown): unknown[] => (typeof leaf === 'string' ? [`${leaf}-2`] : []);

/** Nothing at all. */
export const lost = (): unknown[] => [undefined];

/** Every field of a quote besides its lines that something else in it depends on. */
export const otherFields = [
  ...['amountMinor', 'installments', 'unitPriceMinor', 'payMonths', 'seats', 'periodMonths', 'trialDaysAdded'],
  ...['startsOn', 'endsOn', 'anchorOn', 'basis', 'addOn', 'atRenewal', 'changes'],
];

/** Every document that has one more field in an object below a field. */
export function withMore(document: JsonFields, below: string): Mutant[] {
  const build = (value: unknown, where: string): Mutant['document'][] => {
    if (Array.isArray(value))
      return value.flatMap((item, index) =>
        build(item, `${where}[${String(index)}]`).map((one) => value.with(index, one) as unknown as JsonFields),
      );
    if (typeof value !== 'object' || value === null) return [];
    const nested = Object.entries(value).flatMap(([name, field]) =>
      build(field, `${where}.${name}`).map((one) => ({ ...value, [name]: one })),
    );
    return [{ ...value, surplus: 'x' }, ...nested];
  };
  return build(document[below], below).map((one) => ({ path: below, document: { ...document, [below]: one } }));
}

/** Every document that lacks an entry of one of its lists of lines and changes, or has one twice. */
export function recountedOf(document: JsonFields): Mutant[] {
  const { atRenewal, lines, changes, endsOn } = document as { atRenewal?: { lines: unknown[] } } & Record<
    'lines' | 'changes',
    JsonFields[]
  > & { endsOn: string };
  const next = recounted(atRenewal?.lines ?? []).map(({ list }) => ({ atRenewal: { ...atRenewal, lines: list } }));
  const told = recounted(changes)
    // The period of before stands nowhere but in the change that tells it.
    .filter(({ gone }) => gone?.['what'] !== 'period' || gone['on'] === endsOn)
    .map(({ list }) => ({ changes: list }));
  const own = recounted(lines).map(({ list }) => ({ lines: list }));
  return [...next, ...told, ...own].map((change) => ({
    path: JSON.stringify(change),
    document: { ...document, ...change },
  }));
}

function recounted<Entry>(list: readonly Entry[]): { readonly list: Entry[]; readonly gone?: Entry }[] {
  return list.flatMap((entry, index) => [
    { list: list.toSpliced(index, 1), gone: entry },
    { list: list.toSpliced(index, 0, entry) },
  ]);
}
