import {
  accessAt,
  addDays,
  civilDateIn,
  compare,
  declineAnswer,
  invariant,
  payPageState,
  quoteChange,
  trialStanding,
  withContracts,
} from '@billfleet/domain';
import type { Access, Catalogue, CivilDate, Currency, DeclineAnswer, PayPageState } from '@billfleet/domain';
import { billingView, contracts, management, subscriptions, tenants } from '@billfleet/store';
import type {
  BillingSeen,
  Store,
  StoredWorkspace,
  SubscriptionFacts,
  SubscriptionView,
  UnpaidOrderSeen,
} from '@billfleet/store';
import { subscriptionOf } from './price-wish.js';
import { declineReason } from './tell-declines.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** Where a workspace stands, in the words of its first screen. `grace`: the term is over, and everything may still be used. */
export type BillingStatus = 'none' | 'trialing' | 'trial_ended' | 'active' | 'grace' | 'expired' | 'closed';

/** Why a term cannot be extended by hand now. */
export type ExtensionBar = 'not_bought' | 'closed' | 'auto_renewal_on' | 'next_term_paid' | 'term_over';

/** What the next term is and costs. `on`: the day on which it is charged by itself, else the day by which it has to be paid. */
export type NextTermSeen = {
  readonly on: CivilDate;
  readonly isCharged: boolean;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly currency: Currency;
  readonly amountMinor: bigint;
};

/** An unpaid order as its people find it. */
export type UnpaidOrderShown = Omit<UnpaidOrderSeen, 'declined' | 'isSwitching'> & {
  readonly state: PayPageState;
  readonly declined: {
    readonly reason: string;
    readonly at: string;
    /** What is asked of its owner; null while the same method is charged again by itself. */
    readonly asks: Exclude<DeclineAnswer, 'retry'> | null;
  } | null;
};

/** What the first screen shows, in one answer. */
export type BillingShown = {
  readonly workspaceId: string;
  readonly now: Date;
  readonly today: CivilDate;
  readonly status: BillingStatus;
  readonly access: Access;
  readonly trial: { readonly endsOn: CivilDate; readonly daysLeft: number } | null;
  readonly subscription: SubscriptionShown | null;
  readonly seatsInUse: number;
  readonly method: (NonNullable<BillingSeen['method']> & { readonly expiresFirst: boolean }) | null;
  readonly next: NextTermSeen | null;
  readonly unpaid: readonly UnpaidOrderShown[];
  readonly isApplying: boolean;
  readonly extensionBar: ExtensionBar | null;
  readonly enterpriseRequestId: string | null;
};

/** The subscription with the names and days that its people read. */
export type SubscriptionShown = Pick<
  SubscriptionView,
  'plan' | 'seats' | 'periodMonths' | 'startsOn' | 'endsOn' | 'autoRenewal' | 'scheduled'
> & {
  readonly planName: string;
  readonly graceEndsOn: CivilDate;
  readonly dataKeptUntil: CivilDate;
  readonly daysLeft: number;
  /** Whether the end is near enough to be told of, and nothing will renew it by itself. */
  readonly isExpiring: boolean;
};

const DAY_MS = 86_400_000;

/** Puts together what a workspace's people see first. Changes nothing. */
export class ReadBilling {
  constructor(
    private readonly parts: { readonly store: Store; readonly catalogue: Catalogue; readonly clock: WorkspaceClock },
  ) {}

  /** Five reads at once, however many orders there are; undefined for an unknown workspace. */
  async overview(workspaceId: string): Promise<BillingShown | undefined> {
    const { store, clock } = this.parts;
    const ids = [workspaceId];
    const [workspaces, view, facts, seen, lists] = await Promise.all([
      tenants.findWorkspaces(store, ids),
      management.viewSubscription(store, workspaceId),
      subscriptions.findSubscriptionFacts(store, ids),
      billingView.viewBilling(store, workspaceId),
      contracts.listsOf(store, ids),
    ]);
    const workspace = workspaces.get(workspaceId);
    if (workspace === undefined || seen === undefined) return undefined;
    const catalogue = withContracts(this.parts.catalogue, lists);
    const now = clock.nowOf(workspace);
    return shown({ catalogue, workspace, view, held: facts.get(workspaceId), seen, now });
  }
}

type Ground = {
  readonly catalogue: Catalogue;
  readonly workspace: StoredWorkspace;
  readonly view: SubscriptionView | undefined;
  readonly held: SubscriptionFacts | undefined;
  readonly seen: BillingSeen;
  readonly now: Date;
};

function shown(ground: Ground): BillingShown {
  const { catalogue, workspace, view, seen, now } = ground;
  const today = civilDateIn(now, workspace.timeZone);
  const next = nextOf(ground);
  const standing = standingOf(ground, today);
  return {
    ...{ workspaceId: workspace.id, now, today, ...standing, next },
    subscription: view === undefined ? null : subscriptionShown(ground, view, today),
    seatsInUse: seen.seatsInUse,
    method: methodOf(seen, next),
    unpaid: seen.unpaid
      .filter(({ expiresAt }) => new Date(expiresAt) > now)
      .map((order) => unpaidOf(order, catalogue, now)),
    isApplying: seen.isApplying,
    extensionBar: extensionBarOf(ground, standing.status),
    enterpriseRequestId: seen.enterpriseRequestId,
  };
}

