import type { Fleet, FleetProcess } from '../fleet-processes.js';
import { say } from '../terminal.js';

const RESTART_DELAY_MS = 1_000;
const RESTARTS_MAX = 5;
const RESTARTS_WINDOW_MS = 60_000;

/**
 * Starts an app again when it ends by itself, and gives up on one that keeps ending. Answers the function that ends the watch.
 */
export function supervise(fleet: Fleet): () => void {
  let isEnded = false;
  // Asked through a function, since the watch is ended by somebody else while this one waits.
  const isOver = (): boolean => isEnded;
  const pauses = new Set<{ timer: NodeJS.Timeout; end: () => void }>();
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const entry = { timer: setTimeout(resolve, RESTART_DELAY_MS), end: resolve };
      pauses.add(entry);
    });
  const watch = async (one: FleetProcess): Promise<void> => {
    const restarts: number[] = [];
    for (;;) {
      const { code, signal } = await one.exited;
      if (isOver()) return;
      const now = performance.now();
      const recent = restarts.filter((at) => now - at < RESTARTS_WINDOW_MS).length;
      say(`${one.name} ended (${signal ?? `status ${String(code)}`})`);
      if (recent >= RESTARTS_MAX) {
        say(
          `${one.name} is not started again after ${String(RESTARTS_MAX)} times in a minute; its last output:\n${one.lastOutput}`,
        );
        return;
      }
      restarts.push(now);
      await pause();
      if (isOver()) return;
      await startAgain(one);
    }
  };
  for (const one of fleet.processes.values()) void watch(one);
  return () => {
    isEnded = true;
    for (const { timer, end } of pauses) {
      clearTimeout(timer);
      end();
    }
  };
}

async function startAgain(one: FleetProcess): Promise<void> {
  try {
    await one.restart();
    say(`${one.name} is up again`);
  } catch (error) {
    // The next turn of the watch counts it like any other end.
    say(error instanceof Error ? error.message : String(error));
  }
}
