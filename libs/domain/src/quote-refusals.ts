import type { Catalogue, Plan, PriceList } from './catalogue.js';
import { formatDecimal, MAX_AMOUNT_MINOR, money } from './money.js';
import type { Currency } from './money.js';
import type { Refusal } from './refusal.js';

/** Why a purchase is not priced. `price_list_missing`: nothing is on sale in the workspace's country and currency today. */
export type QuoteRefusalCode =
  | 'plan_unknown'
  | 'plan_on_request'
  | 'period_unknown'
  | 'seats_out_of_range'
  | 'amount_out_of_range'
  | 'price_list_missing';

/** Why a change is not priced. `not_an_upgrade`: the wanted plan costs no more than the present one. */
export type ChangeRefusalCode =
  | QuoteRefusalCode
  | 'not_an_upgrade'
  | 'subscription_ended'
  | 'auto_renewal_on'
  | 'add_on_unknown'
  | 'add_on_not_available'
  | 'add_on_term_unknown'
  | 'add_on_outlives_plan'
  | 'packages_out_of_range'
  | 'nothing_changes'
  | 'nothing_to_refund';

/** Why a change is not priced, with what was found and wanted. */
export type ChangeRefusal = Refusal<ChangeRefusalCode>;

type Unpriced = {
  readonly catalogue: Catalogue;
  readonly subscription: { readonly plan: string; readonly priceListId?: string; readonly periodMonths: number };
  readonly workspace: { readonly currency: Currency };
};

/** Says why a subscription cannot be priced at all: its plan, its price list or one of its periods is not on sale. */
export function refuseSubscription(
  { catalogue, subscription, workspace }: Unpriced,
  plan: Plan | undefined,
  priceList: PriceList | undefined,
): ChangeRefusal {
  if (plan === undefined) return refusePlan(catalogue, 'subscription.plan', subscription.plan);
  const isPriced = priceList?.monthlyPriceMinorBySeat[plan.id] !== undefined;
  if (plan.sold === 'on-request' && !isPriced) return refuseContract('subscription.plan', plan);
  if (priceList?.currency !== workspace.currency) {
    const found = priceList === undefined ? (subscription.priceListId ?? 'none') : priceList.currency;
    return refuse('price_list_missing', 'subscription.priceListId', found, `a price list in ${workspace.currency}`);
  }
  if (!isPriced) {
    return refuse(
      'price_list_missing',
      'subscription.priceListId',
      priceList.id,
      `a price list with the plan ${plan.id}`,
    );
  }
  return refusePeriod(catalogue, 'subscription.periodMonths', subscription.periodMonths);
}

/** Says why an amount cannot be charged, or undefined if it can: more than nothing, and no more than an order may hold. */
export function refuseAmount(amountMinor: bigint, currency: Currency): Refusal<'amount_out_of_range'> | undefined {
  if (amountMinor > 0n && amountMinor <= MAX_AMOUNT_MINOR) return undefined;
  const wanted = `more than nothing and at most ${formatDecimal(money(MAX_AMOUNT_MINOR, currency))}`;
  return { code: 'amount_out_of_range', field: 'amountMinor', found: String(amountMinor), wanted };
}

/** The wanted plan is none that is sold. */
export function refusePlan(catalogue: Catalogue, field: string, found: string): Refusal<'plan_unknown'> {
  const sold = catalogue.plans.filter((plan) => plan.sold === 'self-service').map((plan) => plan.id);
  return refuse('plan_unknown', field, found, `one of ${sold.join(', ')}`);
}

/** The plan has no list price. */
export function refuseContract(field: string, plan: Plan): Refusal<'plan_on_request'> {
  return refuse('plan_on_request', field, plan.id, 'a plan with a list price; ask for a contract for this one');
}

/** The period is none that is sold. */
export function refusePeriod(
  catalogue: Pick<Catalogue, 'periods'>,
  field: string,
  found: number,
): Refusal<'period_unknown'> {
  return refuse(
    'period_unknown',
    field,
    String(found),
    `one of ${catalogue.periods.map((one) => one.months).join(', ')}`,
  );
}

/** Makes a refusal. */
export function refuse<Code extends ChangeRefusalCode>(
  code: Code,
  field: string,
  found: string,
  wanted: string,
): Refusal<Code> {
  return { code, field, found, wanted };
}
