import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { SqlValue } from './store.js';

/** What we use of the driver's client. */
type Client = {
  query(statement: {
    readonly text: string;
    readonly name?: string;
    readonly values?: readonly SqlValue[];
  }): Promise<{ readonly rows: unknown[] }>;
};

/** Different statements that are prepared per connection; what comes after them (or is written ad hoc in a test) runs unprepared. */
const PREPARED_MAX = 500;

/** One connection while it is ours. */
export class Session {
  constructor(
    private readonly client: Client,
    private readonly nameOf: (statement: string) => string | undefined,
  ) {}

  /** Runs one statement, prepared once per connection: parsing and planning the fleet's large statements costs more than running them. */
  async query<Row>(statement: string, values: readonly SqlValue[]): Promise<Row[]> {
    const name = this.nameOf(statement);
    const answer = await this.client.query({ text: statement, values, ...(name === undefined ? {} : { name }) });
    return answer.rows as Row[];
  }

  /** Runs a command without parameters or rows. */
  async command(text: string): Promise<void> {
    await this.client.query({ text });
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
