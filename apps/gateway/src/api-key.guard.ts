import { mayDo } from '@billfleet/billing';
import type { ApiKeys, Caller } from '@billfleet/billing';
import type { Scope } from '@billfleet/contracts';
import { createParamDecorator, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FailedLogins } from './failed-logins.js';
import { ProblemException } from './problem.js';

/** The scope that a route needs, or `open` for routes that check in their own way. A route without it is refused. */
export const Needs = Reflector.createDecorator<Scope | 'open'>();

type WithCaller = FastifyRequest & { caller?: Caller };

/** The caller of a request that passed the guard. */
export const TheCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<WithCaller>();
  if (caller === undefined) throw new ProblemException(401, [UNKNOWN]);
  return caller;
});

const UNKNOWN = {
  code: 'api_key_invalid',
  field: 'Authorization',
  found: 'no usable API key',
  wanted: 'Bearer bf_… with a key that is neither revoked nor past its end',
};

/** Lets callers in by their API key; whatever declares no scope is closed. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeys,
    private readonly failures: FailedLogins,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The type says that it is always there; a route that forgot to say what it needs proves otherwise.
    const needed = this.reflector.getAllAndOverride(Needs, [context.getHandler(), context.getClass()]) as
      Scope | 'open' | undefined;
    if (needed === 'open') return true;
    const request = context.switchToHttp().getRequest<WithCaller>();
    this.checkFailures(request, context.switchToHttp().getResponse<FastifyReply>());
    const caller = await this.keys.authenticate(request.headers.authorization);
    if (caller === undefined) {
      this.failures.record(request.ip);
      throw new ProblemException(401, [UNKNOWN]);
    }
    if (!mayDo(caller, needed ?? 'admin')) {
      throw new ProblemException(403, [
        {
          code: 'scope_missing',
          field: 'Authorization',
          found: `a key with ${caller.scopes.join(', ')}`,
          wanted: `a key with the scope ${needed ?? 'admin'}`,
        },
      ]);
    }
    request.caller = caller;
    return true;
  }

  /** Before the database is asked. Keys in use go on: others may share their address with somebody who guesses. */
  private checkFailures({ ip, headers }: FastifyRequest, reply: FastifyReply): void {
    const waitSeconds = this.failures.waitSeconds(ip);
    if (waitSeconds === 0 || this.keys.knows(headers.authorization)) return;
    void reply.header('retry-after', String(waitSeconds));
    throw new ProblemException(429, [
      {
        code: 'login_limited',
        field: 'Authorization',
        found: 'too many requests without a usable key from this address',
        wanted: `a usable key, in ${String(waitSeconds)} seconds`,
      },
    ]);
  }
}

/** Refuses a caller whose key belongs to another workspace, in the same words as for one that does not exist. */
export function checkTenant(caller: Caller, workspaceId: string, field: string): void {
  if (caller.workspaceId !== null && caller.workspaceId !== workspaceId) throw notFound(field, workspaceId);
}

/** The answer for things that are not there, or not the caller's. */
export const notFound = (field: string, found: string): ProblemException =>
  new ProblemException(404, [
    { code: 'not_found', field, found: found.slice(0, 80), wanted: 'the id of something that this key may see' },
  ]);
