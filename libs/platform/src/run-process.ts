import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import { ConfigError, loadConfig } from './config.js';
import type { Config } from './config.js';
import { crashFrom } from './crash-points.js';
import type { Crash } from './crash-points.js';
import { Health, serveHealth } from './health.js';
import { createLog, NestLog } from './logger.js';
import type { Log } from './logger.js';
import { createMetrics } from './metrics.js';
import type { Metrics } from './metrics.js';

/** What every process of the fleet starts from. */
export type Base = {
  readonly app: string;
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly crash: Crash;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Tests only: called before each commit; throwing makes the transaction fail there. */
  readonly beforeCommit?: () => void;
  /** Tests only: how often each shout is added to its queue, to prove that doubled jobs do their work once. */
  readonly shoutCopies?: number;
};

/** A process that has come up. `port`: where it serves HTTP itself; without it the health pages get a server of their own. */
export type Running = { readonly context: INestApplicationContext; readonly port?: number };

/** Builds what a process starts from; tests give their own configuration and clock. */
export function createBase(app: string, config: Config, clock: Clock = systemClock): Base {
  return {
    app,
    config,
    clock,
    log: createLog(app, config.logLevel),
    crash: crashFrom(config.crash),
    health: new Health(),
    metrics: createMetrics(app),
  };
}

/**
 * Runs one process of the fleet: reads the configuration (exit 78 with all faults), starts, says `up`, and on SIGTERM, SIGINT or the
 * loss of its launcher stops taking work, drains within the deadline and exits with 0.
 */
export async function runProcess(app: string, start: (base: Base) => Promise<Running>): Promise<void> {
  const config = readConfig();
  const base = createBase(app, config);
  const { log, health } = base;
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    process.exit(70);
  });
  try {
    const running = await start(base);
    const side =
      running.port === undefined
        ? await serveHealth(health, base.metrics.registry, { host: config.host, port: config.healthPort })
        : undefined;
    stopOnSignal(base, running.context);
    health.markUp();
    log.info({ port: running.port ?? side?.port, startMs: Math.round(process.uptime() * 1_000) }, 'up');
    // The launcher reads this line, whatever the log level is.
    if (
      config.logLevel === 'silent' ||
      config.logLevel === 'fatal' ||
      config.logLevel === 'error' ||
      config.logLevel === 'warn'
    )
      process.stdout.write(`${JSON.stringify({ app, port: running.port ?? side?.port, msg: 'up' })}\n`);
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    process.stderr.write(`${app} could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof ConfigError ? error.exitCode : 69);
  }
}

/** Runs a process that serves no HTTP of its own: a worker, or the dispatcher. */
export function runWorker(app: string, moduleFor: (base: Base) => DynamicModule): Promise<void> {
  return runProcess(app, async (base) => {
    // Loaded here, since whoever only reads the configuration should not wait for Nest.
    const { NestFactory } = await import('@nestjs/core');
    const options = { logger: new NestLog(base.log), abortOnError: false };
    return { context: await NestFactory.createApplicationContext(moduleFor(base), options) };
  });
}

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}

/** What is still in hand after this much more than the drain deadline is left to its leases. */
const FORCE_AFTER_DRAIN_MS = 3_000;

function stopOnSignal({ health, log, config }: Base, context: INestApplicationContext): void {
  let isStopping = false;
  const stop = (why: string): void => {
    if (isStopping) return;
    isStopping = true;
    health.markStopping();
    log.info({ why }, 'stopping');
    setTimeout(() => process.exit(1), config.drainMs + FORCE_AFTER_DRAIN_MS).unref();
    context.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('launcher is gone'));
}
