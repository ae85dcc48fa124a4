import { civilDateIn } from '@billfleet/domain';
import type { Catalogue, CivilDate, Currency } from '@billfleet/domain';
import type { TaxedWorkspace } from './price-wish.js';

/** A price as it is stored and answered: the canonical text, its hash, and the instalments as text. */
export type WrittenPrice = {
  readonly content: string;
  readonly hash: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly installments: string;
};

/** What a purchase is of. */
export type PurchaseWished = { readonly plan: string; readonly seats: number; readonly periodMonths: number };

/** Prices that are kept; people look at a few hundred combinations, and the rest is an end to what somebody can fill. */
const KEPT_MAX = 10_000;

/**
 * Keeps written prices of purchases. A purchase costs the same for everybody who wishes the same in the same place on the same day, so
 * pricing, writing and hashing it again for each of them would only repeat itself. Workspaces with prices of their own are never kept.
 */
export class PurchasePrices {
  private readonly kept = new Map<string, WrittenPrice>();
  private readonly owners: ReadonlySet<string>;

  constructor(catalogue: Catalogue) {
    this.owners = new Set(catalogue.priceLists.flatMap(({ workspaceId }) => workspaceId ?? []));
  }

  /** The name under which a price is kept; undefined where it must not be. `hasContract`: the workspace has one of its own. */
  nameOf(workspace: TaxedWorkspace, wished: PurchaseWished, now: Date, hasContract: boolean): string | undefined {
    if (hasContract || this.owners.has(workspace.id)) return undefined;
    const { country, currency, timeZone, trialEndsOn, taxNumberCountry } = workspace;
    const taxed = taxNumberCountry === country ? 'company' : '-';
    const today: CivilDate = civilDateIn(now, timeZone);
    const { plan, seats, periodMonths } = wished;
    return `${country} ${currency} ${timeZone} ${taxed} ${trialEndsOn ?? '-'} ${today} ${String(seats)} ${String(periodMonths)} ${plan}`;
  }

  find(name: string | undefined): WrittenPrice | undefined {
    return name === undefined ? undefined : this.kept.get(name);
  }

  keep(name: string | undefined, price: WrittenPrice): void {
    if (name === undefined) return;
    if (this.kept.size >= KEPT_MAX) this.kept.clear();
    this.kept.set(name, price);
  }
}
