import { intakeBody, uuid } from '@billfleet/contracts';
import type { IntakeBody, IntakeContract, IntakeEnvelope } from '@billfleet/contracts';
import { rolesFor } from '@billfleet/domain';
import type { Base } from '@billfleet/platform';
import { requests } from '@billfleet/store';
import type { Store } from '@billfleet/store';
import type { z } from 'zod';
import { ApiKeys, mayAct, mayDo, requesterOf } from './api-keys.js';
import type { Caller } from './api-keys.js';
import { refused, requestHash } from './requests-once.js';
import type { Command, CommandOutcome } from './requests-once.js';

/** What a queue's door works with: the contract says what may come, `run` is the use case that HTTP calls as well. */
type Door<Schema extends z.ZodType<{ readonly workspaceId: string }>> = {
  readonly base: Pick<Base, 'log'>;
  readonly store: Store;
  readonly contract: IntakeContract<string, Schema>;
  readonly run: (commands: readonly Command<z.output<Schema>>[]) => Promise<readonly CommandOutcome[]>;
};

/** A message that cannot even be attributed to a caller: nobody could read a refusal, so the job fails where people see it. */
export class UnreadableIntakeError extends Error {
  override readonly name = 'UnreadableIntakeError';
  /** Trying again cannot help. */
  readonly isHopeless = true;
}

/**
 * Opens the door of a queue: what comes through it turns messages into committed rows. Signature, scope, form and content are checked as
 * for HTTP; refusals are stored under the idempotency key, where the publisher reads them.
 * The door throws UnreadableIntakeError for a message without a valid signature or envelope.
 */
export function openDoor<Schema extends z.ZodType<{ readonly workspaceId: string }>>(
  door: Door<Schema>,
): (envelopes: readonly IntakeEnvelope[]) => Promise<readonly undefined[]> {
  const keys = new ApiKeys(door.store);
  return async (envelopes) => {
    const signers = await keys.signers(envelopes);
    const readings = envelopes.map((envelope, index) => read(door.contract, envelope, signers[index]));
    const commands = readings.flatMap((reading) => ('command' in reading ? [reading.command] : []));
    await recordMalformed(
      door,
      readings.flatMap((reading) => ('fault' in reading ? [reading.fault] : [])),
    );
    const outcomes = await door.run(commands);
    outcomes.forEach((outcome, index) => {
      if (outcome.kind === 'accepted') return;
      const { idempotencyKey } = commands[index] ?? {};
      door.base.log.info({ idempotencyKey, code: outcome.problem.code }, 'intake refused');
    });
    return envelopes.map(() => undefined);
  };
}

type Fault = { readonly body: IntakeBody; readonly caller: Caller; readonly field: string; readonly wanted: string };

function read<Schema extends z.ZodType<{ readonly workspaceId: string }>>(
  contract: IntakeContract<string, Schema>,
  envelope: IntakeEnvelope,
  caller: Caller | undefined,
): { readonly command: Command<z.output<Schema>> } | { readonly fault: Fault } {
  if (caller === undefined)
    throw new UnreadableIntakeError(`no usable key signed this message (publisher ${envelope.publisher})`);
  if (!mayDo(caller, contract.scope))
    throw new UnreadableIntakeError(`key ${caller.prefix} lacks the scope ${contract.scope}`);
  if (!mayAct(caller, contract.action)) {
    const wanted = rolesFor(contract.action).join(', ');
    throw new UnreadableIntakeError(`key ${caller.prefix} has the role ${caller.role}, wanted one of ${wanted}`);
  }
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
        requestedBy: requesterOf(caller),
        mayCollect: mayAct(caller, 'collect-upstream'),
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
  { base, store }: { readonly base: Pick<Base, 'log'>; readonly store: Store },
  faults: readonly Fault[],
): Promise<void> {
  const refusals = faults.flatMap(({ body, caller, field, wanted }) => {
    const { idempotencyKey, operation } = body;
    base.log.warn({ idempotencyKey, field }, 'malformed intake');
    const workspaceId = uuid.safeParse((Object(body.data) as { workspaceId?: unknown }).workspaceId).data;
    if (workspaceId === undefined || (caller.workspaceId ?? workspaceId) !== workspaceId) return [];
    const { problem } = refused(400, { code: 'field_invalid', field, found: 'a value that does not fit', wanted });
    return [{ workspaceId, idempotencyKey, operation, requestHash: requestHash(operation, body.data), problem }];
  });
  if (refusals.length > 0) await store.transaction((tx) => requests.recordRefusals(tx, refusals));
}
