import * as http from 'node:http';
import * as https from 'node:https';
import { signWebhook, webhookKey } from '@billfleet/payments';
import type { Clock, Log } from '@billfleet/platform';
import type { Ledger } from '../ledger/ledger.js';
import type { EventRow } from '../ledger/rows.js';
import type { Faults } from './faults.js';
import type { Wire } from './wire.js';

const deliveriesMax = 32;
const replyTimeoutMs = 10_000;
const drainMs = 3000;
const backoffMs = [1000, 2000, 5000, 10_000, 30_000] as const;
const giveUpAfterMs = 24 * 3_600_000;

type Delivery = { readonly event: EventRow; tries: number };

/**
 * Brings events to the merchant: signed, at least once, again and again until the answer is 2xx or a day has passed. What is owed
 * is in the ledger, so a restart forgets nothing; an event may come twice, late and out of order, as with any provider.
 */
export class Courier {
  private readonly agent: http.Agent;
  private readonly key: Buffer;
  private readonly ready = new Set<Delivery>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly underWay = new Set<Promise<void>>();
  private isStopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly faults: Faults,
    private readonly options: { readonly notifyUrl: string; readonly webhookSecret: string },
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.key = webhookKey(options.webhookSecret);
    const client = options.notifyUrl.startsWith('https:') ? https : http;
    this.agent = new client.Agent({ keepAlive: true, maxSockets: deliveriesMax });
  }

  /** Takes up what an earlier process left behind. */
  start(): void {
    for (const event of this.ledger.pendingEvents()) this.enqueue({ event, tries: 0 }, 0);
  }

  /** Sends one event that is already in the ledger. Here the faults that concern webhooks strike. */
  send(event: EventRow): void {
    if (this.faults.strikes('webhookDrop')) {
      this.ledger.commit([{ t: 'delivered', id: event.id }]);
      return;
    }
    const copies = this.faults.strikes('webhookDuplicate') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const shuffleMs = this.faults.strikes('webhookShuffle') ? this.faults.between(100, 2000) : 0;
      this.enqueue({ event, tries: 0 }, this.faults.knobs.webhookDelayMs + shuffleMs);
    }
  }

  /** Lets deliveries that are under way end, within a few seconds; the rest waits in the ledger. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.ready.clear();
    const late = setTimeout(() => this.agent.destroy(), drainMs);
    await Promise.all(this.underWay);
    clearTimeout(late);
    this.agent.destroy();
  }

  private enqueue(delivery: Delivery, delayMs: number): void {
    if (this.isStopped) return;
    if (delayMs === 0) {
      this.ready.add(delivery);
      this.pump();
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.enqueue(delivery, 0);
    }, delayMs);
    this.timers.add(timer);
  }

  private pump(): void {
    for (const delivery of this.ready) {
      if (this.underWay.size >= deliveriesMax) return;
      this.ready.delete(delivery);
      const done = this.deliver(delivery).finally(() => {
        this.underWay.delete(done);
        this.pump();
      });
      this.underWay.add(done);
    }
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { event } = delivery;
    const said = await this.post(event);
    if (said.kind === 'answered' && said.status >= 200 && said.status < 300) {
      this.settle(event);
      return;
    }
    if (this.clock.now().getTime() - event.createdAt > giveUpAfterMs) {
      this.log.warn({ eventId: event.id, type: event.type }, 'webhook given up after a day');
      this.settle(event);
      return;
    }
    // A second copy of an event that has arrived meanwhile owes nothing any more.
    if (!this.ledger.isPending(event.id)) return;
    this.log.debug({ eventId: event.id, tries: delivery.tries, said }, 'webhook not taken');
    const delayMs = backoffMs[Math.min(delivery.tries, backoffMs.length - 1)] ?? 30_000;
    this.enqueue({ event, tries: delivery.tries + 1 }, delayMs);
  }

  private settle(event: EventRow): void {
    if (this.ledger.isPending(event.id)) this.ledger.commit([{ t: 'delivered', id: event.id }]);
  }

  private post(event: EventRow): Promise<{ kind: 'answered'; status: number } | { kind: 'failed'; code: string }> {
    const { id, type, reference, attemptId } = event;
    const payload: Wire<'event'> = {
      type,
      timestamp: new Date(event.createdAt).toISOString(),
      data: { reference, attemptId },
    };
    const body = Buffer.from(JSON.stringify(payload));
    return new Promise((resolve) => {
      const client = this.options.notifyUrl.startsWith('https:') ? https : http;
      const request = client.request(this.options.notifyUrl, {
        method: 'POST',
        agent: this.agent,
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          ...signWebhook(this.key, id, this.clock.now(), body),
        },
      });
      const timer = setTimeout(() => request.destroy(new Error('timeout')), replyTimeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        resolve({ kind: 'failed', code: 'code' in error ? String(error.code) : error.message });
      };
      request.on('error', fail);
      request.on('response', (response) => {
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(timer);
          resolve({ kind: 'answered', status: response.statusCode ?? 0 });
        });
        response.resume();
      });
      request.end(body);
    });
  }
}
