import type { Log } from '@billfleet/platform';
import pg from 'pg';

/**
 * Hears NOTIFY on the channel `work`, so that an idle dispatcher wakes at once. Notifications are lost while nobody listens:
 * this only shortens the wait, the poll is the truth. It connects again by itself.
 */
export class WorkListener {
  private client: pg.Client | undefined;
  private isStopped = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly onWake: () => void,
    private readonly log: Log,
  ) {}

  /** Starts listening; a database that is away is tried again every second. */
  async start(): Promise<void> {
    if (this.isStopped) return;
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'billfleet listener',
      keepAlive: true,
    });
    // A client without an error listener takes the process down with it.
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, undefined));
    client.on('notification', () => this.onWake());
    this.client = client;
    try {
      await client.connect();
      await client.query('listen work');
      this.onWake();
    } catch (error) {
      this.lost(client, error);
    }
  }

  /** Stops listening for good. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private lost(client: pg.Client, error: unknown): void {
    if (this.isStopped || this.client !== client) return;
    this.client = undefined;
    if (error !== undefined) this.log.warn({ err: error }, 'work listener lost its connection');
    client.end().catch(() => undefined);
    this.retry = setTimeout(() => void this.start(), 1_000);
  }
}
