import { setTimeout as wait } from 'node:timers/promises';
import type { PatientClient } from '../chaos/gateway-client.js';
import { BEGINS_AT, dayAfter } from './calendar-of-run.js';
import type { LifePlan } from './life-plan.js';

/** A test clock stands still for good: what it waits for is dead, or does not end. */
export class ClockStuckError extends Error {
  override readonly name = 'ClockStuckError';
}

const LOOK_FIRST_MS = 4;
const LOOK_MAX_MS = 40;
/** How long a clock may show the same. A killed worker costs a lease, a mail server that is away some retries. */
const PATIENCE_MS = 90_000;
const PLACES = {
  US: { timeZone: 'America/New_York', locale: 'en' },
  BR: { timeZone: 'America/Sao_Paulo', locale: 'pt-BR' },
} as const;

type View = { readonly status: string; readonly nowAt: string; readonly waitsFor: readonly unknown[] };

/** A test clock that many lives stand on, operated over HTTP. */
export class RunClock {
  private constructor(
    private readonly gateway: PatientClient,
    private readonly id: string,
  ) {}

  static async make(gateway: PatientClient, id: string): Promise<RunClock> {
    const clock = new RunClock(gateway, id);
    await clock.ask('/v1/test-clocks', { id, name: 'simulation', nowAt: BEGINS_AT });
    return clock;
  }

  /** Registers a workspace and puts it on the clock. */
  async settle({ n, workspaceId: id, country, trialDays }: LifePlan): Promise<void> {
    const email = `admin-${String(n)}@simulation.example`;
    const trial = trialDays === undefined ? {} : { trialEndsOn: dayAfter(trialDays) };
    await this.ask('/v1/workspaces', {
      ...{ id, name: `Workspace ${String(n)}`, country, billingEmail: email, ...PLACES[country], ...trial },
    });
    await this.ask(`/v1/test-clocks/${this.id}/workspaces`, { workspaceId: id });
  }

  /** Sends the clock forward and waits until everything on the way has happened. @throws ClockStuckError */
  async advance(to: Date): Promise<void> {
    let seen = await this.ask(`/v1/test-clocks/${this.id}/advance`, { to: to.toISOString() });
    let shown = '';
    let since = performance.now();
    for (let pauseMs = LOOK_FIRST_MS; seen.status !== 'ready' || Date.parse(seen.nowAt) < to.getTime();) {
      if (seen.status === 'blocked' || performance.now() - since > PATIENCE_MS)
        throw new ClockStuckError(`at ${seen.nowAt} the clock waits for ${JSON.stringify(seen.waitsFor)}`);
      await wait(pauseMs);
      pauseMs = Math.min(LOOK_MAX_MS, pauseMs * 1.5);
      seen = await this.ask(`/v1/test-clocks/${this.id}`);
      if (seen.nowAt === shown) continue;
      shown = seen.nowAt;
      since = performance.now();
    }
  }

  private async ask(path: string, body?: unknown): Promise<View> {
    const { status, json } = await this.gateway.ask({ path, ...(body === undefined ? {} : { body }) });
    if (status < 300) return json as View;
    throw new Error(`${path} was answered ${String(status)} ${JSON.stringify(json)}`);
  }
}
