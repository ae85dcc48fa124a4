import { randomUUID } from 'node:crypto';
import { call } from './customer.js';
import type { Answer, Customer } from './customer.js';
import type { Fleet } from './fleet.js';
import { until } from './until.js';

/** A test clock of a fleet, as its operator works with it. */
export class OperatedClock {
  private constructor(
    private readonly fleet: Fleet,
    readonly id: string,
  ) {}

  /** Makes a clock, at the fleet's own time where nothing is said, and puts customers on it. */
  static async make(fleet: Fleet, customers: readonly Customer[] = [], nowAt?: string): Promise<OperatedClock> {
    const id = randomUUID();
    const body = { id, name: 'a journey', ...(nowAt === undefined ? {} : { nowAt }) };
    const answer = await call(fleet, 'POST', '/v1/test-clocks', { body });
    // A crash after the commit leaves the first answer untold, and the second one is a repeat.
    if (answer.status > 201) throw new Error(`test clock: ${JSON.stringify(answer.body)}`);
    const clock = new OperatedClock(fleet, id);
    for (const customer of customers) await clock.put(customer);
    return clock;
  }

  /** Puts a customer on the clock. */
  async put(customer: Customer): Promise<void> {
    const { status, body } = await this.attach(customer);
    if (status !== 200) throw new Error(`attach: ${JSON.stringify(body)}`);
  }

  attach({ id: workspaceId }: Pick<Customer, 'id'>): Promise<Answer> {
    return call(this.fleet, 'POST', `/v1/test-clocks/${this.id}/workspaces`, { body: { workspaceId } });
  }

  look(): Promise<Answer> {
    return call(this.fleet, 'GET', `/v1/test-clocks/${this.id}`);
  }

  send(to: string): Promise<Answer> {
    return call(this.fleet, 'POST', `/v1/test-clocks/${this.id}/advance`, { body: { to } });
  }

  /** Sends the clock forward and waits until it is there. */
  async advance(to: string): Promise<void> {
    const sent = await this.send(to);
    if (sent.status !== 202) throw new Error(`advance: ${JSON.stringify(sent.body)}`);
    await this.arrive(to);
  }

  /** Waits until the clock shows this and is ready. */
  async arrive(at: string): Promise<void> {
    await until(`the clock shows ${at}`, () => this.look(), {
      isDone: ({ body }) => body['status'] === 'ready' && Date.parse(String(body['nowAt'])) === Date.parse(at),
      deadlineMs: 60_000,
    });
  }
}
