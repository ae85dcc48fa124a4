import type { Log } from '@billfleet/platform';
import { staffEntries } from '@billfleet/store';
import type { EntryOutcome, Queryable } from '@billfleet/store';
import { HttpException } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catchError, from, map, mergeMap, Observable } from 'rxjs';
import { staffEntryOf } from './api-key.guard.js';
import { ProblemException } from './problem.js';
import { reasonIn } from './staff-note.js';

const SERVER_ERROR = 500;
const ANSWER_LENGTH_MAX = 200;

/**
 * Finishes the entry that was opened for what somebody on the staff asks for. A use case that notes what it did fills the entry in its own
 * transaction; for the others, and for whatever is refused or fails, the entry says here what came of it.
 */
export class StaffEntryKeeper implements NestInterceptor {
  constructor(
    private readonly store: Queryable,
    private readonly log: Log,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const entryId = staffEntryOf(request);
    if (entryId === undefined) return next.handle();
    // Whatever asks for a reason notes it when it does something: where nothing was noted it had been done already.
    const outcome = reasonIn(request.body) === undefined ? 'done' : 'repeated';
    // Where the database is away by now the entry stays as it was opened; whoever asked is told what came of it all the same.
    const close = (outcome: EntryOutcome, answer: string | null): Promise<void> =>
      staffEntries.closeEntry(this.store, entryId, { outcome, answer }).catch((error: unknown) => {
        this.log.warn({ err: error, entryId, outcome }, 'what came of a request of staff could not be noted');
      });
    // The handler starts when somebody subscribes, and what it starts belongs to the entry.
    const within = new Observable<unknown>((subscriber) =>
      staffEntries.withinEntry(entryId, () => next.handle().subscribe(subscriber)),
    );
    return within.pipe(
      mergeMap((answer: unknown) => from(close(outcome, null)).pipe(map(() => answer))),
      catchError(async (error: unknown) => {
        await close(...endOf(error));
        throw error;
      }),
    );
  }
}

function endOf(error: unknown): readonly [EntryOutcome, string | null] {
  const isRefusal = error instanceof HttpException && error.getStatus() < SERVER_ERROR;
  const codes = error instanceof ProblemException ? error.faults.map(({ code }) => code).join(', ') : null;
  return [isRefusal ? 'refused' : 'failed', codes?.slice(0, ANSWER_LENGTH_MAX) ?? null];
}
