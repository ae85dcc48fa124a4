import type { paths } from '../api/schema.js';
import type { Order } from '../api/types.js';

/** A page of the order history. */
export type OrderPage = paths['/v1/workspaces/{id}/orders']['get']['responses'][200]['content']['application/json'];
/** An order of the list. */
export type OrderRow = OrderPage['orders'][number];
/** One thing that happened to an order. */
export type StoryEntry = Order['history'][number];
