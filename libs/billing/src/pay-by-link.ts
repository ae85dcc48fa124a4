import { methodsFor, payPageState } from '@billfleet/domain';
import type { PayPageState } from '@billfleet/domain';
import { payPage, tenants } from '@billfleet/store';
import type { PayPageOrder, Store } from '@billfleet/store';
import type { PayAgainInput } from './pay-another-way.js';
import type { PayLinks } from './pay-links.js';
import type { Command, CommandOutcome } from './requests-once.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** An order as the holder of its link finds it. */
export type PayPage = { readonly order: PayPageOrder; readonly state: PayPageState };

/** What paying by a link works with; `pay` is the door of paying an order another way. */
export type PayByLinkParts = {
  readonly store: Store;
  readonly clock: WorkspaceClock;
  readonly links: PayLinks;
  readonly pay: (command: Command<PayAgainInput>) => Promise<CommandOutcome>;
};

/** Shows and opens the payment of one order to whoever holds its link. */
export class PayByLink {
  constructor(private readonly parts: PayByLinkParts) {}

  /** Undefined for a link that is not ours. Changes nothing, so whoever looks at links before people do changes nothing either. */
  async look(token: string): Promise<PayPage | undefined> {
    const orderId = this.parts.links.orderOf(token);
    const order = orderId === undefined ? undefined : await payPage.findPayPageOrder(this.parts.store, orderId);
    if (order === undefined) return undefined;
    const { status, collection, expiresAt, isSwitching, open } = order;
    const state = payPageState({
      ...{ status, collection, expiresAt, isSwitching, now: this.parts.clock.nowOf(order) },
      ...(open === null
        ? {}
        : {
            open: {
              status: open.status,
              isCharge: open.isCharge,
              hasCheckout: open.checkoutUrl !== null || open.pixCode !== null,
              endsAt: new Date(open.expiresAt),
            },
          }),
    });
    return { order, state };
  }

  /** Opens a page to pay the order where nothing is open; pressing twice opens one. What stands against it shows in the next look. */
  async open(token: string): Promise<void> {
    const page = await this.look(token);
    if (page?.state !== 'payable') return;
    const { id: orderId, workspaceId, method, installments, attempts } = page.order;
    const country = (await tenants.findWorkspaces(this.parts.store, [workspaceId])).get(workspaceId)?.country ?? '';
    const [customary = 'card', ...others] = methodsFor(country);
    const wanted = [customary, ...others].find((one) => one === method) ?? customary;
    await this.parts.pay({
      input: { workspaceId, orderId, payment: { method: wanted, installments: wanted === method ? installments : 1 } },
      idempotencyKey: `pay-link:${orderId}:${String(attempts)}`,
      source: 'http',
      actorWorkspaceId: workspaceId,
    });
  }
}