function standingOf(
  { catalogue, workspace, view, now }: Ground,
  today: CivilDate,
): Pick<BillingShown, 'status' | 'access' | 'trial'> {
  if (view !== undefined) {
    const { graceDays } = catalogue.renewal;
    const access = accessAt({ subscription: view, graceDays, now, timeZone: workspace.timeZone });
    const ended = compare(view.endsOn, today) > 0 ? 'active' : access === 'full' ? 'grace' : 'expired';
    return { status: view.status === 'closed' ? 'closed' : ended, access, trial: null };
  }
  const { trialEndsOn } = workspace;
  if (trialEndsOn === null) return { status: 'none', access: 'billing-only', trial: null };
  const { status, endsOn } = trialStanding(catalogue, trialEndsOn, today);
  const daysLeft = Math.max(0, daysFrom(today, endsOn));
  return { status, access: status === 'trialing' ? 'full' : 'billing-only', trial: { endsOn, daysLeft } };
}

/** Civil days from one to the other; negative when it lies before. */
function daysFrom(from: CivilDate, to: CivilDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

function subscriptionShown({ catalogue, held }: Ground, view: SubscriptionView, today: CivilDate): SubscriptionShown {
  const { plan, seats, periodMonths, startsOn, endsOn, autoRenewal, scheduled } = view;
  const { graceDays, dataDays, reminderDays } = catalogue.renewal;
  const nextTermPaid = held?.terms.some((term) => term.pending) === true;
  const isNear = compare(today, addDays(endsOn, -reminderDays)) >= 0;
  return {
    ...{ plan, seats, periodMonths, startsOn, endsOn, autoRenewal, scheduled },
    planName: catalogue.plans.find(({ id }) => id === plan)?.name ?? plan,
    graceEndsOn: addDays(endsOn, graceDays),
    dataKeptUntil: addDays(endsOn, dataDays),
    daysLeft: Math.max(0, daysFrom(today, endsOn)),
    isExpiring: isNear && !nextTermPaid && !willCharge(view) && view.status !== 'closed',
  };
}

const willCharge = ({ autoRenewal, paymentMethods }: SubscriptionView): boolean =>
  autoRenewal.on && paymentMethods.length > 0;

/** The next term is priced by the very function that prices its order. */
function nextOf({ catalogue, workspace, view, held, now }: Ground): NextTermSeen | null {
  if (view === undefined || held === undefined || view.status === 'closed') return null;
  const priced = quoteChange({
    catalogue,
    workspace,
    now,
    change: { kind: 'renewal' },
    subscription: subscriptionOf(held),
  });
  if (priced.kind === 'refused') return null;
  const { plan, seats, periodMonths, currency, amountMinor } = priced.quote;
  const isCharged = willCharge(view);
  const on = isCharged ? addDays(view.endsOn, -catalogue.renewal.chargeDays) : view.endsOn;
  return { on, isCharged, plan, seats, periodMonths, currency, amountMinor };
}

/** A card is good until the end of its month. */
function methodOf({ method }: BillingSeen, next: NextTermSeen | null): BillingShown['method'] {
  if (method === null) return null;
  const expiresFirst = next?.isCharged === true && method.method === 'card' && method.expiresOn < next.on.slice(0, 7);
  return { ...method, expiresFirst };
}

function unpaidOf(order: UnpaidOrderSeen, { renewal }: Catalogue, now: Date): UnpaidOrderShown {
  const { declined, isSwitching, open, ...rest } = order;
  const state = payPageState({
    ...{ status: order.status, collection: order.collection, expiresAt: new Date(order.expiresAt), isSwitching, now },
    ...(open === null ? {} : { open: openOf(open) }),
  });
  const answer = declineAnswer(renewal.dunning, declined?.kind ?? undefined);
  const asks = declined?.isCharge === true && answer !== 'retry' ? answer : null;
  const told = declined === null ? null : { reason: declineReason(declined.code), at: declined.at, asks };
  return { ...rest, open, state, declined: told, nextTryAt: asks === null ? order.nextTryAt : null };
}

const openOf = (open: NonNullable<UnpaidOrderSeen['open']>) => ({
  ...open,
  hasCheckout: open.checkoutUrl !== null || open.pixCode !== null,
  endsAt: new Date(open.expiresAt),
});

function extensionBarOf({ view, held }: Ground, status: BillingStatus): ExtensionBar | null {
  if (view === undefined) return 'not_bought';
  if (status === 'closed') return 'closed';
  if (status !== 'active') return 'term_over';
  invariant(held !== undefined, () => `the subscription of ${view.workspaceId} was seen only once`);
  if (held.terms.some((term) => term.pending)) return 'next_term_paid';
  return view.autoRenewal.on ? 'auto_renewal_on' : null;
}
