import type { StoredWorkspace } from '@billfleet/store';

const KEPT_MAX = 10_000;

/**
 * Workspaces without a contract or a test clock, as they were when they were last read. Whoever prices from them must let the statement that stores the
 * price check that they are still the same: nothing here is ever known to be true.
 */
export class KeptWorkspaces {
  private readonly kept = new Map<string, StoredWorkspace>();

  /** The workspace as it was, if it is kept. */
  find(id: string): StoredWorkspace | undefined {
    return this.kept.get(id);
  }

  /** Keeps workspaces; those that were kept longest make room. */
  keep(workspaces: Iterable<StoredWorkspace>): void {
    for (const workspace of workspaces) {
      this.kept.delete(workspace.id);
      this.kept.set(workspace.id, workspace);
    }
    for (const id of this.kept.keys()) {
      if (this.kept.size <= KEPT_MAX) return;
      this.kept.delete(id);
    }
  }

  /** Lets go of workspaces, one of which turned out to be different by now. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.kept.delete(id);
  }
}
