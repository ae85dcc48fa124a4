/** A value that JSON can carry, plus bigint, which travels as a decimal string. */
export type Json =
  string | number | boolean | bigint | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with sorted keys and without white space, so that equal content has equal text (and an equal hash),
 * whoever wrote it and through whichever door it came. Keys that are undefined are left out.
 */
export function canonicalJson(value: Json): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return `"${value.toString()}"`;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  const fields = Object.entries(value as Record<string, Json>)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
