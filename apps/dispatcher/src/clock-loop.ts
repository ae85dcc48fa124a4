import type { AdvanceTestClocks } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** The first look after work was found under way comes soon, since most of it takes milliseconds; the later ones come ever more seldom. */
const FIRST_LOOK_MS = 4;

/**
 * Moves test clocks, beside the dispatch loop and not in it: what a clock waits for is dispatched there. While no clock is on its way it looks
 * once a poll, and at once when it is woken.
 */
export class ClockLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private isStopping = false;
  private isWoken = false;
  private wakeUp: (() => void) | undefined;
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
    let delayMs = FIRST_LOOK_MS;
    while (!this.isStopping) {
      this.isWoken = false;
      try {
        const { hasMoved, isAdvancing } = await this.clocks.run();
        if (hasMoved) delayMs = FIRST_LOOK_MS;
        else delayMs = isAdvancing ? Math.min(dispatcherPollMs, delayMs * 1.5) : dispatcherPollMs;
      } catch (error) {
        this.base.log.warn({ err: error }, 'a look at the test clocks failed');
        delayMs = dispatcherPollMs;
      }
      await this.sleep(delayMs);
    }
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
