import type { RegisterWorkspace } from '@billfleet/contracts';
import { currencyFor } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import { tenants } from '@billfleet/store';
import type { Problem, Store, Workspace } from '@billfleet/store';
import { refused } from './requests-once.js';

/** The workspace as it is stored, or why it was not. `isReplay`: it was there before, with the same content. */
export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly workspace: Workspace; readonly isReplay: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Takes the customers' accounts over from the host product. */
export class RegisterWorkspaces {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
  ) {}

  /** The id that the caller chose is the key: the same content again changes nothing, other content is refused. */
  async run(input: RegisterWorkspace): Promise<RegisterOutcome> {
    const currency = currencyFor(this.catalogue, input.country);
    if (currency === undefined) {
      return refused(422, {
        code: 'country_not_served',
        field: 'country',
        found: input.country,
        wanted: 'a country that the catalogue has a price list for',
      });
    }
    const wanted: Workspace = { ...input, currency, trialEndsOn: input.trialEndsOn ?? null };
    const { stored, isNew } = await this.store.transaction(async (tx) => {
      const inserted = await tenants.insertWorkspaces(tx, [wanted]);
      return { stored: (await tenants.findWorkspaces(tx, [wanted.id])).get(wanted.id), isNew: inserted.length > 0 };
    });
    if (stored !== undefined && isSame(stored, wanted)) {
      const { version: _version, clockAt: _clock, ...workspace } = stored;
      return { kind: 'registered', workspace, isReplay: !isNew };
    }
    return refused(409, {
      code: 'workspace_exists',
      field: 'id',
      found: 'a workspace with this id and other content',
      wanted: 'the content that it was registered with, or a new id',
    });
  }
}

const FIELDS = ['name', 'country', 'timeZone', 'locale', 'billingEmail', 'trialEndsOn'] as const;

const isSame = (left: Workspace, right: Workspace): boolean => FIELDS.every((field) => left[field] === right[field]);
