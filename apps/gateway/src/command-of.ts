import { mayAct, requesterOf } from '@billfleet/billing';
import type { Caller, Command } from '@billfleet/billing';

/** A request that came over HTTP, with who asks. */
export function commandOf<Input extends { readonly workspaceId: string }>(
  input: Input,
  idempotencyKey: string,
  caller: Caller,
): Command<Input> {
  return {
    input,
    idempotencyKey,
    source: 'http',
    actorWorkspaceId: caller.workspaceId,
    requestedBy: requesterOf(caller),
    mayCollect: mayAct(caller, 'collect-upstream'),
  };
}
