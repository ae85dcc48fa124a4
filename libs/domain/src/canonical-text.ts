import { InvariantError } from './invariant.js';

/** What objects have in common whose keys were written in the same order: the sorted keys, and the text before each value. */
type Shape = {
  readonly written: readonly string[];
  readonly keys: readonly string[];
  readonly leads: readonly string[];
};

/** Shapes that are kept; far more than the code can make, and an end to what data could make of it. */
const MAX_SHAPES = 2_000;

/**
 * Shapes by the keys in the order in which they were written. Sorting and quoting the same few keys again for each object of each
 * quote would cost more than all that is priced. Nobody can see from outside that they are kept.
 */
const shapes = new Map<string, Shape>();

/**
 * Writes a value as one text that is the same for equal values: JSON with sorted keys (by their UTF-16 code units), no white space,
 * and bigint as decimal-integer strings.
 * @throws InvariantError for what JSON cannot hold, `undefined` as well: whoever hashes the text must not lose a field unnoticed.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (value === null) return 'null';
  if (Array.isArray(value)) return listText(value);
  if (typeof value === 'object') return objectText(value as Readonly<Record<string, unknown>>);
  throw new InvariantError(`no canonical text holds such a value of type ${typeof value}`);
}

function listText(values: readonly unknown[]): string {
  let text = '[';
  for (const value of values) text += text === '[' ? canonicalText(value) : `,${canonicalText(value)}`;
  return `${text}]`;
}

function objectText(fields: Readonly<Record<string, unknown>>): string {
  const { keys, leads } = shapeOf(Object.keys(fields));
  let text = '{';
  for (let nth = 0; nth < keys.length; nth += 1) text += `${leads[nth]}${canonicalText(fields[keys[nth] ?? ''])}`;
  return `${text}}`;
}

function shapeOf(written: readonly string[]): Shape {
  const name = written.join(',');
  const known = shapes.get(name);
  // A comma inside of a key could make two shapes look alike.
  if (known !== undefined && areEqual(known.written, written)) return known;
  const keys = [...written].sort((left, right) => (left < right ? -1 : 1));
  const leads = keys.map((key, nth) => `${nth === 0 ? '' : ','}${JSON.stringify(key)}:`);
  const made = { written, keys, leads };
  if (shapes.size >= MAX_SHAPES) shapes.clear();
  shapes.set(name, made);
  return made;
}

function areEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, nth) => text === right[nth]);
}
