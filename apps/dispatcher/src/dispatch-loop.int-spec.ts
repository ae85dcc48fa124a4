import { DispatchDue } from '@billfleet/billing';
import { createBase, loadConfig, noCrash } from '@billfleet/platform';
import type { Base } from '@billfleet/platform';
import { Canary, queueConnection } from '@billfleet/queue';
import { dataSourceOptions, Store } from '@billfleet/store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { until } from '../../../test/support/until.js';
import { DispatchLoop } from './dispatch-loop.js';

const base: Base = createBase(
  'test',
  loadConfig({
    ...process.env,
    BILLFLEET_SANDBOX_API_KEY: 'sk_sandbox_0123456789abcdef',
    BILLFLEET_SANDBOX_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    BILLFLEET_HOST_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    BILLFLEET_LINK_SECRET: 'a-link-secret-for-tests',
    BILLFLEET_OPS_PASSWORD: 'a-password-for-tests',
    LOG_LEVEL: 'silent',
  }),
);
const source = new DataSource(
  dataSourceOptions({ url: base.config.databaseUrl, poolSize: 2, app: 'dispatch loop test' }),
);

/** The tests share one Redis, so its real policy stays as it is. */
class CanaryOf extends Canary {
  asked = 0;
  constructor(private readonly policy: string) {
    super(queueConnection(base));
  }
  override evictionPolicy(): Promise<string> {
    this.asked += 1;
    return Promise.resolve(this.policy);
  }
}

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

test.each([
  ['allkeys-lru', 1],
  ['noeviction', 0],
])('at its start the dispatcher looks at the policy %s of Redis and logs %d errors', async (policy, errors) => {
  const logged = jest.spyOn(base.log, 'error');
  const store = new Store(source, { leaseMs: 30_000 });
  const canary = new CanaryOf(policy);
  const loop = new DispatchLoop({ ...base, metrics: createBase('test', base.config).metrics }, store, {
    canary,
    dispatch: new DispatchDue(store, () => undefined, noCrash),
    sweeps: [],
  });
  await loop.onApplicationBootstrap();
  await until('the policy', () => canary.asked > 0);
  await loop.beforeApplicationShutdown();
  expect(canary.asked).toBe(1);
  expect(logged.mock.calls).toHaveLength(errors);
  if (errors > 0) expect(logged).toHaveBeenCalledWith({ policy }, expect.stringContaining('noeviction'));
  logged.mockRestore();
});
