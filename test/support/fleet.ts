import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSecret, newId } from '@billfleet/billing';
import { queues } from '@billfleet/contracts';
import type { Scope } from '@billfleet/contracts';
import { defaultRole } from '@billfleet/domain';
import { createBase, loadConfig, MovableClock } from '@billfleet/platform';
import type { Base, Config } from '@billfleet/platform';
import { Store, tenants } from '@billfleet/store';
import type { SqlValue } from '@billfleet/store';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queue } from 'bullmq';
import pg from 'pg';
import { auditEngine } from '../../apps/cli/src/audit-engine.js';
import { fleetVariables, newSecrets } from '../../apps/cli/src/fleet-environment.js';
import { seedApiKey } from '../../apps/cli/src/seed.js';
import { freePort } from '../../apps/cli/src/services/free-port.js';
import { DeliveryWorkerModule } from '../../apps/delivery-worker/src/app.module.js';
import { DispatcherModule } from '../../apps/dispatcher/src/app.module.js';
import { createGateway } from '../../apps/gateway/src/create-gateway.js';
import { OrderWorkerModule } from '../../apps/order-worker/src/app.module.js';
import { PaymentWorkerModule } from '../../apps/payment-worker/src/app.module.js';
import { ReminderWorkerModule } from '../../apps/reminder-worker/src/app.module.js';
import { createSandbox } from '../../apps/sandbox-provider/src/create-app.js';
import { Ledger } from '../../apps/sandbox-provider/src/ledger/ledger.js';
import { SeatWorkerModule } from '../../apps/seat-worker/src/app.module.js';
import { CommitCrashes } from './commit-crashes.js';
import { SentClock } from './test-clock.js';
import { dueToBeSwept } from './unswept.js';
import { until } from './until.js';

/** How a fleet differs from a plain one. */
export type FleetOptions = {
  /** Every shout is added twice, and the provider sends every webhook twice. */
  readonly doubleDelivery?: boolean;
  /** Every customer stands on one test clock, and that is what journeys move; the fleet's own time stands still. */
  readonly onTestClock?: boolean;
  /** Variables over the usual ones, such as the URL of a server that the test stops. */
  readonly env?: Readonly<Record<string, string>>;
};

const WORKERS = {
  'order-worker': OrderWorkerModule,
  'payment-worker': PaymentWorkerModule,
  'seat-worker': SeatWorkerModule,
  'reminder-worker': ReminderWorkerModule,
  'delivery-worker': DeliveryWorkerModule,
  dispatcher: DispatcherModule,
} as const;
/** A process that can be stopped and started alone. */
export type WorkerName = keyof typeof WORKERS;

const STARTS_AT = new Date('2026-10-05T15:00:00Z');
/** Where sales of every test fleet read of Enterprise requests. */
export const SALES_EMAIL = 'sales@seller.example';
const SETTLE_DEADLINE_MS = 45_000;
/** Work that is due later than this waits for a moment that a journey has to bring about. */
const SOON_MS = 6_000;

