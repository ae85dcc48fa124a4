import { createPublisher } from '@billfleet/client';
import { settingsOfChild } from '../child.js';
import { PURCHASE } from '../purchase.js';
import { serveUpstream } from '../upstream.js';
import type { UpstreamSettings } from './settings.js';

/** The upstream service of the fleet: it publishes through the SDK, as any upstream service does. */
const { databaseUrl, redisUrl, apiKey } = settingsOfChild() as UpstreamSettings;
const publisher = createPublisher({
  redisUrl,
  apiKey,
  onError: (error) => process.stderr.write(`${error.message}\n`),
});
const { plan, seats, periodMonths, amountMinor, currency } = PURCHASE;
const purchase = { plan, seats, periodMonths, expectedAmountMinor: amountMinor, expectedCurrency: currency };

await serveUpstream(
  {
    async place(purchases) {
      await Promise.all(
        purchases.map(({ workspaceId, orderKey }) =>
          publisher.publish(
            'order.place',
            { workspaceId, purchase, payment: { collection: 'upstream' } },
            { idempotencyKey: orderKey },
          ),
        ),
      );
    },
    async confirm(purchases) {
      const paidAt = new Date().toISOString();
      await Promise.all(
        purchases.map(({ workspaceId, orderKey, reference }) =>
          publisher.publish(
            'payment-confirmation.record',
            {
              provider: 'upstream',
              workspaceId,
              order: { workspaceId, orderKey },
              reference,
              amountMinor,
              currency,
              paidAt,
            },
            { idempotencyKey: reference },
          ),
        ),
      );
    },
  },
  databaseUrl,
);
