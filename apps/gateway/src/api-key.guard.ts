import { mayAct, mayDo, parsePerson } from '@billfleet/billing';
import type { ApiKeys, Caller } from '@billfleet/billing';
import type { Scope } from '@billfleet/contracts';
import { mayRole, rolesFor } from '@billfleet/domain';
import type { Action, Role } from '@billfleet/domain';
import type { StaffNote } from '@billfleet/store';
import { createParamDecorator, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FailedLogins } from './failed-logins.js';
import type { PageLogin } from './page-login.js';
import { ProblemException } from './problem.js';
import { noteOf } from './staff-note.js';
import { isBySupport } from './support-address.js';

/** The scope that a route needs, or `open` for routes that check in their own way. A route without it is refused. */
export const Needs = Reflector.createDecorator<Scope | 'open'>();

/** What a route does, which the caller's role must allow beside the scope. A route that does not say it is for admins alone. */
export const Does = Reflector.createDecorator<Action>();

/** The least that a route can be about when it does not say what it does: nobody but admins may do it. */
const UNSAID: Action = 'manage-keys';

type WithCaller = FastifyRequest & { caller?: Caller; staffEntry?: string };

/** The caller of a request that passed the guard. */
export const TheCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The entry in which what a request does is on record; undefined where nobody on the staff asks for a change. */
export const staffEntryOf = (request: FastifyRequest): string | undefined => (request as WithCaller).staffEntry;

/** The same for a handler that takes the request itself. */
export function callerOf(request: FastifyRequest): Caller {
  const { caller } = request as WithCaller;
  if (caller === undefined) throw new ProblemException(401, [UNKNOWN]);
  return caller;
}

const UNKNOWN = {
  code: 'api_key_invalid',
  field: 'Authorization',
  found: 'no usable API key',
  wanted: 'Bearer bf_… with a key that is neither revoked nor past its end',
};

/** Opens an entry for what staff ask for, and answers its id. */
export type OpenStaffEntry = (note: StaffNote) => Promise<string>;

const OVER = {
  code: 'session_ended',
  field: 'Cookie',
  found: 'no session that goes on',
  wanted: 'a new session: open the billing page from the host product, or sign in again',
};

/** Lets callers in by their API key, or by the session of one of our pages; whatever declares no scope is closed. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeys,
    private readonly failures: FailedLogins,
    private readonly logins: { readonly page: PageLogin; readonly support: PageLogin },
    private readonly openEntry: OpenStaffEntry,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The type says that it is always there; a route that forgot to say what it needs proves otherwise.
    const needed = this.reflector.getAllAndOverride(Needs, [context.getHandler(), context.getClass()]) as
      Scope | 'open' | undefined;
    if (needed === 'open') return true;
    const request = context.switchToHttp().getRequest<WithCaller>();
    this.checkFailures(request, context.switchToHttp().getResponse<FastifyReply>());
    const page = this.pageOf(request);
    const isByPage = page !== undefined;
    const caller = isByPage
      ? await page.authenticate(request)
      : await this.keys.authenticate(request.headers.authorization);
    if (caller === undefined) {
      this.failures.record(request.ip);
      throw new ProblemException(401, [isByPage ? OVER : UNKNOWN]);
    }
    const acting = { ...caller, ...personOf(request, caller) };
    const action =
      (this.reflector.getAllAndOverride(Does, [context.getHandler(), context.getClass()]) as Action | undefined) ??
      UNSAID;
    // Who came by a page is told of roles, which people have, and not of scopes, which keys have.
    if (isByPage) checkRole(acting, action);
    checkScope(caller, needed ?? 'admin');
    checkRole(acting, action);
    request.caller = acting;
    const note = noteOf(request, acting);
    if (note !== undefined) request.staffEntry = await this.openEntry(note);
    return true;
  }

  /** By which page somebody comes: staff by an address of their own, where nothing but their cookie counts. Undefined for keys. */
  private pageOf(request: FastifyRequest): PageLogin | undefined {
    if (isBySupport(request)) return this.logins.support;
    return this.logins.page.isMeant(request) ? this.logins.page : undefined;
  }

  /** Before the database is asked. Keys in use go on: others may share their address with somebody who guesses. */
  private checkFailures(request: FastifyRequest, reply: FastifyReply): void {
    const waitSeconds = this.failures.waitSeconds(request.ip);
    if (waitSeconds === 0) return;
    // A known session is no leave to guess keys.
    const isKnown = this.pageOf(request)?.knows(request) ?? this.keys.knows(request.headers.authorization);
    if (isKnown) return;
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

const PERSON_HEADER = 'Billfleet-Actor';
const ACTS_FOR_PEOPLE: ReadonlySet<string> = new Set<Role>(['service', 'operator', 'admin']);

/** The person for whom a service calls. Its power for this request is then no more than that of the person's role. */
function personOf({ headers }: FastifyRequest, caller: Caller): Pick<Caller, 'person'> {
  const header = headers['billfleet-actor'];
  if (header === undefined) return {};
  const person = typeof header === 'string' ? parsePerson(header) : undefined;
  if (person === undefined) {
    throw new ProblemException(400, [
      {
        code: 'actor_invalid',
        field: PERSON_HEADER,
        found: String(header).slice(0, 80),
        wanted: '<your id of the person>; role=workspace-admin, billing-contact or member',
      },
    ]);
  }
  if (!ACTS_FOR_PEOPLE.has(caller.role)) {
    throw new ProblemException(403, [
      {
        code: 'actor_not_allowed',
        field: PERSON_HEADER,
        found: `the role ${caller.role}`,
        wanted: 'the role service, operator or admin: others act for nobody but themselves',
      },
    ]);
  }
  return { person };
}

/** Refuses what a key has no scope for. */
function checkScope(caller: Caller, needed: Scope): void {
  if (mayDo(caller, needed)) return;
  throw new ProblemException(403, [
    {
      code: 'scope_missing',
      field: 'Authorization',
      found: `a key with ${caller.scopes.join(', ')}`,
      wanted: `a key with the scope ${needed}`,
    },
  ]);
}

/** Refuses what a role does not allow, and names the roles that do. */
function checkRole(caller: Caller, action: Action): void {
  if (mayAct(caller, action)) return;
  const { role, person, page } = caller;
  const isKey = person === undefined || !mayRole(role, action);
  throw new ProblemException(403, [
    {
      code: 'role_missing',
      field: page !== undefined ? 'Cookie' : isKey ? 'Authorization' : PERSON_HEADER,
      found: `the role ${isKey ? role : person.role}`,
      wanted: `the role ${rolesFor(action).join(' or ')}`,
    },
  ]);
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
