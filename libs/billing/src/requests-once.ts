import { canonicalJson } from '@billfleet/contracts';
import type { Json } from '@billfleet/contracts';
import { requests } from '@billfleet/store';
import type { Problem, RequestRow, Tx } from '@billfleet/store';
import { sha256 } from './ids.js';

/** A request of an upstream service, whichever door it came through. */
export type Command<Input extends { readonly workspaceId: string }> = {
  readonly input: Input;
  readonly idempotencyKey: string;
  readonly source: 'http' | 'queue';
  /** The only workspace that the caller may touch; null = all. */
  readonly actorWorkspaceId: string | null;
  /** The person or the key that asks, as it is recorded. */
  readonly requestedBy?: string;
  /** Whether the caller's word on money counts that it collected itself; that of keys of no workspace does when left out. */
  readonly mayCollect?: boolean;
};

/** What a request came to: the row that it made (again the same one when it is repeated), or why it was refused. */
export type CommandOutcome =
  | { readonly kind: 'accepted'; readonly ref: string; readonly isReplay: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Result of a request that was not seen before. */
export type FreshOutcome =
  { readonly kind: 'accepted'; readonly ref: string } | { readonly kind: 'refused'; readonly problem: Problem };

/** Refusals are stored as JSON, which in PostgreSQL holds neither NUL nor half of a surrogate pair; they quote what callers wrote. */
// eslint-disable-next-line no-control-regex -- control characters are what this replaces
const storable = (text: string): string => text.slice(0, 200).replaceAll(/[\u0000\ud800-\udfff]/gu, '\ufffd');

/** Builds a refusal. */
export function refused(
  status: number,
  refusal: { code: string; field: string; found: string; wanted: string },
): { kind: 'refused'; problem: Problem } {
  return {
    kind: 'refused',
    problem: {
      status,
      code: refusal.code,
      field: storable(refusal.field),
      found: storable(refusal.found),
      wanted: storable(refusal.wanted),
    },
  };
}

/** The answer for a workspace that does not exist, or that the caller may not touch: the same words for both. */
export const unknownWorkspace = (workspaceId: string): { kind: 'refused'; problem: Problem } =>
  refused(404, {
    code: 'workspace_unknown',
    field: 'workspaceId',
    found: workspaceId,
    wanted: 'the id of a workspace that this key may touch',
  });

const conflict = (key: string): CommandOutcome =>
  refused(422, {
    code: 'idempotency_key_reused',
    field: 'Idempotency-Key',
    found: key,
    wanted: 'the content that the key was first used with, or a new key',
  });

/** Hash of what a request says: equal content has an equal hash through either door. */
export function requestHash(operation: string, input: unknown): string {
  return sha256(canonicalJson({ operation, input: input as Json }));
}

/**
 * Gives each idempotency key one result for ever: known keys are answered from what they made, other content under a known key is refused,
 * and only keys that are new reach `decide`. Refusals do not use a key up; those of a queue are kept so that the publisher can read them.
 */
export async function answerOnce<Input extends { readonly workspaceId: string }>(
  tx: Tx,
  operation: string,
  commands: readonly Command<Input>[],
  decide: (fresh: readonly Command<Input>[]) => Promise<readonly FreshOutcome[]>,
): Promise<readonly CommandOutcome[]> {
  const name = (command: Command<Input>): string =>
    requests.requestNameText({ workspaceId: command.input.workspaceId, idempotencyKey: command.idempotencyKey });
  const hashes = commands.map((command) => requestHash(operation, command.input));
  const known = await requests.findRequests(
    tx,
    commands.map((c) => ({ workspaceId: c.input.workspaceId, idempotencyKey: c.idempotencyKey })),
  );
  const leaders = new Map<string, number>();
  commands.forEach((command, index) => {
    if (known.get(name(command))?.status !== 'accepted' && !leaders.has(name(command)))
      leaders.set(name(command), index);
  });
  const freshIndexes = [...leaders.values()];
  const freshCommands = freshIndexes.flatMap((index) => commands[index] ?? []);
  const outcomes = freshCommands.length === 0 ? [] : await decide(freshCommands);
  const since = await acceptedSince(
    tx,
    freshCommands.filter((_command, position) => outcomes[position]?.kind === 'refused'),
  );
  const made = new Map<string, FreshOutcome & { readonly hash: string }>();
  const rows: RequestRow[] = [];
  freshCommands.forEach((command, position) => {
    const outcome = outcomes[position];
    const hash = hashes[freshIndexes[position] ?? -1];
    if (outcome === undefined || hash === undefined || since.has(name(command))) return;
    made.set(name(command), { ...outcome, hash });
    if (outcome.kind === 'accepted' || isWorthKeeping(command, outcome.problem))
      rows.push(rowOf(operation, command, hash, outcome));
  });
  await requests.recordRequests(tx, rows);
  return commands.map((command, index): CommandOutcome => {
    const before = since.get(name(command)) ?? known.get(name(command));
    if (before?.status === 'accepted' && before.ref !== null) {
      const isSame = before.requestHash === hashes[index] && before.operation === operation;
      return isSame ? { kind: 'accepted', ref: before.ref, isReplay: true } : conflict(command.idempotencyKey);
    }
    const now = made.get(name(command));
    if (now === undefined || now.hash !== hashes[index]) return conflict(command.idempotencyKey);
    return now.kind === 'accepted'
      ? { kind: 'accepted', ref: now.ref, isReplay: leaders.get(name(command)) !== index }
      : now;
  });
}

/**
 * The same request may have come twice at once: one waits for what the other has locked, and then finds that it was done already. What it would be
 * refused for is its own doing, so it is answered as the other one.
 */
async function acceptedSince(
  tx: Tx,
  refusals: readonly Command<{ readonly workspaceId: string }>[],
): ReturnType<typeof requests.findRequests> {
  if (refusals.length === 0) return new Map();
  const found = await requests.findRequests(
    tx,
    refusals.map(({ input, idempotencyKey }) => ({ workspaceId: input.workspaceId, idempotencyKey })),
  );
  return new Map([...found].filter(([, { status }]) => status === 'accepted'));
}

/** An unknown workspace cannot own a row: such a refusal is only logged. */
const isWorthKeeping = (command: { readonly source: string }, problem: Problem): boolean =>
  command.source === 'queue' && problem.code !== 'workspace_unknown';

const rowOf = (
  operation: string,
  command: Command<{ readonly workspaceId: string }>,
  hash: string,
  outcome: FreshOutcome,
): RequestRow => ({
  workspaceId: command.input.workspaceId,
  idempotencyKey: command.idempotencyKey,
  operation,
  requestHash: hash,
  status: outcome.kind,
  ref: outcome.kind === 'accepted' ? outcome.ref : null,
  problem: outcome.kind === 'refused' ? outcome.problem : null,
});
