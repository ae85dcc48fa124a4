/** What one check found; `fix` says what to do about it. */
export type Finding = {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly fix?: string;
};

/** One thing to look at; a throw counts as a finding with the given fix. */
export type Check = {
  readonly name: string;
  readonly fix: string;
  readonly run: () => Promise<{ readonly ok: boolean; readonly found: string }>;
};

const CHECK_TIMEOUT_MS = 5_000;

/** Runs all checks side by side, none for longer than a few seconds, and answers them in their order. */
export function examine(checks: readonly Check[]): Promise<readonly Finding[]> {
  return Promise.all(
    checks.map(async ({ name, fix, run }) => {
      const outcome = await withTimeout(run()).catch((error: unknown) => ({ ok: false, found: reasonOf(error) }));
      return { name, ...outcome, ...(!outcome.ok && { fix }) };
    }),
  );
}

async function withTimeout<Result>(promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${String(CHECK_TIMEOUT_MS)} ms`));
    }, CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${reasonOf(error.cause)})`;
  return `${error.message}${cause}`;
}
