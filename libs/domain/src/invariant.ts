/** A state that the code promised could never be: a bug. It is never retried and always looked at by a person. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * States what must hold at this point. A message that holds values is given as a function where prices pass by in thousands: writing it
 * costs more than what it guards.
 * @throws InvariantError when it does not.
 */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}

/** Closes an exhaustive switch: it does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected value: ${String(value)}`);
}