/** A database for one fleet: the provider's record of another fleet of the same file would not fit it. */
async function freshDatabase(): Promise<string> {
  const { BILLFLEET_TEST_SERVER_URL: serverUrl = '', BILLFLEET_TEST_TEMPLATE, DATABASE_URL = '' } = process.env;
  const url = new URL(DATABASE_URL);
  const name = `${url.pathname.slice(1)}_${randomBytes(3).toString('hex')}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`create database "${name}" template "${BILLFLEET_TEST_TEMPLATE ?? ''}" strategy file_copy`);
  await admin.end();
  url.pathname = `/${name}`;
  return url.href;
}

async function variables(options: FleetOptions, dataPath: string): Promise<Record<string, string>> {
  const { REDIS_URL: redisUrl = '', BILLFLEET_QUEUE_PREFIX = 'test' } = process.env;
  const databaseUrl = options.env?.['DATABASE_URL'] ?? (await freshDatabase());
  const [gatewayPort, sandboxPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  return {
    ...newSecrets(),
    ...fleetVariables({ databaseUrl, redisUrl, gatewayPort, sandboxPort, smtpPort }),
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['FLEET_LOG'] ?? 'silent',
    // The fleets of one file must not hear each other's jobs.
    BILLFLEET_QUEUE_PREFIX: `${BILLFLEET_QUEUE_PREFIX}-${randomBytes(3).toString('hex')}`,
    BILLFLEET_SALES_EMAIL: SALES_EMAIL,
    BILLFLEET_LEASE_MS: '2000',
    BILLFLEET_DISPATCHER_POLL_MS: '100',
    BILLFLEET_DATABASE_POOL_SIZE: '3',
    BILLFLEET_SANDBOX_DATA_DIR: dataPath,
    BILLFLEET_DRAIN_MS: '5000',
    ...options.env,
  };
}

type Settings = {
  readonly config: Config;
  readonly clock: MovableClock;
  readonly crashes: CommitCrashes;
  readonly options: FleetOptions;
};

const baseOf = (app: string, { config, clock, crashes, options }: Settings): Base => ({
  ...createBase(app, config, clock),
  beforeCommit: () => {
    crashes.strike(app);
  },
  ...(options.doubleDelivery === true ? { shoutCopies: 2 } : {}),
});

/** A look at BullMQ itself, from outside of the fleet. */
function openQueues({ redisUrl, queuePrefix }: Config): readonly Queue[] {
  const url = new URL(redisUrl);
  const connection = { host: url.hostname, port: Number(url.port), db: Number(url.pathname.slice(1) || '0') };
  return queues.map(({ name }) => {
    const queue = new Queue(name, { connection, prefix: queuePrefix, skipVersionCheck: true });
    queue.on('error', () => undefined);
    return queue;
  });
}

/** The whole fleet in this process, on the file's own database and a queue prefix of its own. */
export class Fleet {
  readonly queues: readonly Queue[];
  private readonly workers = new Map<WorkerName, INestApplicationContext>();
  private readonly store: Store;
  private sent: SentClock | undefined;

  private constructor(
    private readonly settings: Settings,
    private readonly ends: { readonly gateway: INestApplicationContext; readonly sandbox: INestApplicationContext },
    readonly apiKey: string,
  ) {
    this.queues = openQueues(settings.config);
    this.store = ends.gateway.get(Store);
  }

  /** Starts everything; whoever starts closes. */
  static async start(options: FleetOptions = {}): Promise<Fleet> {
    const env = await variables(options, await mkdtemp(join(tmpdir(), 'billfleet-journey-')));
    const settings: Settings = {
      config: loadConfig(env),
      clock: new MovableClock(STARTS_AT),
      crashes: new CommitCrashes(),
      options,
    };
    const apiKey = settings.config.bootstrapApiKey ?? '';
    await seedApiKey(settings.config.databaseUrl, apiKey);
    const { context: sandbox } = await createSandbox(baseOf('sandbox-provider', settings));
    const gatewayBase = baseOf('gateway', settings);
    const { context: gateway } = await createGateway(gatewayBase);
    gatewayBase.health.markUp();
    const fleet = new Fleet(settings, { gateway, sandbox }, apiKey);
    await Promise.all((Object.keys(WORKERS) as WorkerName[]).map((name) => fleet.startWorker(name)));
    if (options.doubleDelivery === true) await fleet.setFaults({});
    if (options.onTestClock === true) fleet.sent = await SentClock.start(fleet, STARTS_AT);
    return fleet;
  }

  get config(): Config {
    return this.settings.config;
  }

  get clock(): MovableClock {
    return this.sent ?? this.settings.clock;
  }

  /** The fleet's own time, in which its provider and the host product live; the same as `clock` where nobody stands on a test clock. */
  get ownClock(): MovableClock {
    return this.settings.clock;
  }

  /** The test clock that everybody stands on, where everybody does. */
  get testClock(): SentClock['operated'] | undefined {
    return this.sent?.operated;
  }

  /** Waits until the test clock is where it was sent; while a process is stopped it may never be. */
  async arrive(): Promise<void> {
    if (this.workers.size === Object.keys(WORKERS).length) await this.sent?.arrive();
  }

  /** Processes whose commit failed since the last `crashAtCommit`. */
  get crashed(): readonly string[] {
    return this.settings.crashes.struck;
  }

  /** In each process the n-th commit from now fails once; 0 takes that back. */
  crashAtCommit(nth: number): void {
    this.settings.crashes.arm(nth === 0 ? [] : ['gateway', ...Object.keys(WORKERS)], nth);
  }

  async startWorker(name: WorkerName): Promise<void> {
    const module = WORKERS[name].with(baseOf(name, this.settings));
    this.workers.set(name, await NestFactory.createApplicationContext(module, { logger: ['fatal'] }));
  }

  /** Stops one process as SIGTERM does: it takes nothing new and drains what it has in hand. */
  async stopWorker(name: WorkerName): Promise<void> {
    await this.workers.get(name)?.close();
    this.workers.delete(name);
  }

  /** Reads what the database holds. */
  sql<Row>(statement: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.store.query<Row>(statement, values);
  }

  /** Stores a key with these scopes; for one workspace, or for all; with the role that such a key has when nobody says which. */
  async addApiKey(
    scopes: readonly Scope[],
    workspaceId: string | null = null,
    role = defaultRole({ scopes, workspaceId }),
  ): Promise<string> {
    const [prefix, secret] = [randomBytes(6).toString('hex'), randomBytes(20).toString('hex')];
    const key = { id: newId(), prefix, secretHash: hashSecret(secret), name: 'test', scopes, role, workspaceId };
    await this.settings.crashes.spare(() => this.store.transaction((tx) => tenants.upsertApiKey(tx, key)));
    return `bf_${prefix}_${secret}`;
  }

  /** Turns the provider's fault knobs; those that are left out go back to what this fleet began with. */
  async setFaults(knobs: Readonly<Record<string, number>>): Promise<void> {
    const usual = this.settings.options.doubleDelivery === true ? { webhookDuplicate: 1 } : {};
    const reply = await this.atSandbox('/v1/faults', { ...usual, ...knobs });
    if (!reply.ok) throw new Error(`faults: ${String(reply.status)} ${await reply.text()}`);
  }

  /** Calls the sandbox process as a merchant does: GET, or POST when there is a body. */
  atSandbox(path: string, body?: unknown): Promise<Response> {
    const { sandboxUrl, sandboxApiKey } = this.config;
    const headers = { authorization: `Bearer ${sandboxApiKey}`, 'content-type': 'application/json' };
    return fetch(new URL(path, sandboxUrl), {
      headers,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  }

  /** Waits until nothing is owed that is due, no job waits in a queue and no webhook is on its way. */
  async settle(): Promise<void> {
    await this.arrive();
    await until(
      'nothing is owed',
      async () => {
        const before = await this.unsettled();
        // A webhook that arrives between the looks leaves a work row, so two quiet looks in a row are needed.
        return before.length === 0 ? await this.unsettled() : before;
      },
      { isDone: (left) => left.length === 0, deadlineMs: SETTLE_DEADLINE_MS },
    );
  }

  /** Proves the books against themselves, the provider's own record and the mailbox. @throws an error that shows what an audit found. */
  async audit(): Promise<void> {
    const broken = (await auditEngine(this.config)).filter((one) => one.violations > 0);
    if (broken.length > 0) throw new Error(`audits found: ${JSON.stringify(broken, null, 2)}`);
  }

  /** Ends all processes, then our own connections, and removes what the sandbox wrote. */
  async close(): Promise<void> {
    await this.ends.gateway.close();
    await Promise.all([...this.workers.keys()].map((name) => this.stopWorker(name)));
    await this.ends.sandbox.close();
    await Promise.all(this.queues.map((queue) => queue.close()));
    await rm(this.config.sandboxDataPath, { recursive: true, force: true });
  }

  private async unsettled(): Promise<readonly string[]> {
    const webhooks = [...this.ends.sandbox.get(Ledger, { strict: false }).pendingEvents()].map(
      (event) => `webhook ${event.type} of ${event.reference}`,
    );
    const counts = await Promise.all(
      this.queues.map(async (queue) => {
        const jobs = await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized');
        return jobs === 0 ? [] : [`${String(jobs)} jobs in ${queue.name}`];
      }),
    );
    const owed = await this.sql<{ kind: string; attempts: number; lastError: string | null }>(
      `select kind, attempts, last_error as "lastError" from work
       where dead_at is null and (leased or due_at < now() + $1 * interval '1 ms') order by id limit 20`,
      [SOON_MS],
    );
    const work = owed.map((row) => `${row.kind} after ${String(row.attempts)} tries (${row.lastError ?? 'no error'})`);
    // Without a dispatcher nobody would find it.
    const unswept = this.workers.has('dispatcher') ? await dueToBeSwept(this.store, this.settings.clock.now()) : [];
    return [...webhooks, ...counts.flat(), ...work, ...unswept];
  }
}
