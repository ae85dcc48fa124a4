import { memberRoles, memberStatuses } from '@billfleet/domain';
import type { Problem as StoredProblem } from '@billfleet/store';
import { HttpException } from '@nestjs/common';
import { z } from 'zod';

/** Problem details (RFC 9457): what was wrong, in which field, what was found and wanted, and whether money moved where that is known. */
export const problemBody = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    field: z.string().optional(),
    found: z.string().optional(),
    wanted: z.string().optional(),
    moneyMoved: z
      .literal(false)
      .optional()
      .meta({ description: 'Left out of 5xx: the answer to a commit may have been lost, so nobody knows.' }),
    requestId: z.string(),
    errors: z
      .array(z.strictObject({ code: z.string(), field: z.string(), found: z.string(), wanted: z.string() }))
      .optional(),
    couldDisable: z
      .array(
        z.strictObject({
          externalId: z.string(),
          displayName: z.string(),
          role: z.enum(memberRoles),
          status: z.enum(memberStatuses),
        }),
      )
      .optional()
      .meta({ description: 'Of `seats_in_use`: members who could be disabled, 20 at most.' }),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.output<typeof problemBody>;

/** One thing that is wrong with a request. */
export type Fault = { readonly code: string; readonly field: string; readonly found: string; readonly wanted: string };

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  401: 'Credentials are missing or wrong',
  403: 'This is not allowed',
  404: 'There is no such thing',
  409: 'The present state does not allow this',
  413: 'The request is too large',
  415: 'The content type is not supported',
  422: 'The request cannot be carried out',
  429: 'Too many requests',
  503: 'The service is away for the moment',
};

/** A refusal on its way to the caller. */
export class ProblemException extends HttpException {
  constructor(
    readonly httpStatus: number,
    readonly faults: readonly [Fault, ...Fault[]],
    /** What the body says besides the faults. */
    readonly more: Pick<StoredProblem, 'couldDisable'> = {},
  ) {
    super(faults[0].code, httpStatus);
  }

  /** A refusal of a use case. */
  static of(problem: StoredProblem): ProblemException {
    const { status, code, field, found, wanted, couldDisable } = problem;
    return new ProblemException(
      status,
      [{ code, field, found, wanted }],
      couldDisable === undefined ? {} : { couldDisable },
    );
  }
}

/** Writes the body. Nothing of a request that is refused has been carried out, so money never moved; of one that failed nobody knows. */
export function writeProblem(status: number, faults: readonly Fault[], requestId: string): ProblemBody {
  const [first, ...others] = faults;
  const title = TITLES[status] ?? 'Something went wrong on our side';
  const code = first?.code ?? 'internal_error';
  return {
    type: `/errors#${code}`,
    title,
    status,
    code,
    detail:
      first === undefined
        ? title
        : `${first.field === '' ? 'request' : first.field}: found ${first.found}, wanted ${first.wanted}`,
    ...(first === undefined ? {} : { field: first.field, found: first.found, wanted: first.wanted }),
    ...(status < 500 ? { moneyMoved: false as const } : {}),
    requestId,
    ...(others.length === 0 ? {} : { errors: [...faults] }),
  };
}
