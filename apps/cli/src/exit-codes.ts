/** What the exit status of every command means; documented in docs/reference/cli.md and never renumbered. */
export const exitCodes = { ok: 0, violations: 1, usage: 2, unreachable: 69, bug: 70, configuration: 78 } as const;

/** One of the exit statuses above. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An end that the person at the terminal can do something about: the message says what, without a stack trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN|28P01|28000|3D000|57P0[123])$/;

/** Whether an error says that a server is away or does not let us in, at whatever depth. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.some(isUnreachable)) return true;
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && UNREACHABLE.test(error.code)) return true;
  return error.cause !== undefined && isUnreachable(error.cause);
}
