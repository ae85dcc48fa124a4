import { advanceTestClock, attachToTestClock, createTestClock } from '@billfleet/contracts';
import type { z } from 'zod';
import { absentIfUnknown } from './call-gateway.js';
import type { Call } from './call-gateway.js';
import { validate } from './validate.js';

/** A test clock as it stands. Instants are ISO 8601 in UTC. `blocked`: it waits for dead work, which a person has to retry or kill. */
export type TestClock = {
  readonly id: string;
  readonly name: string;
  readonly status: 'ready' | 'advancing' | 'blocked';
  readonly nowAt: string;
  /** Until when it is being advanced; null while it stands still. */
  readonly targetAt: string | null;
  readonly workspaces: number;
  /** Work that has to be done before it goes on, oldest first, 20 at most. */
  readonly waitsFor: readonly {
    readonly id: string;
    readonly kind: string;
    readonly workspaceId: string;
    readonly isDead: boolean;
    readonly lastError: string | null;
  }[];
};

/** Time for workspaces that are tried out. All of it needs an admin key of a service or an operator; repeats change nothing. */
export type TestClocks = {
  /** The id is yours. */
  create(request: z.input<typeof createTestClock>): Promise<TestClock>;
  /** Puts a workspace on a clock, for good. */
  attach(clockId: string, workspaceId: string): Promise<TestClock>;
  /** Sends a clock forward; look until its status is `ready`. */
  advance(clockId: string, to: string): Promise<TestClock>;
  /** Undefined for an unknown clock. */
  get(clockId: string): Promise<TestClock | undefined>;
};

/** The part of the client that is about test clocks. */
export function testClocksOf(call: <View>(one: Call) => Promise<View>): TestClocks {
  const pathOf = (clockId: string, what = ''): string => `/v1/test-clocks/${encodeURIComponent(clockId)}${what}`;
  return {
    create: async (request) =>
      call({ method: 'POST', path: '/v1/test-clocks', body: validate('testClocks.create', createTestClock, request) }),
    attach: async (clockId, workspaceId) =>
      call({
        method: 'POST',
        path: pathOf(clockId, '/workspaces'),
        body: validate('testClocks.attach', attachToTestClock, { workspaceId }),
      }),
    advance: async (clockId, to) =>
      call({
        method: 'POST',
        path: pathOf(clockId, '/advance'),
        body: validate('testClocks.advance', advanceTestClock, { to }),
      }),
    get: (clockId) => absentIfUnknown(call<TestClock>({ method: 'GET', path: pathOf(clockId) })),
  };
}
