import { setTimeout as wait } from 'node:timers/promises';
import type { CrashPoint } from '@billfleet/platform';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { AppName, FleetProcess } from '../../apps/cli/src/fleet-processes.js';
import type { Fault, Place } from './plan.js';
import { processesOf, revive } from './world.js';
import type { World } from './world.js';

/** How long an app may take to pass its crash point. */
const CRASH_WAIT_MS = 15_000;
const THIRST_MS = 1_200;
const CRASH_POLL_MS = 50;
const SERVER_PAUSE_MS = 200;
const WEATHER_TRIES_MAX = 60;

/** Which apps pass a crash point. */
const APPS_AT: Readonly<Record<string, readonly [AppName, ...AppName[]]>> = {
  gateway: ['gateway'],
  dispatcher: ['dispatcher'],
  order: ['order-worker'],
  payment: ['payment-worker'],
  delivery: ['delivery-worker'],
  store: ['gateway', 'order-worker', 'payment-worker', 'seat-worker', 'delivery-worker'],
};

/** Breaks one thing and repairs it; resolves when it is whole again. */
export class Breaker {
  /** Servers that are down or frozen: only one fault at a time may touch each. */
  private readonly brokenServers = new Set<'postgres' | 'redis'>();
  readonly done = new Map<string, number>();

  /** @param wantBuyers called while a process waits to pass its crash point, since without traffic it never will. */
  constructor(
    private readonly world: World,
    private readonly wantBuyers: () => void,
  ) {}

  hasPassed(point: CrashPoint): boolean {
    return this.world.ear.crashesAt(point) > 0;
  }

  async carryOut(fault: Fault): Promise<void> {
    if (await this.act(fault)) this.done.set(fault.kind, (this.done.get(fault.kind) ?? 0) + 1);
  }

  /** Answers false when there was nothing whole to break. */
  private act(fault: Fault): Promise<boolean> {
    const { world } = this;
    switch (fault.kind) {
      case 'kill':
        return this.onProcess(fault.draw, processesOf(world), (one) => one.kill('SIGKILL'));
      case 'terminate':
        return this.onProcess(fault.draw, workersOf(world), (one) => one.kill('SIGTERM'));
      case 'freeze':
        return this.onProcess(fault.draw, workersOf(world), async (one) => {
          one.signal('SIGSTOP');
          await wait(fault.forMs);
          one.signal('SIGCONT');
        });
      case 'crash-point':
        return this.crashAt(fault, fault.draw);
      case 'redis-flush':
        return this.onServer('redis', () => flush(world));
      case 'redis-wipe':
        return this.onServer('redis', async () => {
          await world.redis.kill('SIGKILL');
          await wait(SERVER_PAUSE_MS);
          await world.redis.restart({ wipe: true });
        });
      case 'redis-freeze':
        return this.onServer('redis', async () => {
          process.kill(world.redis.pid, 'SIGSTOP');
          await wait(fault.forMs);
          process.kill(world.redis.pid, 'SIGCONT');
        });
      case 'postgres-stop':
        return this.onServer('postgres', async () => {
          await world.postgres.kill('SIGQUIT');
          await wait(SERVER_PAUSE_MS);
          await world.postgres.restart();
        });
      case 'postgres-disconnect':
        return this.onServer('postgres', () => disconnectAll(world));
      case 'provider-weather':
        return this.weather('/v1/faults', fault.knobs);
      case 'mail-weather':
        return this.weather('/mailbox/faults', fault.knobs);
    }
  }

  /** Breaks one process of those that are whole, and sees to it that it runs again afterwards. */
  private async onProcess(
    draw: number,
    among: readonly FleetProcess[],
    act: (one: FleetProcess) => Promise<unknown>,
  ): Promise<boolean> {
    const whole = among.filter((one) => one.isRunning && !this.world.busy.has(one.name));
    const one = whole[Math.floor(draw * whole.length)];
    if (one === undefined) return false;
    this.world.busy.add(one.name);
    try {
      await act(one);
      if (!one.isRunning) await revive(one);
    } finally {
      this.world.busy.delete(one.name);
    }
    return true;
  }

