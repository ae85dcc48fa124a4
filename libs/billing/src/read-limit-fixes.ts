import { fixesFor, withContracts } from '@billfleet/domain';
import type { Catalogue, Currency, LimitFix } from '@billfleet/domain';
import { contracts, subscriptions, tenants } from '@billfleet/store';
import type { StoredWorkspace, SubscriptionFacts } from '@billfleet/store';
import { priceWish } from './price-wish.js';
import type { MeterView, ReadUsage } from './read-usage.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** A change that leaves enough of a limit, at the price of now: what it costs until the end of what is paid. Minor units. */
export type PricedFix = LimitFix & {
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** All seats that there are then. */
  readonly seats: number;
};

/** For each limit that is nearly used up, what helps, the cheapest first. */
export type LimitFixes = {
  readonly workspaceId: string;
  readonly meters: readonly { readonly meter: string; readonly fixes: readonly PricedFix[] }[];
};

type Ground = {
  readonly catalogue: Catalogue;
  readonly workspace: StoredWorkspace;
  readonly held: SubscriptionFacts;
  readonly now: Date;
};

/** Says what would raise the limits of a workspace that are nearly used up. Stores no quote: whoever wants one asks for it. */
export class ReadLimitFixes {
  constructor(
    private readonly parts: ApplyOrdersParts,
    private readonly usage: ReadUsage,
  ) {}

  /** A few prices for each such limit, worked out at once; undefined for an unknown workspace. */
  async fixes(workspaceId: string): Promise<LimitFixes | undefined> {
    const { store, clock } = this.parts;
    const seen = await this.usage.usage(workspaceId);
    if (seen === undefined) return undefined;
    const first = Math.min(...this.parts.catalogue.usage.thresholdsPercent);
    const near = seen.meters.filter(({ percent }) => percent !== null && percent >= first);
    const ids = near.length === 0 ? [] : [workspaceId];
    const [workspaces, facts, lists] = await Promise.all([
      tenants.findWorkspaces(store, ids),
      subscriptions.findSubscriptionFacts(store, ids),
      contracts.listsOf(store, ids),
    ]);
    const [workspace, held] = [workspaces.get(workspaceId), facts.get(workspaceId)];
    if (workspace === undefined || held === undefined) return { workspaceId, meters: [] };
    const catalogue = withContracts(this.parts.catalogue, lists);
    const ground = { catalogue, workspace, held, now: clock.nowOf(workspace) };
    return { workspaceId, meters: near.map((meter) => ({ meter: meter.meter, fixes: pricedFixes(ground, meter) })) };
  }
}

function pricedFixes(ground: Ground, { meter, used, limit }: MeterView): readonly PricedFix[] {
  if (typeof limit === 'string') return [];
  const { catalogue, held } = ground;
  const { plan, seats, priceListId } = held;
  const asked = { catalogue, plan, priceListId, seats, limitName: meter, limit: limit.amount, used };
  const priced = fixesFor(asked)
    .flatMap((fix) => priceOf(ground, fix))
    .sort((one, other) => (one.amountMinor < other.amountMinor ? -1 : one.amountMinor > other.amountMinor ? 1 : 0));
  // Of the terms of an add-on the cheapest one is enough.
  const seen = new Set<string>();
  return priced.filter(({ change }) => {
    const name =
      change.kind === 'add-on' ? change.addOn : `${change.kind} ${change.kind === 'upgrade' ? change.plan : ''}`;
    return seen.size < seen.add(name).size;
  });
}

/** Priced as every quote is; what is not sold now has no price. */
function priceOf({ workspace, ...ground }: Ground, fix: LimitFix): readonly PricedFix[] {
  const request = { workspaceId: workspace.id, ...fix.change };
  const priced = priceWish({ request, workspace, ...ground });
  if (priced.kind === 'refused') return [];
  const { amountMinor, currency, seats } = priced.quote;
  return [{ ...fix, amountMinor, currency, seats }];
}
