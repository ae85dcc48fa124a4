import {
  civilDateIn,
  entitlementsFor,
  installmentOptions,
  isCounted,
  limitsUnder,
  methodsFor,
  paymentMethods,
  periodsUnder,
  planById,
  priceListById,
  priceListFor,
  rational,
  roundHalfAwayFromZero,
  taxIdRequired,
  termUnitMinor,
  withContracts,
} from '@billfleet/domain';
import type {
  AddOn,
  Catalogue,
  Currency,
  Entitlements,
  LimitDefinition,
  LimitRules,
  PaymentMethod,
  PeriodRule,
  Plan,
  PriceList,
} from '@billfleet/domain';
import { billingView, contracts, subscriptions, tenants } from '@billfleet/store';
import type { Store, StoredWorkspace, SubscriptionFacts } from '@billfleet/store';
import type { WorkspaceClock } from './workspace-clock.js';

/** What one seat costs for one of the terms. Minor units. `perMonthMinor` is only shown: it is rounded, half away from zero. */
export type PeriodPrice = {
  readonly periodMonths: number;
  readonly payMonths: number;
  /** Whole percent less than as many months at the full price, rounded down. */
  readonly percentOff: number;
  readonly termUnitMinor: bigint;
  readonly fullUnitMinor: bigint;
  readonly perMonthMinor: bigint;
};

/** What taking a plan would be for this workspace. */
export type PlanMove = 'purchase' | 'current' | 'upgrade' | 'downgrade' | 'on-request' | 'not-sold';

/** A plan as it is on offer. */
export type PlanOffer = {
  readonly id: string;
  readonly name: string;
  readonly move: PlanMove;
  readonly features: readonly string[];
  readonly rules: LimitRules;
  /** With the seats that were asked about. */
  readonly limits: Entitlements;
  readonly prices: readonly PeriodPrice[];
};

/** An add-on as it is on offer. `bar`: why it cannot be bought now. */
export type AddOnOffer = Pick<AddOn, 'id' | 'name' | 'limit' | 'amount' | 'termMonths' | 'packagesMax'> & {
  readonly monthlyMinor: bigint | null;
  readonly bar: 'not_bought' | 'not_counted' | 'not_priced' | null;
};

/** Everything that a workspace can choose from. */
export type Offers = {
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly priceListId: string | null;
  readonly seats: {
    readonly asked: number;
    readonly min: number;
    readonly max: number;
    readonly inUse: number;
    readonly paid: number | null;
  };
  readonly limits: readonly LimitDefinition[];
  readonly plans: readonly PlanOffer[];
  readonly addOns: readonly AddOnOffer[];
  /** Every way to pay there is; the ones that this country does not have say so. */
  readonly methods: readonly {
    readonly method: PaymentMethod;
    readonly isAvailable: boolean;
    readonly renewsItself: boolean;
  }[];
  readonly needsTaxpayer: boolean;
  readonly hasInstallments: boolean;
};

type Ground = {
  readonly catalogue: Catalogue;
  readonly workspace: StoredWorkspace;
  readonly held: SubscriptionFacts | undefined;
  readonly listOf: (plan: Plan) => PriceList | undefined;
  readonly asked: number;
};

/** An amount that is large enough for every number of parts that a country knows. */
const LARGE_MINOR = 100_000_000n;

/** Tells what is on sale for a workspace today, with prices from the list that its orders are priced from. */
export class ReadOffers {
  constructor(
    private readonly parts: { readonly store: Store; readonly catalogue: Catalogue; readonly clock: WorkspaceClock },
  ) {}

  /** `seats`: how many the limits are worked out for; those of the subscription, or one, when left out. Undefined for an unknown workspace. */
  async offers(workspaceId: string, seats: number | undefined): Promise<Offers | undefined> {
    const { store, clock } = this.parts;
    const [workspaces, facts, seen, lists] = await Promise.all([
      tenants.findWorkspaces(store, [workspaceId]),
      subscriptions.findSubscriptionFacts(store, [workspaceId]),
      billingView.viewBilling(store, workspaceId),
      contracts.listsOf(store, [workspaceId]),
    ]);
    const workspace = workspaces.get(workspaceId);
    if (workspace === undefined) return undefined;
    const catalogue = withContracts(this.parts.catalogue, lists);
    const held = facts.get(workspaceId);
    const today = civilDateIn(clock.nowOf(workspace), workspace.timeZone);
    const own = held === undefined ? undefined : priceListById(catalogue, held.priceListId, workspaceId);
    const listOf = (plan: Plan): PriceList | undefined =>
      own?.monthlyPriceMinorBySeat[plan.id] !== undefined
        ? own
        : priceListFor(catalogue, workspace.country, today, { workspaceId, plan: plan.id });
    const inUse = seen?.seatsInUse ?? 0;
    const asked = seats ?? held?.seats ?? Math.max(1, inUse);
    return this.shown({ catalogue, workspace, held, listOf, asked }, inUse);
  }

