import { join } from 'node:path';
import { z } from 'zod';
import { AppendLog } from '../mailbox/append-log.js';

/** Events that are kept at hand. Older ones stay in the file, and their ids stay known. */
const EVENTS_LISTED_MAX = 5_000;

/** The body of a Standard Webhooks call. What `data` holds depends on the type. */
export const hostEventBody = z.object({
  type: z.string().min(1).max(100),
  timestamp: z.iso.datetime({ offset: true }),
  data: z.record(z.string(), z.unknown()),
});

const storedEvent = hostEventBody.extend({ kind: z.literal('event'), id: z.string(), receivedAt: z.string() });
const storedRecord = z.discriminatedUnion('kind', [
  storedEvent,
  z.object({ kind: z.literal('duplicate'), id: z.string(), receivedAt: z.string() }),
]);

/** One event that the product was told of, and how often. */
export type ToldEvent = {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly receivedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Calls with this id beyond the first. */
  readonly duplicates: number;
};

/** Which events to list; the workspace is the one named in the event's data. */
export type HostEventQuery = { readonly workspaceId?: string | undefined; readonly limit: number };

/** What a workspace was told to have. Calls may come in any order: the highest version is the latest state. */
const toldSeats = z.object({
  workspaceId: z.string(),
  seats: z.int(),
  plan: z.string(),
  version: z.int(),
});
/** The latest state of a workspace that the product was told of. */
export type ToldSeats = z.output<typeof toldSeats>;

/** What is known of the file: built from it when it is opened, kept up with it afterwards. */
class EventIndex {
  /** Newest last. */
  listed: Omit<ToldEvent, 'duplicates'>[] = [];
  readonly callsById = new Map<string, number>();
  readonly lastByWorkspace = new Map<string, ToldSeats>();

  replay(line: string): void {
    const record = storedRecord.parse(JSON.parse(line));
    if (record.kind === 'event') this.add(record);
    this.count(record.id);
  }

  add({ id, type, timestamp, receivedAt, data }: z.output<typeof storedEvent>): void {
    this.listed.push({ id, type, timestamp, receivedAt, data });
    if (this.listed.length > EVENTS_LISTED_MAX) this.listed.shift();
    const seats = toldSeats.safeParse(data);
    if (!seats.success) return;
    const before = this.lastByWorkspace.get(seats.data.workspaceId);
    if (before === undefined || before.version <= seats.data.version)
      this.lastByWorkspace.set(seats.data.workspaceId, seats.data);
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
    const log = await AppendLog.open(join(dataDir, 'host-events.jsonl'), (line) => {
      index.replay(line);
    });
    return new HostEventStore(index, log);
  }

  /** Takes an event once; the same id again is only counted. */
  async accept(id: string, body: z.output<typeof hostEventBody>, receivedAt: Date): Promise<'new' | 'duplicate'> {
    const isNew = !this.index.callsById.has(id);
    // Counted before the write, so that two calls at the same time are not both new.
    this.index.count(id);
    const at = receivedAt.toISOString();
    const record = { ...body, kind: 'event' as const, id, receivedAt: at };
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
      .filter(({ data }) => workspaceId === undefined || data['workspaceId'] === workspaceId)
      .slice(-limit)
      .reverse()
      .map((event) => ({ ...event, duplicates: (this.index.callsById.get(event.id) ?? 1) - 1 }));
  }

  /** The latest state of a workspace, whichever call brought it; undefined while none did. */
  lastOf(workspaceId: string): ToldSeats | undefined {
    return this.index.lastByWorkspace.get(workspaceId);
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
