import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { tellParent, whenTold } from './child.js';
import { purchaseOf } from './purchase.js';
import type { Purchase } from './purchase.js';

/** How one pipeline is fed. */
export type Door = {
  place(purchases: readonly Purchase[]): Promise<void>;
  confirm(purchases: readonly Purchase[]): Promise<void>;
};

/** A stretch of purchases, as fast as possible or so many per second. */
export type Stretch = {
  readonly kind: 'run';
  readonly from: number;
  readonly count: number;
  readonly perSecond: number | null;
};

/** What the upstream service says of a stretch: when each purchase was due to be published, in milliseconds since the epoch. */
export type Published = { readonly kind: 'published'; readonly publishedAtMs: readonly number[] };

const LOOK_EVERY_MS = 10;
const LOOK_AT_MOST = 400;
const CHUNK = 200;
const nowMs = (): number => performance.timeOrigin + performance.now();

/**
 * The upstream service, the same for both pipelines: it publishes orders, sees every few milliseconds which orders exist by now, and
 * publishes a confirmation for each of them.
 */
export async function serveUpstream(door: Door, databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const placed = new PlacedOrders(client);
  whenTold('run', async (message) => {
    const stretch = message as Stretch;
    const confirming = confirmAll(door, placed, stretch.count);
    const publishedAtMs = await placeAll(door, placed, stretch);
    await confirming;
    tellParent({ kind: 'published', publishedAtMs } satisfies Published);
  });
  tellParent({ kind: 'ready' });
}

async function placeAll(door: Door, placed: PlacedOrders, { from, count, perSecond }: Stretch): Promise<number[]> {
  const startedAtMs = nowMs();
  const publishedAtMs: number[] = [];
  const sends: Promise<void>[] = [];
  while (publishedAtMs.length < count) {
    const due = perSecond === null ? CHUNK : Math.floor(((nowMs() - startedAtMs) / 1_000) * perSecond) + 1;
    const size = Math.min(perSecond === null ? due : due - publishedAtMs.length, count - publishedAtMs.length);
    if (size > 0) {
      const first = publishedAtMs.length;
      const chunk = Array.from({ length: size }, (_, index) => purchaseOf(from + first + index));
      // Under a fixed load the time counts from when a purchase was due, so that a slow publisher cannot hide a wait.
      const at = nowMs();
      chunk.forEach((_, index) =>
        publishedAtMs.push(perSecond === null ? at : startedAtMs + ((first + index) / perSecond) * 1_000),
      );
      const send = door.place(chunk);
      placed.expect(chunk);
      if (perSecond === null) await send;
      else sends.push(send);
    }
    if (perSecond !== null) await pause(1);
  }
  await Promise.all(sends);
  return publishedAtMs;
}

async function confirmAll(door: Door, placed: PlacedOrders, count: number): Promise<void> {
  for (let confirmed = 0; confirmed < count;) {
    const fresh = await placed.fresh();
    if (fresh.length > 0) await door.confirm(fresh);
    confirmed += fresh.length;
    if (confirmed < count) await pause(LOOK_EVERY_MS);
  }
}

type Row = { readonly workspace_id: string };

/** The orders that have come to exist since the last look: the oldest that are still missing are looked up by their workspace. */
class PlacedOrders {
  private readonly missing = new Map<string, Purchase>();

  constructor(private readonly client: pg.Client) {}

  expect(purchases: readonly Purchase[]): void {
    for (const purchase of purchases) this.missing.set(purchase.workspaceId, purchase);
  }

  async fresh(): Promise<Purchase[]> {
    if (this.missing.size === 0) return [];
    const oldest = [...this.missing.keys()].slice(0, LOOK_AT_MOST);
    const { rows } = await this.client.query<Row>({
      name: 'placed orders',
      text: 'select workspace_id from orders where workspace_id = any($1::uuid[])',
      values: [oldest],
    });
    return rows.flatMap((row) => {
      const purchase = this.missing.get(row.workspace_id);
      this.missing.delete(row.workspace_id);
      return purchase ?? [];
    });
  }
}