  private async onServer(server: 'postgres' | 'redis', act: () => Promise<void>): Promise<boolean> {
    if (this.brokenServers.has(server)) return false;
    this.brokenServers.add(server);
    try {
      await act();
    } finally {
      this.brokenServers.delete(server);
    }
    return true;
  }

  /** Restarts every process of an app with the order to die at a point, until one did; then they run without it again. */
  private async crashAt({ point, app: wanted }: Place, draw: number): Promise<boolean> {
    const apps = APPS_AT[point.split('.')[0] ?? ''] ?? ['gateway'];
    const app = wanted ?? apps[Math.floor(draw * apps.length)] ?? apps[0];
    const { ear, busy } = this.world;
    const victims = await this.wholeOnes(app);
    for (const one of victims) busy.add(one.name);
    try {
      const before = ear.crashesAt(point);
      // A process may pass the point before it is up; its start counts as failed then, and that is what was wanted.
      const env = { BILLFLEET_CRASH: `${point}=1` };
      await Promise.all(victims.map((one) => one.restart(env).catch(() => undefined)));
      const thirst = setInterval(this.wantBuyers, THIRST_MS);
      const deadline = performance.now() + CRASH_WAIT_MS;
      while (ear.crashesAt(point) === before && performance.now() < deadline) await wait(CRASH_POLL_MS);
      clearInterval(thirst);
      await Promise.all(
        victims.map(async (one) => {
          await one.kill('SIGKILL');
          await revive(one);
        }),
      );
      return ear.crashesAt(point) > before;
    } finally {
      for (const one of victims) busy.delete(one.name);
    }
  }

  /** The processes of an app that nobody else is breaking; waits for the first one. */
  private async wholeOnes(app: AppName): Promise<readonly FleetProcess[]> {
    for (;;) {
      const whole = processesOf(this.world, app).filter((one) => one.isRunning && !this.world.busy.has(one.name));
      if (whole.length > 0) return whole;
      await wait(CRASH_POLL_MS);
    }
  }

  /** Sets the sandbox's own fault knobs; it may be down just now. */
  private async weather(path: string, knobs: Readonly<Record<string, number>>): Promise<boolean> {
    for (let tries = 0; tries < WEATHER_TRIES_MAX; tries += 1) {
      if (await setKnobs(this.world, path, knobs)) return true;
      await wait(SERVER_PAUSE_MS);
    }
    throw new Error(`the sandbox did not take ${path}`);
  }

  /** Ends every fault: frozen things wake up, knobs go back to none. */
  async calm(): Promise<void> {
    process.kill(this.world.redis.pid, 'SIGCONT');
    await this.weather('/v1/faults', {});
    await this.weather('/mailbox/faults', {});
  }
}

const workersOf = (world: World): FleetProcess[] =>
  processesOf(world).filter((one) => one.name.includes('worker') || one.name.startsWith('dispatcher'));

async function setKnobs(world: World, path: string, knobs: Readonly<Record<string, number>>): Promise<boolean> {
  try {
    const reply = await fetch(new URL(path, world.environment['BILLFLEET_SANDBOX_URL']), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${world.environment['BILLFLEET_SANDBOX_API_KEY'] ?? ''}`,
      },
      body: JSON.stringify(knobs),
      signal: AbortSignal.timeout(3_000),
    });
    if (reply.status >= 400 && reply.status < 500) throw new Error(`${path}: ${await reply.text()}`);
    return reply.ok;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(path)) throw error;
    return false;
  }
}

async function flush(world: World): Promise<void> {
  const redis = new Redis(world.redis.url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}

async function disconnectAll(world: World): Promise<void> {
  const client = new pg.Client({ connectionString: world.postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
