import type { z } from 'zod';

/** One field that does not fit its contract. */
export type InvalidField = { readonly field: string; readonly found: string; readonly wanted: string };

/** The data does not fit the contract: nothing was sent. Lists every field at once. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';

  constructor(
    readonly operation: string,
    readonly fields: readonly InvalidField[],
  ) {
    super(
      `${operation}: ${fields.map((one) => `${one.field === '' ? 'data' : one.field}: found ${one.found}, wanted ${one.wanted}`).join('; ')}`,
    );
  }
}

/** Reads data by a contract's schema; @throws ValidationError with every field that does not fit. */
export function validate<Schema extends z.ZodType>(operation: string, schema: Schema, data: unknown): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ValidationError(
    operation,
    parsed.error.issues.flatMap((issue) => fieldsOf(issue, data)),
  );
}

const fieldsOf = (issue: z.core.$ZodIssue, data: unknown): InvalidField[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      found: 'an unknown field',
      wanted: 'no such field',
    }));
  const found = issue.path.some((part) => PRIVATE.has(part)) ? 'a value that is not repeated here' : undefined;
  return [{ field: issue.path.join('.'), found: found ?? describe(at(data, issue.path)), wanted: issue.message }];
};

/** What no error repeats, since errors end up in logs. */
const PRIVATE: ReadonlySet<PropertyKey> = new Set(['taxId', 'taxNumber', 'token']);

const at = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined),
    data,
  );

/** What was found, short enough for a log; long texts may be personal, so only their length is told. */
const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return value.length > 40 ? `a text of ${String(value.length)} characters` : `"${value}"`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
};
