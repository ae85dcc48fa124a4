import { paymentConfirmationQueue } from '@billfleet/contracts';
import { notices, work } from '@billfleet/store';
import type { Notice, Store } from '@billfleet/store';
import { newId } from './ids.js';

/** What a verified webhook told us: that something happened to a payment, never how much it was. */
export type WebhookNotice = { readonly provider: string; readonly eventId: string; readonly reference: string };

/** Takes note of provider webhooks. An event that came before changes nothing. */
export class ReceiveWebhooks {
  constructor(private readonly store: Store) {}

  /** One commit for all; each result says whether the event was new. */
  run(told: readonly WebhookNotice[]): Promise<readonly boolean[]> {
    return this.store.transaction(async (tx) => {
      const rows = told.map((one): Notice => ({
        id: newId(),
        provider: one.provider,
        eventId: one.eventId,
        source: 'webhook',
        workspaceId: null,
        attemptId: null,
        reference: one.reference,
        claim: null,
      }));
      const fresh = await notices.insertNotices(tx, rows);
      await work.owe(tx, paymentConfirmationQueue, 'notice.apply', [...fresh]);
      return rows.map((row) => fresh.has(row.id));
    });
  }
}
