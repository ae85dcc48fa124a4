import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { SqlValue } from './store.js';

type Answer = { readonly rows: unknown[]; readonly command: string; readonly rowCount: number | null };

/** What we use of the driver's client. */
type Client = {
  query(statement: {
    readonly text: string;
    readonly name?: string;
    readonly values?: readonly SqlValue[];
  }): Promise<Answer>;
};

/** Different statements that are prepared per connection; what comes after them (or is written ad hoc in a test) runs unprepared. */
const PREPARED_MAX = 500;

/** One connection while it is ours. */
export class Session {
  private isOver = false;
  private isSingle = false;
  private failure: Error | undefined;

  constructor(
    private readonly client: Client,
    private readonly nameOf: (statement: string) => string | undefined,
  ) {}

  /** Runs one statement, prepared once per connection: parsing and planning the fleet's large statements costs more than running them. */
  async query<Row>(statement: string, values: readonly SqlValue[]): Promise<Row[]> {
    return (await this.run(statement, values)).rows as Row[];
  }

  /** The same for a statement that answers no rows; answers how many it changed. */
  async change(statement: string, values: readonly SqlValue[]): Promise<number> {
    return (await this.run(statement, values)).rowCount ?? 0;
  }

  private async run(statement: string, values: readonly SqlValue[]): Promise<Answer> {
    // Something that ran beside a failed statement could go on later, and its statement would be committed on its own.
    if (this.isOver) throw new Error('the transaction is over: this statement came too late');
    this.isOver = this.isSingle;
    const name = this.nameOf(statement);
    try {
      return await this.client.query({ text: statement, values, ...(name === undefined ? {} : { name }) });
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  /** What the first failed statement failed with: whatever comes after it in a transaction fails for its sake. */
  get firstError(): Error | undefined {
    return this.failure;
  }

  /** Lets one statement through, which the server commits by itself, and none after it. */
  beginSingle(): void {
    this.isSingle = true;
  }

  /** Begins a transaction. */
  async begin(): Promise<void> {
    await this.client.query({ text: 'begin isolation level read committed' });
  }

  /** @throws when the server rolled back instead, since a statement had failed and nobody had noticed. */
  async commit(): Promise<void> {
    this.isOver = true;
    const { command } = await this.client.query({ text: 'commit' });
    if (command !== 'COMMIT') throw new Error(`the transaction was not committed: the server answered ${command}`);
  }

  /** Gives the transaction up. */
  async rollback(): Promise<void> {
    this.isOver = true;
    await this.client.query({ text: 'rollback' });
  }
}

/** Opens sessions on the connections of a data source. */
export class Sessions {
  private readonly names = new Map<string, string>();

  /** The session of this runner's connection; whoever opened the runner releases it. */
  async open(runner: QueryRunner): Promise<Session> {
    return new Session((await runner.connect()) as Client, (statement) => this.nameOf(statement));
  }

  private nameOf(statement: string): string | undefined {
    const known = this.names.get(statement);
    if (known !== undefined || this.names.size >= PREPARED_MAX) return known;
    const name = `s${createHash('sha256').update(statement).digest('hex').slice(0, 24)}`;
    this.names.set(statement, name);
    return name;
  }
}
