import { priceListById } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import { refused } from './requests-once.js';

const DAY_MS = 86_400_000;

/** When an order on account is due, and when it ends unpaid. */
export type TermsOnAccount = { readonly kind: 'agreed'; readonly dueAt: Date; readonly expiresAt: Date };

/** The terms of an order on account that a workspace places now: only a contract may say that its orders are paid later. */
export function termsOnAccount(
  priceListId: string,
  workspaceId: string,
  { catalogue, now }: { readonly catalogue: Catalogue; readonly now: Date },
): TermsOnAccount | ReturnType<typeof refused> {
  const dueDays = dueDaysOf(priceListId, workspaceId, catalogue);
  if (dueDays === undefined) {
    return refused(422, {
      code: 'account_not_agreed',
      field: 'payment.collection',
      found: 'account',
      wanted: 'a price of a contract under which orders are paid by their invoice; else another way to pay',
    });
  }
  const inDays = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
  return { kind: 'agreed', dueAt: inDays(dueDays), expiresAt: inDays(dueDays + catalogue.pendingOrder.overdueDays) };
}

/** Days after which an invoice is due that is priced by a list; undefined where nothing is sold on account by it. */
export const dueDaysOf = (priceListId: string, workspaceId: string, catalogue: Catalogue): number | undefined =>
  priceListById(catalogue, priceListId, workspaceId)?.contract?.dueDays;

/** The earlier one of two instants. */
export const earlierOf = (left: Date, right: Date): Date => (left < right ? left : right);
