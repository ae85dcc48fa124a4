/** Looks at open attempts grow apart: multiples of the first wait, the last one for ever. */
const CHECK_STEPS = [1, 5, 30, 180, 720] as const;

/** How long we wait before the look after `checks` looks; ids of work and time zones play no part. */
export function nextCheckMs(checks: number, firstCheckMs: number): number {
  return (CHECK_STEPS[Math.min(checks, CHECK_STEPS.length - 1)] ?? 1) * firstCheckMs;
}
