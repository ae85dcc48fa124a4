import { join } from 'node:path';
import { eventEnvelope } from '@billfleet/contracts';
import { z } from 'zod';
import { AppendLog } from '../mailbox/append-log.js';

/** The type of event that carries the whole state of a workspace. */
export const STATE_TYPE = 'subscription.changed';
/** Events that are kept at hand. Older ones stay in the file, and their ids stay known. */
const EVENTS_LISTED_MAX = 5_000;

const storedEvent = eventEnvelope.extend({ kind: z.literal('event'), id: z.string(), receivedAt: z.string() });
const storedRecord = z.discriminatedUnion('kind', [
  storedEvent,
  z.object({ kind: z.literal('duplicate'), id: z.string(), receivedAt: z.string() }),
]);

/** One event that the product was told of, and how often. */
export type ToldEvent = {
  readonly id: string;
  readonly type: string;
  readonly workspaceId: string;
  readonly sequence: number;
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Calls with this id beyond the first. */
  readonly duplicates: number;
};

/** What a workspace has by the newest state that was told of it. */
export type WorkspaceState = { readonly sequence: number; readonly data: Readonly<Record<string, unknown>> };

/** Which events to list. */
export type HostEventQuery = { readonly workspaceId?: string | undefined; readonly limit: number };

/** What is known of the file: built from it when it is opened, kept up with it afterwards. */
class EventIndex {
  /** Newest last. */
  listed: Omit<ToldEvent, 'duplicates'>[] = [];
  readonly callsById = new Map<string, number>();
  readonly states = new Map<string, WorkspaceState>();

  replay(line: string): void {
    const record = storedRecord.parse(JSON.parse(line));
    if (record.kind === 'event') this.add(record);
    this.count(record.id);
  }

  add({ kind: _, ...event }: z.output<typeof storedEvent>): void {
    this.listed.push(event);
    if (this.listed.length > EVENTS_LISTED_MAX) this.listed.shift();
    this.apply(event);
  }

  /** Calls may come doubled and out of order: what is older than what is known changes nothing. */
  private apply({ type, workspaceId, sequence, data }: Omit<ToldEvent, 'duplicates'>): void {
    if (type !== STATE_TYPE) return;
    if (sequence > (this.states.get(workspaceId)?.sequence ?? 0)) this.states.set(workspaceId, { sequence, data });
  }

  count(id: string): void {
    this.callsById.set(id, (this.callsById.get(id) ?? 0) + 1);
  }

  uncount(id: string): void {
    const left = (this.callsById.get(id) ?? 1) - 1;
    if (left === 0) this.callsById.delete(id);
    else this.callsById.set(id, left);
  }
}

/** Every event that the product was told of. It survives a kill once `accept` has resolved. */
export class HostEventStore {
  private constructor(
    private readonly index: EventIndex,
    private readonly log: AppendLog,
  ) {}

  /** Opens the events of a data folder; more than one process must not. */
  static async open(dataDir: string): Promise<HostEventStore> {
    const index = new EventIndex();
    const log = await AppendLog.open(join(dataDir, 'told-events.jsonl'), (line) => {
      index.replay(line);
    });
    return new HostEventStore(index, log);
  }

  /** Takes an event once; the same id again is only counted. */
  async accept(event: z.output<typeof eventEnvelope>, receivedAt: Date): Promise<'new' | 'duplicate'> {
    const { id } = event;
    const isNew = !this.index.callsById.has(id);
    // Counted before the write, so that two calls at the same time are not both new.
    this.index.count(id);
    const at = receivedAt.toISOString();
    const record = { ...event, kind: 'event' as const, receivedAt: at };
    try {
      await this.log.append(JSON.stringify(isNew ? record : { kind: 'duplicate', id, receivedAt: at }));
    } catch (cause) {
      this.index.uncount(id);
      throw cause;
    }
    if (isNew) this.index.add(record);
    return isNew ? 'new' : 'duplicate';
  }

  /** Events that fit, newest first. */
  list({ workspaceId, limit }: HostEventQuery): readonly ToldEvent[] {
    return this.index.listed
      .filter((event) => workspaceId === undefined || event.workspaceId === workspaceId)
      .slice(-limit)
      .reverse()
      .map((event) => ({ ...event, duplicates: (this.index.callsById.get(event.id) ?? 1) - 1 }));
  }

  /** What a workspace has; undefined while nothing was told of it. */
  stateOf(workspaceId: string): WorkspaceState | undefined {
    return this.index.states.get(workspaceId);
  }

  /** Different events and calls in all that were ever taken. */
  totals(): { readonly events: number; readonly calls: number } {
    let calls = 0;
    for (const count of this.index.callsById.values()) calls += count;
    return { events: this.index.callsById.size, calls };
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.log.close();
  }
}
