import { canMove } from './machine.js';
import type { Transitions } from './machine.js';
import type { Refusal } from './refusal.js';

/** Where a member stands, as the host product reports it. `invited` and `active` members use a seat, `disabled` ones do not. */
export type MemberStatus = 'invited' | 'active' | 'disabled';

/** All states of a member. */
export const memberStatuses = ['invited', 'active', 'disabled'] as const;

/** The state in which most members begin; the host product may report one that is further already. */
export const initialMemberStatus: MemberStatus = 'invited';

/** Which states may follow each state of a member: who has accepted is never invited again without having been disabled. */
export const memberTransitions: Transitions<MemberStatus> = {
  invited: ['active', 'disabled'],
  active: ['disabled'],
  disabled: ['invited', 'active'],
};

/** No state of a member is an end: a disabled one may come back. */
export const terminalMemberStatuses: readonly MemberStatus[] = [];

/** What a member may do with billing. */
export type MemberRole = 'admin' | 'billing-contact' | 'member';

/** All roles of a member. */
export const memberRoles = ['admin', 'billing-contact', 'member'] as const;

/** Says whether a member in this state uses a seat. */
export function usesSeat(status: MemberStatus): boolean {
  return status !== 'disabled';
}

/**
 * Seats against those who use them. `overBy`: members in use beyond the seats, who stay as they are until somebody disables
 * some; `free`: seats that nobody uses. Without a subscription nothing is counted against (`seats` null), and both are nothing.
 */
export type SeatUse = {
  readonly seats: number | null;
  readonly inUse: number;
  readonly free: number | null;
  readonly overBy: number;
};

/** Compares seats with those who use them. */
export function seatUse(seats: number | null, inUse: number): SeatUse {
  if (seats === null) return { seats, inUse, free: null, overBy: 0 };
  return { seats, inUse, free: Math.max(0, seats - inUse), overBy: Math.max(0, inUse - seats) };
}

/** A member as he is known, as far as a report is decided by it. `changedAt` in milliseconds of the host product's clock, if it said one. */
export type KnownMember = { readonly status: MemberStatus; readonly changedAtMs: number | null };

/** A report about one member. `known`: what is stored of him; undefined for a new one. */
export type MemberReport = {
  readonly externalId: string;
  readonly status: MemberStatus;
  readonly changedAtMs: number | null;
  readonly known: KnownMember | undefined;
};

/** What a batch of reports comes to: those that hold, or why none of them does. A batch is one change: all of it, or nothing. */
export type ReportsDecision =
  | { readonly kind: 'taken'; readonly current: readonly string[]; readonly inUse: number }
  | ({ readonly kind: 'refused' } & Refusal<'member_transition' | 'seats_in_use'>);

/**
 * Decides about reports of one workspace. A report that is older than what is known is left out: it came late. Members who stay
 * in use are never refused, so an over-committed workspace goes on; a batch that takes a seat more must end within the seats.
 */
export function decideReports(
  reports: readonly MemberReport[],
  before: { readonly seats: number | null; readonly inUse: number },
): ReportsDecision {
  const current = reports.filter((report) => !isStale(report));
  const illegal = current.find(({ known, status }) => {
    return known !== undefined && known.status !== status && !canMove(memberTransitions, known.status, status);
  });
  if (illegal !== undefined) return refuseMove(illegal);
  const taken = current.filter(
    ({ known, status }) => usesSeat(status) && !(known !== undefined && usesSeat(known.status)),
  );
  const freed = current.filter(
    ({ known, status }) => !usesSeat(status) && known !== undefined && usesSeat(known.status),
  );
  const inUse = before.inUse + taken.length - freed.length;
  if (taken.length > 0 && before.seats !== null && inUse > before.seats) return refuseInUse(inUse, before.seats);
  return { kind: 'taken', current: current.map(({ externalId }) => externalId), inUse };
}

function isStale({ known, changedAtMs }: MemberReport): boolean {
  if (known === undefined || known.changedAtMs === null || changedAtMs === null) return false;
  return changedAtMs < known.changedAtMs;
}

function refuseMove({ externalId, known, status }: MemberReport): Extract<ReportsDecision, { kind: 'refused' }> {
  const from = known?.status ?? initialMemberStatus;
  return {
    kind: 'refused',
    code: 'member_transition',
    field: 'status',
    found: `${externalId} from ${from} to ${status}`,
    wanted: `one of ${memberTransitions[from].join(', ')} after ${from}`,
  };
}

function refuseInUse(inUse: number, seats: number): Extract<ReportsDecision, { kind: 'refused' }> {
  const refusal = seatsInUseRefusal('status', inUse, seats);
  return { kind: 'refused', ...refusal };
}

/** The words for seats that are not enough for those who use them, or would. */
export function seatsInUseRefusal(field: string, inUse: number, seats: number): Refusal<'seats_in_use'> {
  return {
    code: 'seats_in_use',
    field,
    found: `${inUse} members in use for ${seats} seats`,
    wanted: `at most ${seats} members in use: disable ${inUse - seats} first, or have more seats`,
  };
}

/**
 * Seats of the next term where fewer were scheduled. Members who were added since keep theirs: the renewal is for as many seats as
 * are in use, but never for more than there are now. Without a schedule of seats nothing is decided here.
 */
export function seatsAtRenewal(scheduled: number, present: number, inUse: number): number {
  return scheduled >= present ? scheduled : Math.min(present, Math.max(scheduled, inUse));
}

/** Fewer seats in the middle of a term, as support wants them. */
export type SeatReduction = { readonly seats: number; readonly present: number; readonly inUse: number };

/** Why a reduction in the middle of a term is refused; undefined if it is not. Seats in use are never taken away. */
export function refuseReduction({
  seats,
  present,
  inUse,
}: SeatReduction): Refusal<'seats_out_of_range' | 'seats_in_use'> | undefined {
  if (!Number.isInteger(seats) || seats < 1 || seats >= present) {
    const wanted = present > 1 ? `a whole number from 1 to ${present - 1}` : 'more than one seat to take from';
    return { code: 'seats_out_of_range', field: 'seats', found: String(seats), wanted };
  }
  return inUse > seats ? seatsInUseRefusal('seats', inUse, seats) : undefined;
}
