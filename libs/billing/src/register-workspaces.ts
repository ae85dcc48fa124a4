import type { RegisterWorkspace } from '@billfleet/contracts';
import { addDays, civilDateIn, currencyFor } from '@billfleet/domain';
import type { Catalogue, CivilDate } from '@billfleet/domain';
import { tenants } from '@billfleet/store';
import type { Problem, Store, Workspace } from '@billfleet/store';
import { refused } from './requests-once.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** The workspace as it is stored, or why it was not. `isReplay`: it was there before, with the same content. */
export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly workspace: Workspace; readonly isReplay: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Takes the customers' accounts over from the host product. */
export class RegisterWorkspaces {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
    private readonly clock: WorkspaceClock,
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
    const { trial, ...asked } = input;
    const wanted: Workspace = { ...asked, currency, trialEndsOn: this.trialEnd(input) };
    const { stored, isNew } = await this.store.transaction(async (tx) => {
      const inserted = await tenants.insertWorkspaces(tx, [wanted]);
      return { stored: (await tenants.findWorkspaces(tx, [wanted.id])).get(wanted.id), isNew: inserted.length > 0 };
    });
    // A trial that began at the first request has another end than one that would begin now.
    const known = trial === true && stored?.trialEndsOn ? { ...wanted, trialEndsOn: stored.trialEndsOn } : wanted;
    if (stored !== undefined && isSame(stored, known)) {
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

  private trialEnd({ trial, trialEndsOn, timeZone }: RegisterWorkspace): CivilDate | null {
    if (trial !== true) return trialEndsOn ?? null;
    return addDays(civilDateIn(this.clock.nowOf({ clockAt: null }), timeZone), this.catalogue.trial.days);
  }
}

const FIELDS = ['name', 'country', 'timeZone', 'locale', 'billingEmail', 'trialEndsOn'] as const;

const isSame = (left: Workspace, right: Workspace): boolean => FIELDS.every((field) => left[field] === right[field]);
