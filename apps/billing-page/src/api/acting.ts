import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asProblem } from './problem.js';
import type { Problem } from './problem.js';

/** The body of an answer. @throws the problem of one that was refused. */
export async function taken<T>(answer: Promise<{ data?: T; error?: Problem }>): Promise<T> {
  const { data, error } = await answer;
  // Problems are what everybody here expects to be thrown; they are no bugs and need no stack.
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- see above
  if (error !== undefined) throw error;
  return data as T;
}

/** Something that a person does: whether it is under way, and what stood against it. */
export type Acting<Input, Result> = {
  readonly run: (input: Input) => void;
  readonly isRunning: boolean;
  readonly problem: Problem | undefined;
  readonly forget: () => void;
  readonly result: Result | undefined;
};

/**
 * Does something once, however often the button is pressed meanwhile, and reads everything anew afterwards. What is repeated by hand carries the
 * key that the caller gives, so the gateway does it once as well.
 */
export function useActing<Input, Result>(
  act: (input: Input) => Promise<Result>,
  onDone?: (result: Result, input: Input) => void,
): Acting<Input, Result> {
  const queries = useQueryClient();
  const { mutate, isPending, error, reset, data } = useMutation({
    mutationFn: act,
    onSuccess: async (result, input) => {
      onDone?.(result, input);
      await queries.invalidateQueries();
    },
  });
  return {
    run: (input) => {
      if (!isPending) mutate(input);
    },
    isRunning: isPending,
    problem: error === null ? undefined : asProblem(error),
    forget: reset,
    result: data,
  };
}
