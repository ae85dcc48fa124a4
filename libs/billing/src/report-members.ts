import { decideReports, seatUse } from '@billfleet/domain';
import type { MemberRole, MemberStatus, SeatUse } from '@billfleet/domain';
import { members, tenants } from '@billfleet/store';
import type { MemberRow, MembersHeld, Problem, ReportOutcome, Store, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import { nameMembersInUse } from './name-members.js';
import { refused, unknownWorkspace } from './requests-once.js';

/** A member as the host product reports him. */
export type ReportedMember = {
  readonly externalId: string;
  readonly displayName: string;
  readonly email?: string | undefined;
  readonly role: MemberRole;
  readonly status: MemberStatus;
  /** ISO 8601, by the host product's clock. */
  readonly changedAt?: string | undefined;
};

/** Reports about the members of one workspace; they hold together or not at all. */
export type MembersCommand = { readonly workspaceId: string; readonly members: readonly ReportedMember[] };

/** What became of each report, by the host product's ids, and the seats after them; `late`: something newer was known. */
export type MembersOutcome =
  | {
      readonly kind: 'taken';
      readonly outcomes: ReadonlyMap<string, ReportOutcome | 'late'>;
      readonly members: readonly MemberRow[];
      readonly use: SeatUse;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Keeps who uses a workspace, as its host product reports it, and never lets more of them in than there are seats. */
export class ReportMembers {
  constructor(private readonly store: Store) {}

  /** The host product's ids are the keys: the same report again changes nothing and answers the same. */
  async run(command: MembersCommand): Promise<MembersOutcome> {
    const outcome = await this.store.transaction((tx) => report(tx, command));
    if (outcome.kind === 'taken') return outcome;
    const named = await nameMembersInUse(this.store, [{ workspaceId: command.workspaceId, problem: outcome.problem }]);
    return { kind: 'refused', problem: named[0] ?? outcome.problem };
  }
}

async function report(tx: Tx, { workspaceId, members: reported }: MembersCommand): Promise<MembersOutcome> {
  const ids = reported.map(({ externalId }) => externalId);
  const [workspaces, held] = await Promise.all([
    tenants.findWorkspaces(tx, [workspaceId]),
    members.lockMembers(tx, workspaceId, ids),
  ]);
  if (!workspaces.has(workspaceId)) return unknownWorkspace(workspaceId);
  // Sorted, since ids of the same millisecond are in no order: members are listed in the order in which they were reported.
  const newIds = reported.map(() => newId()).sort();
  const rows = reported.map((one, index) => rowOf(one, held, newIds[index] ?? newId()));
  const decision = decideReports(
    rows.map(({ externalId, status, changedAt }) => {
      const known = held.known.get(externalId);
      return {
        ...{ externalId, status, changedAtMs: changedAt?.getTime() ?? null },
        known: known && { status: known.status, changedAtMs: known.changedAt?.getTime() ?? null },
      };
    }),
    held,
  );
  if (decision.kind === 'refused') return refused(409, decision);
  const current = new Set(decision.current);
  const written = await members.upsertMembers(
    tx,
    workspaceId,
    rows.filter(({ externalId }) => current.has(externalId)),
  );
  const outcomeOf = (id: string): ReportOutcome | 'late' =>
    current.has(id) ? (written.get(id) ?? 'unchanged') : 'late';
  return {
    kind: 'taken',
    outcomes: new Map(ids.map((id) => [id, outcomeOf(id)])),
    members: rows.map((row) => (current.has(row.externalId) ? row : (held.known.get(row.externalId) ?? row))),
    use: seatUse(held.seats, decision.inUse),
  };
}

/** What is stored of a report; a member who is known keeps his id. */
function rowOf(one: ReportedMember, { known }: MembersHeld, idOfNew: string): MemberRow {
  const { externalId, displayName, email, role, status, changedAt } = one;
  const before = known.get(externalId);
  return {
    id: before?.id ?? idOfNew,
    ...{ externalId, displayName, role, status },
    email: email ?? null,
    changedAt: changedAt === undefined ? (before?.changedAt ?? null) : new Date(changedAt),
  };
}
