import { canonicalJson, paymentConfirmationQueue } from '@billfleet/contracts';
import type { Json } from '@billfleet/contracts';
import { invariant, priceListById, seatsInUseRefusal, stillFits, withContracts } from '@billfleet/domain';
import type { Catalogue, NextTerm, QuoteBasis } from '@billfleet/domain';
import { chargebacks, contracts, management, orders, quotes, renewals, tenants, work } from '@billfleet/store';
import type { LockedSubscription, Problem, Standing, StoredQuote, Store, Tx } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import { sha256 } from './ids.js';
import { cancelOrders } from './place-orders.js';
import { refused } from './requests-once.js';
import { tellSwitched } from './switch-mails.js';
import { refuseDisputed } from './return-seats.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** Whether something was switched, or why not. */
export type ManageOutcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly problem: Problem };

/** What managing subscriptions works with. */
export type ManageParts = { readonly store: Store; readonly catalogue: Catalogue; readonly clock: WorkspaceClock };

const done: ManageOutcome = { kind: 'done' };

/** Switches what admins and staff can switch on a subscription without a payment. Repeats change nothing. */
export class ManageSubscriptions {
  constructor(private readonly parts: ManageParts) {}

  /** Plans what a quote of the kind `scheduled-change` says for the next term; a newer plan replaces the older one. */
  schedule(workspaceId: string, quoteId: string, by: string): Promise<ManageOutcome> {
    return this.withSubscription(workspaceId, async (tx, { id, ...subscription }) => {
      const now = this.parts.clock.nowOf(subscription);
      const [locked, standings] = await Promise.all([
        quotes.lockQuotes(tx, [quoteId]),
        orders.standings(tx, [workspaceId], () => now),
      ]);
      const quote = locked.get(quoteId);
      const held = standings.get(workspaceId)?.held;
      const fault = refuseQuote(quote, workspaceId, held, now);
      if (fault !== undefined) return fault;
      invariant(quote !== undefined, 'a quote that is not there was refused');
      invariant(sha256(canonicalJson(quote.content as Json)) === quote.hash, `quote ${quoteId} is not what was hashed`);
      return this.replan(tx, workspaceId, now, async () => {
        const scheduled = nextOf(quote);
        const version = await management.setScheduled(tx, id, { scheduled, by, at: now });
        return tellOfPlan(tx, { workspaceId, version, scheduled, by });
      });
    });
  }

  /** Takes the planned change back: the next term is as the present one. */
  unschedule(workspaceId: string, by: string): Promise<ManageOutcome> {
    return this.withSubscription(workspaceId, (tx, { id, clockAt }) =>
      this.replan(tx, workspaceId, this.parts.clock.nowOf({ clockAt }), async () => {
        const version = await management.setScheduled(tx, id, null);
        return tellOfPlan(tx, { workspaceId, version, scheduled: null, by });
      }),
    );
  }

  /** Turns automatic renewal on or off, from now on. On needs a method that can be charged without the payer, which Pix is not. */
  switchAutoRenewal(workspaceId: string, on: boolean, by: string): Promise<ManageOutcome> {
    return this.withSubscription(workspaceId, async (tx, { id, hasMethod, clockAt }) => {
      if (on && !hasMethod) {
        return refused(409, {
          code: 'renewal_method_missing',
          field: 'on',
          found: 'no method that can be charged without its payer',
          wanted: 'a stored card or wallet; store one first',
        });
      }
      if (on && (await chargebacks.isDisputed(tx, workspaceId))) return refuseDisputed('on');
      const now = this.parts.clock.nowOf({ clockAt });
      const version = await management.switchAutoRenewal(tx, id, on, by, now);
      const cause = `${workspaceId}:${String(version)}`;
      if (version === undefined) return done;
      emitEvents(tx, [{ type: 'auto_renewal.changed', workspaceId, cause, data: { isOn: on, by } }]);
      await tellSwitched(tx, { workspaceId, on, by, version, catalogue: this.parts.catalogue, now });
      if (!on) await stopCharges(tx, workspaceId);
      return done;
    });
  }

  /** Staff move a subscription to another price list from its next term on; null leaves it on its own. */
  movePriceList(
    workspaceId: string,
    move: { readonly priceListId: string | null; readonly reason: string },
    actor: string,
  ): Promise<ManageOutcome> {
    const { priceListId, reason } = move;
    return this.withSubscription(workspaceId, async (tx, { id, clockAt }) => {
      const [workspaces, lists] = await Promise.all([
        tenants.findWorkspaces(tx, [workspaceId]),
        contracts.listsOf(tx, [workspaceId]),
      ]);
      const workspace = workspaces.get(workspaceId);
      const catalogue = withContracts(this.parts.catalogue, lists);
      const list = priceListId === null ? undefined : priceListById(catalogue, priceListId, workspaceId);
      if (priceListId !== null && (list === undefined || list.currency !== workspace?.currency)) {
        return refused(422, {
          code: 'price_list_missing',
          field: 'priceListId',
          found: priceListId,
          wanted: `a price list in ${workspace?.currency ?? 'the currency'} that this workspace may have`,
        });
      }
      const now = this.parts.clock.nowOf({ clockAt });
      const outcome = await this.replan(tx, workspaceId, now, () => management.setNextPriceList(tx, id, priceListId));
      if (outcome.kind === 'refused') return outcome;
      await management.noteStaffAction(tx, {
        actor,
        action: 'price-list.move',
        subject: `workspace ${workspaceId}`,
        reason,
        change: { before: null, after: priceListId ?? 'the list of the subscription' },
      });
      return done;
    });
  }

