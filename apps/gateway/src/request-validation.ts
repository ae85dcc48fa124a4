import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { ProblemException } from './problem.js';
import type { Fault } from './problem.js';

type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
};

const FAULTS_MAX = 20;

/** Checks parameters against the schema of their contract, strictly: unknown fields are refused, nothing is coerced. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.schema === undefined) return value;
    const result = await metadata.schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    throw problemOf(result.issues, value, metadata.data);
  }
}

/**
 * The body of a request, checked against the schema of its contract as the pipe does it, without a pipe.
 * @throws ProblemException 400 with what is wrong.
 */
export function checkedBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw problemOf(result.error.issues, body);
}

function problemOf(issues: readonly Issue[], value: unknown, name?: string): ProblemException {
  const faults = issues.slice(0, FAULTS_MAX).flatMap((issue) => faultsOf(issue, value, name));
  const [first, ...rest] = faults;
  return new ProblemException(400, [
    first ?? { code: 'field_invalid', field: '', found: shown(value), wanted: 'a valid request' },
    ...rest,
  ]);
}

/** @param name what the value goes by where it is no object: a parameter of the path. */
function faultsOf(issue: Issue, value: unknown, name = ''): Fault[] {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({
      code: 'field_unknown',
      field: [...path, key].join('.'),
      found: 'a field that nobody reads',
      wanted: 'no such field',
    }));
  }
  const found = path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
  return [
    {
      code: found === undefined ? 'field_missing' : 'field_invalid',
      field: path.length === 0 ? name : path.join('.'),
      found: isPrivate(path) && found !== undefined ? 'a value that is not repeated here' : shown(found),
      wanted: issue.message,
    },
  ];
}

/** Tax numbers, and tokens by which something could be charged, are never repeated: answers end up in logs and in tickets. */
const PRIVATE: ReadonlySet<string> = new Set(['taxId', 'taxNumber', 'token']);

const isPrivate = (path: readonly string[]): boolean => path.some((part) => PRIVATE.has(part));

/** A value as an error may repeat it: short. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? 'a list'
        : 'an object'
      : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