  private shown(ground: Ground, inUse: number): Offers {
    const { catalogue, workspace, held, asked, listOf } = ground;
    const { country, currency } = workspace;
    const present = planById(catalogue, held?.plan ?? '');
    const priceList =
      present === undefined ? catalogue.plans.map(listOf).find((one) => one !== undefined) : listOf(present);
    const ways = methodsFor(country);
    return {
      ...{ workspaceId: workspace.id, currency, priceListId: priceList?.id ?? null },
      seats: { asked, ...catalogue.seats, inUse, paid: held?.seats ?? null },
      limits: catalogue.limits,
      plans: catalogue.plans.map((plan) => planOffer(ground, plan)),
      addOns: catalogue.addOns.map((addOn) => addOnOffer(ground, addOn, present, priceList)),
      methods: paymentMethods.map((method) => ({
        ...{ method, isAvailable: ways.includes(method), renewsItself: method !== 'pix' },
      })),
      needsTaxpayer: taxIdRequired(country),
      hasInstallments: hasInstallments(catalogue, workspace),
    };
  }
}

function hasInstallments({ installments: rules }: Catalogue, { country, currency }: StoredWorkspace): boolean {
  const large = { country, method: 'card' as const, amountMinor: LARGE_MINOR, currency, periodMonths: 12, rules };
  return installmentOptions(large).length > 1;
}

function planOffer(ground: Ground, plan: Plan): PlanOffer {
  const { catalogue, asked } = ground;
  const { id, name, features } = plan;
  const priceList = ground.listOf(plan);
  const rules = priceList === undefined ? plan.limits : limitsUnder(catalogue, plan, priceList.id);
  const limits = entitlementsFor({ limits: rules }, asked);
  return {
    id,
    name,
    move: moveTo(ground, plan),
    features,
    rules,
    limits,
    prices: pricesOf(catalogue, plan, priceList),
  };
}

function moveTo({ catalogue, held, listOf }: Ground, plan: Plan): PlanMove {
  const wanted = listOf(plan)?.monthlyPriceMinorBySeat[plan.id];
  if (held?.plan === plan.id) return 'current';
  if (wanted === undefined) return plan.sold === 'on-request' ? 'on-request' : 'not-sold';
  const present = planById(catalogue, held?.plan ?? '');
  if (present === undefined) return 'purchase';
  return wanted > (listOf(present)?.monthlyPriceMinorBySeat[present.id] ?? 0n) ? 'upgrade' : 'downgrade';
}

function pricesOf(catalogue: Catalogue, plan: Plan, priceList: PriceList | undefined): readonly PeriodPrice[] {
  const monthlyMinor = priceList?.monthlyPriceMinorBySeat[plan.id];
  if (monthlyMinor === undefined) return [];
  return periodsUnder(catalogue, priceList).map((period) => periodPrice(monthlyMinor, period));
}

function periodPrice(monthlyMinor: bigint, period: PeriodRule): PeriodPrice {
  const months = BigInt(period.months);
  const termUnit = termUnitMinor(monthlyMinor, period);
  const fullUnitMinor = monthlyMinor * months;
  return {
    ...{ periodMonths: period.months, payMonths: period.payMonths, termUnitMinor: termUnit, fullUnitMinor },
    percentOff: fullUnitMinor === 0n ? 0 : Number(((fullUnitMinor - termUnit) * 100n) / fullUnitMinor),
    perMonthMinor: roundHalfAwayFromZero(rational(termUnit, months)),
  };
}

function addOnOffer(
  { catalogue, held }: Ground,
  addOn: AddOn,
  present: Plan | undefined,
  priceList: PriceList | undefined,
): AddOnOffer {
  const { id, name, limit, amount, termMonths, packagesMax } = addOn;
  const monthlyMinor = priceList?.monthlyPriceMinorByAddOn[id] ?? null;
  const limits =
    present === undefined || priceList === undefined ? undefined : limitsUnder(catalogue, present, priceList.id);
  const isMissing = limits === undefined || !isCounted(limits, addOn);
  const bar =
    held === undefined ? 'not_bought' : isMissing ? 'not_counted' : monthlyMinor === null ? 'not_priced' : null;
  return { id, name, limit, amount, termMonths, packagesMax, monthlyMinor, bar };
}
