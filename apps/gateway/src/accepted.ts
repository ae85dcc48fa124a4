import type { CommandOutcome } from '@billfleet/billing';
import type { z } from 'zod';
import { ProblemException } from './problem.js';
import type { acceptedView } from './views.js';

/** The answer to a request that is committed and will be worked on. */
export type Accepted = z.infer<typeof acceptedView>;

/**
 * Answers a command: where to see how far it is.
 * @param hrefOf the path under which what the command made or changed is seen, from its id.
 * @throws ProblemException when the command was refused.
 */
export function accepted(outcome: CommandOutcome, hrefOf: (ref: string) => string): Accepted {
  if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
  const { ref, isReplay } = outcome;
  return { id: ref, status: 'accepted', isReplay, href: hrefOf(ref) };
}
