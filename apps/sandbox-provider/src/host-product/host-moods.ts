import { z } from 'zod';

/** How the product takes what it is told of a workspace: a status that refuses it, or null to take it again. */
export const hostMood = z.strictObject({
  workspaceId: z.uuid(),
  status: z.union([z.literal(410), z.literal(429), z.int().min(500).max(599)]).nullable(),
  retryAfterSeconds: z.int().min(1).max(86_400).optional(),
});
export type HostMood = z.output<typeof hostMood>;

const MOODS_MAX = 1_000;

/** What the product refuses just now. Forgotten when it ends. */
export class HostMoods {
  private readonly moods = new Map<string, HostMood>();

  of(workspaceId: string): HostMood | undefined {
    return this.moods.get(workspaceId);
  }

  /** The oldest mood makes room when there are too many. */
  set(mood: HostMood): void {
    this.moods.delete(mood.workspaceId);
    if (mood.status === null) return;
    const [oldest] = this.moods.keys();
    if (this.moods.size >= MOODS_MAX && oldest !== undefined) this.moods.delete(oldest);
    this.moods.set(mood.workspaceId, mood);
  }
}
