import type { paths } from '../api/schema.js';
import type { Method } from '../api/types.js';

/** How an order is to be paid. `stored`: by the method that is stored already. */
export type WayToPay = { readonly way: Method | 'stored'; readonly installments: string };

type OrderBody = NonNullable<paths['/v1/orders']['post']['requestBody']>['content']['application/json'];
type OrderOf = { readonly workspaceId: string; readonly quoteId: string; readonly storedMethod: Method | undefined };

/** The order of a quote. Whom it bills is stored with the workspace by then, and copied from there. */
export function orderBody({ way, installments }: WayToPay, { workspaceId, quoteId, storedMethod }: OrderOf): OrderBody {
  const method = way === 'stored' ? (storedMethod ?? 'card') : way;
  const payment = {
    ...{ collection: 'provider' as const, method, installments: method === 'card' ? Number(installments) : 1 },
    ...(way === 'stored' ? { stored: true as const } : {}),
  };
  return { workspaceId, quoteId, payment };
}
