import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { DestinationStream, Logger, LoggerOptions } from 'pino';

/** Structured log lines: one JSON object a line, with ids of orders and work, never personal or payment data. */
export type Log = Pick<Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'> & {
  child(bindings: Record<string, unknown>): Log;
};

const LOGGED_TEXTS = ['message', 'code', 'stack', 'constraint', 'table'] as const;
const CAUSES_MAX = 5;

/**
 * What a log may hold of an error. Left out is all that drivers add: `detail`, `where`, `query` and `parameters` repeat rows, and with them
 * names and tax ids.
 */
function loggedError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields = error as Partial<Record<(typeof LOGGED_TEXTS)[number], unknown>>;
  const texts = LOGGED_TEXTS.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]]] : []));
  const hasCause = error.cause !== undefined && depth < CAUSES_MAX;
  return {
    type: error.constructor.name,
    ...Object.fromEntries(texts),
    ...(hasCause ? { cause: loggedError(error.cause, depth + 1) } : {}),
  };
}

/** The logger of one process; it writes to standard output unless told where to. */
export function createLog(app: string, level: string, out?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    serializers: { err: (error: unknown) => loggedError(error) },
    base: { app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: [
      'password',
      'secret',
      'authorization',
      'token',
      'email',
      '*.password',
      '*.secret',
      '*.authorization',
      '*.token',
      '*.email',
    ],
  };
  return out === undefined ? pino(options) : pino(options, out);
}

/** A log that writes nothing, for tests. */
export const silentLog: Log = createLog('silent', 'silent');

/** Lets Nest write through our log; Nest passes the context as the last argument. */
export class NestLog implements LoggerService {
  constructor(private readonly out: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: 'fatal' | 'error' | 'warn' | 'debug' | 'trace', message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    if (message instanceof Error) this.out[level]({ context, err: message }, message.message);
    else this.out[level]({ context }, typeof message === 'string' ? message : JSON.stringify(message));
  }
}
