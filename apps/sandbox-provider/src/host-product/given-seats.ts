import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { HostEventStore, STATE_TYPE } from './host-event-store.js';

/** What matters here of the state that was told. */
const toldSeats = z.object({ seats: z.int(), plan: z.string(), version: z.int() });

const count = z.int().min(0).max(1_000_000);

/**
 * Body of `POST /host/gives`: what the product gives a workspace from now on, whatever it was told. It goes back to what it was told when it
 * is told again, unless it is stubborn. `members` is how many people it counts, and stays.
 */
export const givesBody = z.strictObject({
  workspaceId: z.uuid().toLowerCase(),
  seats: count.optional(),
  plan: z.string().min(1).max(40).optional(),
  members: count.nullable().optional(),
  isStubborn: z.boolean().default(false),
});

/** What the product gives a workspace, as it says when it is asked. */
export type Given = {
  readonly workspaceId: string;
  readonly seats: number;
  readonly plan: string | null;
  readonly members: number | null;
  readonly version: number | null;
};

type Gives = z.output<typeof givesBody>;

/** What the product gives: what it was told last, unless somebody made it give something else. */
@Injectable()
export class GivenSeats {
  private readonly otherwise = new Map<string, Gives>();
  private readonly members = new Map<string, number | null>();

  constructor(private readonly store: HostEventStore) {}

  /** Makes the product give something else than it was told, so that the fleet has something to find. */
  give(gives: Gives): void {
    if (gives.members !== undefined) this.members.set(gives.workspaceId, gives.members);
    this.otherwise.set(gives.workspaceId, gives);
  }

  /** The product was told again: it gives that, unless it is stubborn. */
  told({ type, workspaceId }: { readonly type: string; readonly workspaceId: string }): void {
    if (type !== STATE_TYPE || this.otherwise.get(workspaceId)?.isStubborn !== false) return;
    this.otherwise.delete(workspaceId);
  }

  of(workspaceId: string): Given {
    const { data: told } = toldSeats.safeParse(this.store.stateOf(workspaceId)?.data);
    const gives = this.otherwise.get(workspaceId);
    return {
      workspaceId,
      seats: gives?.seats ?? told?.seats ?? 0,
      plan: gives?.plan ?? told?.plan ?? null,
      members: this.members.get(workspaceId) ?? null,
      version: told?.version ?? null,
    };
  }
}
