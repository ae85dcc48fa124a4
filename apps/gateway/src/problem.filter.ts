import { BatchOverflowError } from '@billfleet/contracts';
import type { Log } from '@billfleet/platform';
import { isConnectionFault } from '@billfleet/store';
import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemException, writeProblem } from './problem.js';
import type { Fault } from './problem.js';

const AWAY: Fault = {
  code: 'service_unavailable',
  field: '',
  found: 'the database is away',
  wanted: 'the same request again, with the same key',
};
const BUSY: Fault = {
  code: 'too_busy',
  field: '',
  found: 'too many requests in hand',
  wanted: 'the same request again in a second, with the same key',
};

/** What the parsers of the HTTP server refuse before any of our code runs. */
const PARSER_FAULTS: Readonly<Record<string, Fault & { readonly status: number }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'body_too_large',
    field: '',
    found: 'a body over 256 KB',
    wanted: 'a body of at most 262144 bytes',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'media_type_unsupported',
    field: 'Content-Type',
    found: 'another type',
    wanted: 'application/json',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'json_invalid',
    field: '',
    found: 'an empty body',
    wanted: 'a JSON object',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    status: 400,
    code: 'json_invalid',
    field: '',
    found: 'text that is not JSON',
    wanted: 'a JSON object',
  },
};

/** Turns every error into problem details. What is inside an unexpected error is logged, never shown. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, faults } = this.read(error, request);
    if (status === 401) void reply.header('www-authenticate', 'Bearer realm="billfleet"');
    if ((status === 503 || status === 429) && !reply.hasHeader('retry-after')) void reply.header('retry-after', '1');
    void reply
      .status(status)
      .type('application/problem+json')
      .send({ ...writeProblem(status, faults, request.id), ...(error instanceof ProblemException ? error.more : {}) });
  }

  private read(error: unknown, request: FastifyRequest): { status: number; faults: readonly Fault[] } {
    if (error instanceof ProblemException) return { status: error.httpStatus, faults: error.faults };
    if (error instanceof BatchOverflowError) return { status: 503, faults: [BUSY] };
    if (isConnectionFault(error)) {
      this.log.warn({ err: error, requestId: request.id }, 'PostgreSQL is away');
      return { status: 503, faults: [AWAY] };
    }
    const parserFault = parserFaultOf(error);
    if (parserFault !== undefined)
      return { status: parserFault.status, faults: [parserFault].map(({ status: _, ...fault }) => fault) };
    const status = statusOf(error);
    if (status === 404)
      return {
        status,
        faults: [
          {
            code: 'not_found',
            field: 'path',
            found: request.url.split('?')[0]?.slice(0, 200) ?? '',
            wanted: 'a path of this API',
          },
        ],
      };
    if (status < 500)
      return {
        status,
        faults: [
          {
            code: 'request_invalid',
            field: '',
            found: error instanceof Error ? error.message.slice(0, 200) : '',
            wanted: 'a valid request',
          },
        ],
      };
    this.log.error({ err: error, requestId: request.id }, 'request failed');
    return {
      status: 500,
      faults: [
        {
          code: 'internal_error',
          field: '',
          found: 'an error on our side',
          wanted: 'the same request again, with the same key',
        },
      ],
    };
  }
}

/** Nest passes what the parsers throw on as the cause of an exception of its own. */
function parserFaultOf(error: unknown): (Fault & { readonly status: number }) | undefined {
  const thrown = error instanceof HttpException ? error.cause : error;
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const known = 'code' in thrown ? PARSER_FAULTS[String(thrown.code)] : undefined;
  // A body with `__proto__` or a constructor in it comes as a plain SyntaxError.
  const isSyntax = 'name' in thrown && thrown.name === 'SyntaxError';
  return known ?? (isSyntax ? PARSER_FAULTS['FST_ERR_CTP_INVALID_JSON_BODY'] : undefined);
}

const statusOf = (error: unknown): number => {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number')
    return error.statusCode;
  return 500;
};
