import { faultsOf } from '../api/problem.js';
import type { Problem } from '../api/problem.js';

/** The text for a field that is not right: as it was filled in, or as the gateway found it. */
export type FaultOf = (isRight: boolean, field: string, text: string) => string | undefined;

/** What is wrong with the fields of a form. `isAsked`: whether it was sent once, before which nobody is told. */
export function faultsIn(problem: Problem | undefined, isAsked: boolean): FaultOf {
  const refused = new Set(problem === undefined ? [] : faultsOf(problem).map(({ field }) => field));
  return (isRight, field, text) => ((isAsked && !isRight) || refused.has(field) ? text : undefined);
}
