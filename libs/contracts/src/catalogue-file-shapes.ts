import { z } from 'zod';

const MAX_ENTRIES = 200;

/** A mapping with exactly these fields, which names them when it finds another one. */
export function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `only the fields ${names}` : `a mapping with ${names}`),
  });
}

/** A list of entries of one shape, within bounds. */
export function listOf<Entry extends z.ZodType>(entry: Entry, atLeast: number) {
  const error = `a list of ${String(atLeast)} to ${String(MAX_ENTRIES)} entries`;
  return z.array(entry, { error }).min(atLeast, { error }).max(MAX_ENTRIES, { error });
}

/** Rules between the fields of a mapping are looked at even while single fields are wrong, so that all faults come at once. */
export const hasFields = ({ value }: { readonly value: unknown }): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text of a form; `wanted` tells of it. */
export function textLike(pattern: RegExp, wanted: string) {
  return z.string({ error: wanted }).regex(pattern, { error: wanted });
}

/** A whole number within bounds. */
export function whole(min: number, max: number) {
  const error = `a whole number from ${String(min)} to ${String(max)}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** One of some words. */
export function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `one of ${values.join(', ')}` });
}
