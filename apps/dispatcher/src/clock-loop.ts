import type { AdvanceTestClocks } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** What a clock waits for mostly takes some tens of milliseconds: so often it is looked at soon again, and then ever more seldom. */
const SOON_MS = 4;
const LOOKS_SOON = 25;

/**
 * Moves test clocks, beside the dispatch loop and not in it: what a clock waits for is dispatched there. While no clock is on its way it looks
 * once a poll, and at once when it is woken.
 */
export class ClockLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private isStopping = false;
  private isWoken = false;
  private wakeUp: (() => void) | undefined;
  private notedAt = -Infinity;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly base: Pick<Base, 'config' | 'log'>,
    private readonly clocks: Pick<AdvanceTestClocks, 'run'>,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await this.running;
  }

  /** Somebody may have sent a clock forward. */
  wake(): void {
    this.isWoken = true;
    this.wakeUp?.();
  }

  private async loop(): Promise<void> {
    const { dispatcherPollMs } = this.base.config;
    let looks = 0;
    while (!this.isStopping) {
      this.isWoken = false;
      let delayMs = dispatcherPollMs;
      try {
        const { hasMoved, isAdvancing, failures } = await this.clocks.run();
        this.note(failures);
        looks = hasMoved ? 0 : looks + 1;
        if (isAdvancing) delayMs = Math.min(dispatcherPollMs, SOON_MS * 1.5 ** Math.max(0, looks - LOOKS_SOON));
      } catch (error) {
        this.base.log.warn({ err: error }, 'a look at the test clocks failed');
      }
      await this.sleep(delayMs);
    }
  }

  /** Looks come soon after each other: what fails each time is told once a poll. */
  private note(failures: readonly Error[]): void {
    const now = performance.now();
    if (failures.length === 0 || now - this.notedAt < this.base.config.dispatcherPollMs) return;
    this.notedAt = now;
    for (const error of failures) this.base.log.warn({ err: error }, 'a test clock failed');
  }

  private sleep(delayMs: number): Promise<void> {
    if (this.isStopping || this.isWoken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
