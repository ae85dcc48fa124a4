import type { Log } from '@billfleet/platform';
import { changes } from '@billfleet/store';
import type { ChangeRow, Store } from '@billfleet/store';
import type { OnModuleDestroy } from '@nestjs/common';

/** How often the database is asked while anybody listens: once for all who do. */
const LOOK_EVERY_MS = 500;
/** Most listeners of one gateway, and of one caller. */
const LISTENERS_MAX = 1_000;
const LISTENERS_PER_CALLER_MAX = 10;

/** Somebody who hears of the changes of a workspace. `seq`: the last that he heard of. */
export type Listener = {
  readonly caller: string;
  readonly workspaceId: string;
  seq: number;
  tell(change: ChangeRow): void;
  /** Called when the gateway stops. */
  end(): void;
};

/** Tells listeners what happened in their workspaces. However many they are, one statement at a time asks for all of them; none while nobody listens. */
export class ChangeFeed implements OnModuleDestroy {
  private readonly listeners = new Set<Listener>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly store: Store,
    private readonly log: Log,
  ) {}

  /** Adds a listener; false when there are too many. */
  listen(listener: Listener): boolean {
    const own = [...this.listeners].filter(({ caller }) => caller === listener.caller).length;
    if (this.isStopped || this.listeners.size >= LISTENERS_MAX || own >= LISTENERS_PER_CALLER_MAX) return false;
    this.listeners.add(listener);
    this.schedule();
    return true;
  }

  /** Whoever left hears nothing more. */
  leave(listener: Listener): void {
    this.listeners.delete(listener);
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    for (const listener of this.listeners) listener.end();
    this.listeners.clear();
  }

  private schedule(): void {
    if (this.timer !== undefined || this.isStopped || this.listeners.size === 0) return;
    this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS);
  }

  private async look(): Promise<void> {
    try {
      await this.tellAll();
    } catch (error) {
      // Listeners stay: what they miss now is found by its number with the next look.
      this.log.warn({ err: error }, 'changes could not be read');
    } finally {
      this.timer = undefined;
      this.schedule();
    }
  }

  private async tellAll(): Promise<void> {
    const lowest = new Map<string, number>();
    for (const { workspaceId, seq } of this.listeners) {
      lowest.set(workspaceId, Math.min(lowest.get(workspaceId) ?? seq, seq));
    }
    const rows = await changes.findChanges(
      this.store,
      [...lowest].map(([workspaceId, seq]) => ({ workspaceId, seq })),
    );
    for (const row of rows) {
      for (const listener of this.listeners) {
        if (listener.workspaceId !== row.workspaceId || listener.seq >= row.seq) continue;
        listener.seq = row.seq;
        listener.tell(row);
      }
    }
  }
}
