import { contractFaults } from '@billfleet/contracts';
import type { ContractFault, MakeContract, PreviewContract } from '@billfleet/contracts';
import { civilDate, termUnitMinor } from '@billfleet/domain';
import type { Catalogue, Currency } from '@billfleet/domain';
import { contracts, management, tenants } from '@billfleet/store';
import type { ContractView, Store, Tx, Workspace } from '@billfleet/store';
import { newId } from './ids.js';
import type { ManageOutcome } from './manage-subscriptions.js';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';

/** A contract that was made, or why not: `faults` holds everything that the catalogue has against it. */
export type MakeContractOutcome = CommandOutcome & { readonly faults: readonly ContractFault[] };

/** What a contract would come to. `terms`: what the seats cost in each term. */
export type ContractPreview = {
  readonly kind: 'possible';
  readonly currency: Currency;
  /** The least seats of the contract, or one. */
  readonly seats: number;
  readonly terms: readonly { readonly periodMonths: number; readonly amountMinor: bigint }[];
  /** The contract that prices this plan until then. */
  readonly replaced: ContractView | null;
};

/** The preview, or why there would be no such contract. */
export type PreviewContractOutcome =
  ContractPreview | (ReturnType<typeof refused> & { readonly faults: readonly ContractFault[] });

/** Makes and withdraws contracts: private price lists that staff agree with one workspace. */
export class MakeContracts {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
  ) {}

  /** `ref` is the contract's id. It prices new quotes of its workspace from its first day on, before an older one of the same plan. */
  async run(command: Command<MakeContract>): Promise<MakeContractOutcome> {
    let faults: readonly ContractFault[] = [];
    const [outcome] = await this.store.transaction((tx) =>
      answerOnce(tx, 'contract.make', [command], async ([fresh = command]) => {
        const workspace = (await tenants.findWorkspaces(tx, [fresh.input.workspaceId])).get(fresh.input.workspaceId);
        if (workspace === undefined || (fresh.actorWorkspaceId !== null && fresh.actorWorkspaceId !== workspace.id)) {
          return [unknownWorkspace(fresh.input.workspaceId)];
        }
        faults = this.faultsOf(fresh.input, workspace);
        const [first] = faults;
        if (first !== undefined) return [refused(422, { code: 'contract_invalid', ...first })];
        return [await make(tx, fresh, workspace)];
      }),
    );
    return { ...(outcome ?? unknownWorkspace(command.input.workspaceId)), faults };
  }

  /** What a contract would come to, or why it could not be made; nothing is written. Amounts are before taxes. */
  async preview(input: PreviewContract): Promise<PreviewContractOutcome> {
    const workspace = (await tenants.findWorkspaces(this.store, [input.workspaceId])).get(input.workspaceId);
    if (workspace === undefined) return { ...unknownWorkspace(input.workspaceId), faults: [] };
    const faults = this.faultsOf(input, workspace);
    const [first] = faults;
    if (first !== undefined) return { ...refused(422, { code: 'contract_invalid', ...first }), faults };
    const before = (await contracts.viewContracts(this.store, workspace.id)).filter(
      ({ plan, withdrawnAt }) => plan === input.plan && withdrawnAt === null,
    );
    const newest = before.toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0];
    const early = newest === undefined ? undefined : refuseEarly(input.validFrom, newest.validFrom);
    if (early !== undefined) return { ...early, faults: [] };
    const [seats, monthlyMinor] = [input.seatsMin ?? 1, BigInt(input.monthlyPriceMinor)];
    const periods = this.catalogue.periods.filter(({ months }) => input.periodMonths?.includes(months) ?? true);
    const terms = periods.map((period) => ({
      periodMonths: period.months,
      amountMinor: BigInt(seats) * termUnitMinor(monthlyMinor, period),
    }));
    return { kind: 'possible', currency: workspace.currency, seats, terms, replaced: newest ?? null };
  }

  /** Takes a contract back that nothing was ordered under. Quotes that were made under it are honoured to their end. */
  withdraw(id: string, reason: string, actor: string): Promise<ManageOutcome> {
    return this.store.transaction(async (tx) => {
      const contract = await contracts.lockContract(tx, id);
      if (contract === undefined) {
        return refused(404, { code: 'not_found', field: 'id', found: id, wanted: 'the id of a contract' });
      }
      if (contract.withdrawnAt !== null) return { kind: 'done' };
      if (contract.orders > 0) {
        return refused(409, {
          code: 'contract_used',
          field: 'id',
          found: `${String(contract.orders)} orders under this contract`,
          wanted: 'a contract that nothing was ordered under; make a newer one instead',
        });
      }
      await contracts.withdrawContract(tx, id);
      const subject = `contract ${id}`;
      const change = { before: 'in force', after: 'withdrawn' };
      await management.noteStaffAction(tx, { actor, action: 'contract.withdraw', subject, reason, change });
      return { kind: 'done' };
    });
  }

  private faultsOf({ plan, monthlyPriceMinor, ...terms }: PreviewContract, { currency }: Pick<Workspace, 'currency'>) {
    const { seatsMin, periodMonths, limits } = terms;
    return contractFaults(this.catalogue, {
      ...{ plan, currency, monthlyPriceMinor: BigInt(monthlyPriceMinor) },
      ...(seatsMin === undefined ? {} : { seatsMin }),
      ...(periodMonths === undefined ? {} : { periodMonths }),
      ...(limits === undefined ? {} : { limits }),
    });
  }
}

/** Refuses a contract that begins before the newest one of its plan. Days are civil days, which as texts are in the order of time. */
function refuseEarly(validFrom: string, newestFrom: string): ReturnType<typeof refused> | undefined {
  if (validFrom >= newestFrom) return undefined;
  return refused(409, {
    code: 'contract_not_newer',
    field: 'validFrom',
    found: validFrom,
    wanted: `${newestFrom} or later: the first day of the present contract of this plan; or withdraw that one first`,
  });
}

async function make(
  tx: Tx,
  { input, requestedBy }: Command<MakeContract>,
  { currency }: Workspace,
): Promise<FreshOutcome> {
  const { workspaceId, plan, reason, requestId = null } = input;
  const { newestFrom, hasRequest } = await contracts.lockForContract(tx, workspaceId, { plan, requestId });
  if (requestId !== null && !hasRequest) {
    return refused(404, {
      code: 'enterprise_request_unknown',
      field: 'requestId',
      found: requestId,
      wanted: 'an Enterprise request of this workspace',
    });
  }
  const validFrom = civilDate(input.validFrom);
  // On each day the list with the newest first day counts, so an earlier one would never be looked at.
  const early = newestFrom === null ? undefined : refuseEarly(validFrom, newestFrom);
  if (early !== undefined) return early;
  const id = newId();
  const createdBy = requestedBy ?? 'nobody known';
  await contracts.insertContract(tx, {
    ...{ id, workspaceId, requestId, plan, currency, validFrom, reason, createdBy },
    monthlyPriceMinor: BigInt(input.monthlyPriceMinor),
    seatsMin: input.seatsMin ?? null,
    periodMonths: input.periodMonths ?? null,
    limits: input.limits ?? null,
    dueDays: input.dueDays ?? null,
  });
  const subject = `contract ${id} of workspace ${workspaceId}`;
  await management.noteStaffAction(tx, { actor: createdBy, action: 'contract.make', subject, reason });
  return { kind: 'accepted', ref: id };
}
