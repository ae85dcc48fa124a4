/** What a workspace paid for. `seatsInUse` null: its members were never reported, so nothing is known of them. */
export type PaidSeats = {
  readonly seats: number;
  readonly plan: string;
  readonly seatsInUse: number | null;
};

/** What the host product really gives. `plan` null: nothing; `members` null: it does not count who uses a seat. */
export type GivenSeats = {
  readonly seats: number;
  readonly plan: string | null;
  readonly members: number | null;
};

/** What can differ. Telling the host product again mends seats and plan; who its members are only it can say. */
export type DriftKind = 'seats' | 'plan' | 'members';

/** One thing that is given otherwise than it is paid for; values as text, for people. */
export type SeatDrift = { readonly what: DriftKind; readonly paid: string; readonly granted: string };

/** Differences that telling the host product again can mend. */
export const MENDABLE: readonly DriftKind[] = ['seats', 'plan'];

/**
 * Compares what is paid with what is given. Members differ when the host product counts others than it reported, or more than
 * there are seats.
 */
export function seatDrifts(paid: PaidSeats, given: GivenSeats): readonly SeatDrift[] {
  const drifts: SeatDrift[] = [];
  if (paid.seats !== given.seats) {
    drifts.push({ what: 'seats', paid: String(paid.seats), granted: String(given.seats) });
  }
  if (paid.plan !== given.plan) drifts.push({ what: 'plan', paid: paid.plan, granted: given.plan ?? 'none' });
  if (given.members === null) return drifts;
  const members = String(given.members);
  if (paid.seatsInUse !== null && paid.seatsInUse !== given.members) {
    drifts.push({ what: 'members', paid: `${paid.seatsInUse} reported`, granted: members });
  } else if (given.members > paid.seats) {
    drifts.push({ what: 'members', paid: `at most ${paid.seats}`, granted: members });
  }
  return drifts;
}
