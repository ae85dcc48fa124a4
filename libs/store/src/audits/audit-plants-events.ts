import { cases, orderId, workspaceId } from './audit-world.js';

const { plain, upstream, late } = cases;
const order = (n: number): string => `'${orderId(n)}'`;

/** For each audit of events the corruptions that it must notice, each by itself. */
export const eventPlants = {
  B21: [
    `delete from event where dedupe_key = 'order.paid:' || ${order(plain)}`,
    `delete from event where dedupe_key = 'order.fulfilled:' || ${order(plain)}`,
    `delete from event where type = 'order.refunded' and workspace_id = '${workspaceId(late)}'`,
    `update event set workspace_id = '${workspaceId(upstream)}' where dedupe_key = 'order.paid:' || ${order(plain)}`,
  ],
  B22: [
    `delete from event where seq = 1`,
    `delete from event e where seq = (select last from event_counter c where c.workspace_id = e.workspace_id)`,
    `update event set seq = 1`,
    `update event_counter set last = last + 1`,
    `delete from event_counter where workspace_id = '${workspaceId(plain)}'`,
    `delete from event where workspace_id = '${workspaceId(plain)}'`,
  ],
  L11: [
    `update event set status = 'owed' where workspace_id = '${workspaceId(plain)}' and seq = 1`,
    `update event set status = 'owed', tries = 1, next_try_at = now() + interval '1 hour' where workspace_id = '${workspaceId(plain)}' and seq = 1`,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
