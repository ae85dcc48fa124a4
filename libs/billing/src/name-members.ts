import { members } from '@billfleet/store';
import type { Problem, Queryable } from '@billfleet/store';

/** So many members are named with a refusal; how many there are in all is in its words. */
const NAMED_MAX = 20;

/** A refusal, and whose it is. */
export type ProblemOf = { readonly workspaceId: string; readonly problem: Problem };

/** Adds to refusals for seats in use who could be disabled, in one read for all of them; other refusals stay as they are. */
export async function nameMembersInUse(db: Queryable, problems: readonly ProblemOf[]): Promise<readonly Problem[]> {
  const wanted = problems.filter(({ problem }) => problem.code === 'seats_in_use');
  const found = await members.findMembersToDisable(
    db,
    wanted.map(({ workspaceId }) => workspaceId),
    NAMED_MAX,
  );
  return problems.map(({ workspaceId, problem }) => {
    const couldDisable = problem.code === 'seats_in_use' ? found.get(workspaceId) : undefined;
    return couldDisable === undefined ? problem : { ...problem, couldDisable };
  });
}
