/** Named places at which a chaos run may kill the process, or a test may make a step fail. */
export type CrashPoint =
  | 'gateway.before_commit'
  | 'gateway.after_commit'
  | 'dispatcher.after_claim'
  | 'dispatcher.after_shout'
  | 'order.before_call'
  | 'order.after_call'
  | 'payment.after_fetch'
  | 'delivery.after_claim'
  | 'delivery.after_send'
  | 'store.before_commit'
  | 'store.after_commit';

/** All crash points, for chaos runs that must visit each. */
export const crashPoints: readonly CrashPoint[] = [
  'gateway.before_commit',
  'gateway.after_commit',
  'dispatcher.after_claim',
  'dispatcher.after_shout',
  'order.before_call',
  'order.after_call',
  'payment.after_fetch',
  'delivery.after_claim',
  'delivery.after_send',
  'store.before_commit',
  'store.after_commit',
];

/** Called when a step passes a crash point; normally does nothing. */
export type Crash = (point: CrashPoint) => void;

/** No chaos: every crash point is passed. */
export const noCrash: Crash = () => undefined;

/**
 * Builds the hook of a chaos run from `point=probability` pairs: the process is killed at once, as by kill -9.
 * The line on stderr lets the run count which points were hit.
 */
export function crashFrom(setting: string | undefined): Crash {
  if (setting === undefined) return noCrash;
  const odds = new Map(
    setting.split(',').map((pair): [string, number] => [pair.split('=')[0]?.trim() ?? '', Number(pair.split('=')[1])]),
  );
  return (point) => {
    if (Math.random() >= (odds.get(point) ?? 0)) return;
    process.stderr.write(`${JSON.stringify({ msg: 'crash', point })}\n`);
    process.kill(process.pid, 'SIGKILL');
    // The signal is delivered asynchronously: without this loop the next statement could still reach a server.
    for (;;);
  };
}
