import type { FastifyRequest } from 'fastify';
import { FailedLogins } from './failed-logins.js';

const TRIES_MAX = 20;
const WINDOW_MS = 10 * 60_000;
/** An answer comes no sooner, so that its time does not tell whether the address is known. */
const ANSWER_AFTER_MS = 250;

/** Links to sign in that were asked for, counted by the address of the network, in memory. */
export class SignInTries {
  private readonly counts = new FailedLogins({ triesMax: TRIES_MAX, windowMs: WINDOW_MS });

  /** Does what was asked for, unless it was asked for too often from there; answers whether it was done. */
  async take({ ip }: FastifyRequest, work: () => Promise<void>): Promise<boolean> {
    if (this.counts.waitSeconds(ip) > 0) return false;
    this.counts.record(ip);
    await Promise.all([work(), new Promise((resolve) => setTimeout(resolve, ANSWER_AFTER_MS))]);
    return true;
  }
}
