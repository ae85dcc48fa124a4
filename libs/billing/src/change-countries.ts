import type { ChangeCountry } from '@billfleet/contracts';
import { accessAt, currencyFor } from '@billfleet/domain';
import { management, tenants } from '@billfleet/store';
import type { CountryGround, Problem, Workspace } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import { newId } from './ids.js';
import { refused, unknownWorkspace } from './requests-once.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** The workspace as it is now, or why its country did not change. */
export type CountryOutcome =
  { readonly kind: 'changed'; readonly workspace: Workspace } | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Moves workspaces to another country. Currency, price list and ways to pay follow from it, so it changes only while nothing is paid for
 * and nothing waits for its payment; quotes from before are void and stored methods are let go.
 */
export class ChangeCountries {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** The same country again changes nothing. Whoever places an order at the same time comes first, or is priced anew. */
  run(workspaceId: string, { country, reason }: ChangeCountry, actor: string): Promise<CountryOutcome> {
    const { store, catalogue, clock } = this.parts;
    const currency = currencyFor(catalogue, country);
    if (currency === undefined) {
      const wanted = 'a country that the catalogue has a price list for';
      return Promise.resolve(refused(422, { code: 'country_not_served', field: 'country', found: country, wanted }));
    }
    return store.transaction(async (tx): Promise<CountryOutcome> => {
      const ground = await tenants.lockCountry(tx, workspaceId);
      if (ground === undefined) return unknownWorkspace(workspaceId);
      const { workspace } = ground;
      if (workspace.country === country) return { kind: 'changed', workspace };
      const now = clock.nowOf(workspace);
      const hold = holdOf(ground, catalogue.renewal.graceDays, now);
      if (hold !== undefined) return refuseFixed(hold);
      await tenants.moveToCountry(tx, workspaceId, { country, currency });
      const data = { from: workspace.country, to: country, currency, by: actor };
      emitEvents(tx, [{ type: 'workspace.country_changed', workspaceId, cause: newId(), data }]);
      const subject = `workspace ${workspaceId}`;
      const change = { before: workspace.country, after: country };
      await management.noteStaffAction(tx, { actor, action: 'workspace.country', subject, reason, change });
      return { kind: 'changed', workspace: { ...workspace, country, currency } };
    });
  }
}

/** What keeps a workspace in its country; undefined when nothing does. */
function holdOf(
  { workspace, held, pendingOrders, openCredits }: CountryGround,
  graceDays: number,
  now: Date,
): string | undefined {
  const { timeZone } = workspace;
  if (held !== null && accessAt({ subscription: held, graceDays, now, timeZone }) === 'full') {
    return `a subscription that is paid until ${held.endsOn}, with ${String(graceDays)} days of grace`;
  }
  if (pendingOrders > 0) return `${String(pendingOrders)} orders that wait to be paid or given`;
  return openCredits > 0 ? `${String(openCredits)} credits that are not paid back` : undefined;
}

function refuseFixed(found: string): Extract<CountryOutcome, { kind: 'refused' }> {
  const wanted =
    'no paid subscription, and no pending order: cancel what is unpaid, withdraw credit, or let the term end';
  return refused(409, { code: 'country_fixed', field: 'country', found, wanted });
}
