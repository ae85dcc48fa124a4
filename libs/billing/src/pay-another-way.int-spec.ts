import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseCatalogue } from '@billfleet/contracts';
import { MovableClock, noCrash } from '@billfleet/platform';
import { dataSourceOptions, Store, tenants } from '@billfleet/store';
import type { OwedWork } from '@billfleet/store';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { CallProvider } from './call-provider.js';
import { PayOrdersAnotherWay } from './pay-another-way.js';
import { PlaceOrders } from './place-orders.js';
import type { Provider, SeenAtProvider } from './ports.js';
import { WorkspaceClock } from './workspace-clock.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 4, app: 'another way test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
const read = parseCatalogue(readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8'));
if (read.kind === 'faulty') throw new Error('the catalogue is faulty');
const { catalogue } = read;
const parts = { store, catalogue, clock: new WorkspaceClock(new MovableClock(new Date('2026-10-05T15:00:00Z'))) };
const workspaceId = randomUUID();

beforeAll(async () => {
  await source.initialize();
  const place = { country: 'US', currency: 'USD', timeZone: 'America/New_York', locale: 'en' } as const;
  const more = { name: 'Payer', billingEmail: 'admin@customer.example', trialEndsOn: null };
  await store.transaction((tx) => tenants.insertWorkspaces(tx, [{ id: workspaceId, ...place, ...more }]));
});
afterAll(() => source.destroy());

const owed = (kind: string): Promise<OwedWork[]> =>
  store.query<OwedWork>(`select id, generation, kind, ref, attempts from work where kind = $1`, [kind]);

test('an order whose charge is on its way to the provider is not charged another way as well', async () => {
  const charged: SeenAtProvider[] = [];
  let letIn: () => void = () => undefined;
  const arrival = new Promise<void>((resolve) => (letIn = resolve));
  const never = () => Promise.reject(new Error('nobody asks for this here'));
  const provider: Provider = {
    ...{ id: 'sandbox', createCheckout: never, cancelCheckout: never, refund: never, storeMethod: never },
    charge: async ({ attemptId, amountMinor, currency, token }) => {
      if (token === 'tok_visa') await arrival;
      const seen = { reference: attemptId, attemptId, state: 'succeeded', amountMinor, currency } as const;
      charged.push(seen);
      return { outcome: 'observed', value: seen };
    },
    fetchMany: never,
    findByAttempts: (ids) =>
      Promise.resolve({ outcome: 'observed', value: charged.filter(({ attemptId }) => ids.includes(attemptId)) }),
  };
  const { dunning } = catalogue.renewal;
  const calling = { publicUrl: 'http://localhost', firstCheckMs: 1, dunning };
  const workers = new CallProvider({ store, provider, crash: noCrash, ...calling });
  const from = { idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null } as const;
  const wish = { plan: 'advanced', seats: 5, periodMonths: 6, expectedAmountMinor: '105000' };
  const payment = { collection: 'provider', method: 'card', installments: 1, token: 'tok_visa' } as const;
  const purchase = { ...wish, expectedCurrency: 'USD' } as const;
  const [placed] = await new PlaceOrders({ ...parts, providerId: 'sandbox', crash: noCrash }).run([
    { ...from, input: { workspaceId, purchase, payment } },
  ]);
  if (placed?.kind !== 'accepted') throw new Error('the order was refused');
  const charging = workers.chargeTokens(await owed('token.charge'));
  const [outcome] = await new PayOrdersAnotherWay({ ...parts, providerId: 'sandbox' }).run([
    {
      ...{ ...from, idempotencyKey: randomUUID() },
      input: {
        workspaceId,
        orderId: placed.ref,
        payment: { method: 'card', installments: 1, token: 'tok_mastercard' },
      },
    },
  ]);
  await workers.cancelCheckouts(await owed('checkout.cancel'));
  await workers.chargeTokens((await owed('token.charge')).slice(1));
  letIn();
  await charging;
  expect(charged).toHaveLength(1);
  expect(outcome).toMatchObject({ kind: 'refused', problem: { status: 409, code: 'charge_under_way' } });
});
