import { requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import type { StaffNote } from '@billfleet/store';
import type { FastifyRequest } from 'fastify';
import { SAFE_METHODS } from './page-login.js';

const TEXT_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 500;
/** PostgreSQL holds neither NUL nor half of a surrogate pair, and nothing of the rest is for people to read. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/gu;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const UNSAID = 'by hand on the support console';

/** They change nothing: they say what something would come to. */
const PREVIEWS: ReadonlySet<string> = new Set(['/v1/quotes', '/v1/contracts/preview']);

/** What the audit log calls things, by how addresses call them. */
const THINGS: Readonly<Record<string, string>> = {
  workspaces: 'workspace',
  orders: 'order',
  refunds: 'refund',
  'customer-credits': 'customer credit',
  chargebacks: 'chargeback',
  contracts: 'contract',
  'enterprise-requests': 'enterprise request',
  work: 'work',
  events: 'event',
};
const THING =
  /\/(workspaces|orders|refunds|customer-credits|chargebacks|contracts|enterprise-requests|work|events)\/([\w-]+)/;

/** What is put on record about a request of somebody on the staff before it is done; undefined where it changes nothing, or comes from others. */
export function noteOf(request: FastifyRequest, caller: Caller): StaffNote | undefined {
  const route = request.routeOptions.url ?? '';
  if (caller.page?.staffId === undefined || SAFE_METHODS.has(request.method) || PREVIEWS.has(route)) return undefined;
  const reason = reasonIn(request.body);
  return {
    actor: requesterOf(caller),
    action: `${request.method} ${route}`.slice(0, TEXT_LENGTH_MAX),
    subject: subjectOf(request.url, textIn(request.body, 'workspaceId')),
    reason: reason?.slice(0, REASON_LENGTH_MAX) ?? UNSAID,
  };
}

function subjectOf(url: string, workspaceId: string | undefined): string {
  const path = url.split('?')[0] ?? '';
  const [, kind = '', id = ''] = THING.exec(path) ?? [];
  if (id !== '') return `${THINGS[kind] ?? kind} ${id}`.slice(0, TEXT_LENGTH_MAX);
  return (workspaceId === undefined || !UUID.test(workspaceId) ? path : `workspace ${workspaceId}`).slice(
    0,
    TEXT_LENGTH_MAX,
  );
}

/** The reason that a request gives; undefined where it gives none. */
export const reasonIn = (body: unknown): string | undefined => textIn(body, 'reason');

function textIn(body: unknown, name: 'reason' | 'workspaceId'): string | undefined {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const text = said[name];
  return typeof text === 'string' && text.trim() !== '' ? text.replaceAll(UNSTORABLE, '\ufffd') : undefined;
}
