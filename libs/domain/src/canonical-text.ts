import { InvariantError } from './invariant.js';

/** What objects have in common whose keys were written in the same order: in which order to take them, and the text before each value. */
type Shape = { readonly order: readonly number[]; readonly leads: readonly string[] };

/** The keys of an object up to here. What came next the last time is tried first, since objects of one kind follow each other. */
class Path {
  readonly next = new Map<string, Path>();
  lastKey: string | undefined;
  lastPath: Path | undefined;
  shape: Shape | undefined;
}

/** Keys that are kept; far more than the code can write, and an end to what data could make of it. */
const MAX_PATHS = 10_000;

/**
 * Every order of keys that was seen, as a tree. Sorting and quoting the same few keys again for each object of each quote would cost more
 * than all that is priced. Nobody can see from outside that they are kept.
 */
let root = new Path();
let paths = 0;

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
  let path = root;
  const values: unknown[] = [];
  for (const key in fields) {
    if (!Object.hasOwn(fields, key)) continue;
    path = path.lastKey === key && path.lastPath !== undefined ? path.lastPath : step(path, key);
    values.push(fields[key]);
  }
  const { order, leads } = (path.shape ??= shapeOf(Object.keys(fields)));
  let text = '{';
  for (let nth = 0; nth < order.length; nth += 1) text += `${leads[nth]}${canonicalText(values[order[nth] ?? 0])}`;
  return `${text}}`;
}

function step(path: Path, key: string): Path {
  let next = path.next.get(key);
  if (next === undefined) {
    paths += 1;
    if (paths > MAX_PATHS) {
      // Whoever is on the way through the old tree goes on in it, and it is forgotten with him.
      root = new Path();
      paths = 0;
    }
    next = new Path();
    path.next.set(key, next);
  }
  path.lastKey = key;
  path.lastPath = next;
  return next;
}

function shapeOf(written: readonly string[]): Shape {
  const order = written
    .map((_, nth) => nth)
    .sort((left, right) => ((written[left] ?? '') < (written[right] ?? '') ? -1 : 1));
  return { order, leads: order.map((key, nth) => `${nth === 0 ? '' : ','}${JSON.stringify(written[key])}:`) };
}