  /**
   * Changes what the next term is. Its unpaid renewal order would sell something else, so it is taken back and the end of the
   * term is looked at anew; while a payment of it is under way, or not given yet, nothing can change any more.
   */
  private async replan(tx: Tx, workspaceId: string, now: Date, change: () => Promise<boolean>): Promise<ManageOutcome> {
    const unpaid = await renewals.lockUnpaidRenewal(tx, workspaceId);
    if (unpaid?.isCharging === true) {
      return refused(409, {
        code: 'renewal_in_progress',
        field: 'id',
        found: 'a payment of the next term that is under way',
        wanted: 'the same once that term is given, or its payment has failed',
      });
    }
    if (!(await change())) return done;
    const stale = unpaid === undefined ? [] : [unpaid.id];
    await renewals.detachOrders(tx, stale);
    await cancelOrders(tx, stale, 'the next term was planned anew');
    await renewals.lookSoon(tx, [workspaceId], now);
    return done;
  }

  private withSubscription(
    workspaceId: string,
    change: (tx: Tx, subscription: LockedSubscription) => Promise<ManageOutcome>,
  ): Promise<ManageOutcome> {
    return this.parts.store.transaction(async (tx) => {
      const subscription = await management.lockSubscription(tx, workspaceId);
      if (subscription === undefined || subscription.status === 'closed') {
        return refused(409, {
          code: 'subscription_missing',
          field: 'id',
          found: subscription === undefined ? 'a workspace that never had a subscription' : 'a closed subscription',
          wanted: 'a purchase first',
        });
      }
      return change(tx, subscription);
    });
  }
}

/** How long after a charge was stopped the provider is asked whether it had been sent just before. */
const LOOK_AFTER_STOP_MS = 60_000;

/** The charge of a renewal that waits to be made, such as for a provider that is away, is not made any more. */
async function stopCharges(tx: Tx, workspaceId: string): Promise<void> {
  const unpaid = await renewals.lockUnpaidRenewal(tx, workspaceId);
  const stopped = unpaid === undefined ? [] : await renewals.stopCharges(tx, unpaid.id);
  await work.owe(tx, paymentConfirmationQueue, 'attempt.check', stopped, { runInMs: LOOK_AFTER_STOP_MS });
}

type Plan = {
  readonly workspaceId: string;
  readonly version: number | undefined;
  readonly scheduled: NextTerm | null;
  readonly by: string;
};

/** Without a version nothing changed, so there is nothing to tell. Answers whether there was. */
function tellOfPlan(tx: Tx, { workspaceId, version, scheduled, by }: Plan): boolean {
  if (version === undefined) return false;
  const cause = `${workspaceId}:${String(version)}`;
  emitEvents(tx, [{ type: 'subscription.scheduled_change', workspaceId, cause, data: { scheduled, by } }]);
  return true;
}

function refuseQuote(
  quote: StoredQuote | undefined,
  workspaceId: string,
  held: Standing['held'],
  now: Date,
): ManageOutcome | undefined {
  const refuse = (code: string, status: number, found: string, wanted: string): ManageOutcome =>
    refused(status, { code, field: 'quoteId', found, wanted });
  if (quote?.workspaceId !== workspaceId) {
    return refuse('quote_unknown', 404, 'an id that is not known here', 'a quote of this workspace');
  }
  if (quote.kind !== 'scheduled-change') {
    return refuse(
      'quote_not_schedulable',
      409,
      `a quote of the kind ${quote.kind}`,
      'one of the kind scheduled-change',
    );
  }
  if (quote.expiresAt <= now) {
    return refuse('quote_expired', 409, `ended at ${quote.expiresAt.toISOString()}`, 'a new quote');
  }
  const { basis, atRenewal } = quote.content as { basis: QuoteBasis; atRenewal: { seats: number } };
  const fits = held !== undefined && stillFits({ kind: 'upgrade', basis }, held);
  if (!fits) return refuse('quote_outdated', 409, 'a quote from before the subscription changed', 'a new quote');
  const isTooFew = atRenewal.seats < held.seats && atRenewal.seats < held.seatsInUse;
  return isTooFew ? refused(409, seatsInUseRefusal('quoteId', held.seatsInUse, atRenewal.seats)) : undefined;
}

/** What differs in the next term, as the quote showed it. */
function nextOf({ content }: StoredQuote): NextTerm {
  const { plan, seats, periodMonths, atRenewal } = content as unknown as Required<NextTerm> & {
    readonly atRenewal: Required<NextTerm>;
  };
  return {
    ...(atRenewal.plan === plan ? {} : { plan: atRenewal.plan }),
    ...(atRenewal.seats === seats ? {} : { seats: atRenewal.seats }),
    ...(atRenewal.periodMonths === periodMonths ? {} : { periodMonths: atRenewal.periodMonths }),
  };
}
