import { intakeBody, uuid } from '@billfleet/contracts';
import type { IntakeBody, IntakeContract, IntakeEnvelope } from '@billfleet/contracts';
import type { Log } from '@billfleet/platform';
import { requests } from '@billfleet/store';
import type { Store } from '@billfleet/store';
import type { z } from 'zod';
import { mayDo } from './api-keys.js';
import type { ApiKeys, Caller } from './api-keys.js';
import { refused, requestHash } from './requests-once.js';
import type { Command, CommandOutcome } from './requests-once.js';

/** What a queue's intake door works with: the contract says what may come, `run` is the use case that HTTP calls as well. */
export type IntakeParts<Schema extends z.ZodType<{ readonly workspaceId: string }>> = {
  readonly contract: IntakeContract<string, Schema>;
  readonly keys: ApiKeys;
  readonly store: Store;
  readonly log: Log;
  readonly run: (commands: readonly Command<z.output<Schema>>[]) => Promise<readonly CommandOutcome[]>;
};

/** A message that cannot even be attributed to a caller: nobody could read a refusal, so the job fails where people see it. */
export class UnreadableIntakeError extends Error {
  override readonly name = 'UnreadableIntakeError';
  /** Trying again cannot help. */
  readonly isHopeless = true;
}

/**
 * Turns messages of a queue into committed rows. Signature, scope, form and content are checked as for HTTP; refusals are stored under
 * the idempotency key, where the publisher reads them.
 * @throws UnreadableIntakeError for a message without a valid signature or envelope.
 */
export async function takeIntake<Schema extends z.ZodType<{ readonly workspaceId: string }>>(
  parts: IntakeParts<Schema>,
  envelopes: readonly IntakeEnvelope[],
): Promise<readonly undefined[]> {
  const signers = await parts.keys.signers(envelopes);
  const readings = envelopes.map((envelope, index) => read(parts, envelope, signers[index]));
  const commands = readings.flatMap((reading) => ('command' in reading ? [reading.command] : []));
  const malformed = readings.flatMap((reading) => ('fault' in reading ? [reading.fault] : []));
  await recordMalformed(parts, malformed);
  const outcomes = await parts.run(commands);
  outcomes.forEach((outcome, index) => {
    if (outcome.kind === 'refused')
      parts.log.info({ idempotencyKey: commands[index]?.idempotencyKey, code: outcome.problem.code }, 'intake refused');
  });
  return envelopes.map(() => undefined);
}

type Fault = { readonly body: IntakeBody; readonly caller: Caller; readonly field: string; readonly wanted: string };

function read<Schema extends z.ZodType<{ readonly workspaceId: string }>>(
  { contract }: IntakeParts<Schema>,
  envelope: IntakeEnvelope,
  caller: Caller | undefined,
): { readonly command: Command<z.output<Schema>> } | { readonly fault: Fault } {
  if (caller === undefined)
    throw new UnreadableIntakeError(`no usable key signed this message (publisher ${envelope.publisher})`);
  if (!mayDo(caller, contract.scope))
    throw new UnreadableIntakeError(`key ${caller.prefix} lacks the scope ${contract.scope}`);
  const body = intakeBody.safeParse(parseJson(envelope.body));
  if (!body.success)
    throw new UnreadableIntakeError(`not an envelope: ${body.error.issues[0]?.message ?? 'malformed'}`);
  if (body.data.operation !== contract.name)
    throw new UnreadableIntakeError(`operation ${body.data.operation} came to ${contract.name}`);
  const data = contract.payload.safeParse(body.data.data);
  if (data.success)
    return {
      command: {
        input: data.data,
        idempotencyKey: body.data.idempotencyKey,
        source: 'queue',
        actorWorkspaceId: caller.workspaceId,
      },
    };
  const issue = data.error.issues[0];
  return {
    fault: { body: body.data, caller, field: issue?.path.join('.') ?? '', wanted: issue?.message ?? 'another value' },
  };
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A malformed request is refused under its key, if it names a workspace that exists and that the caller may touch. */
async function recordMalformed(
  parts: { readonly store: Store; readonly log: Log },
  faults: readonly Fault[],
): Promise<void> {
  for (const fault of faults) {
    const workspaceId = uuid.safeParse((Object(fault.body.data) as { workspaceId?: unknown }).workspaceId).data;
    parts.log.warn({ idempotencyKey: fault.body.idempotencyKey, field: fault.field }, 'malformed intake');
    if (workspaceId === undefined || (fault.caller.workspaceId ?? workspaceId) !== workspaceId) continue;
    await parts.store.transaction((tx) =>
      requests.recordRefusal(tx, {
        workspaceId,
        idempotencyKey: fault.body.idempotencyKey,
        operation: fault.body.operation,
        requestHash: requestHash(fault.body.operation, fault.body.data),
        problem: refused(400, {
          code: 'field_invalid',
          field: fault.field,
          found: 'a value that does not fit',
          wanted: fault.wanted,
        }).problem,
      }),
    );
  }
}
