import { randomUUID } from 'node:crypto';
import { MovableClock } from '@billfleet/platform';
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

/** Its mails in the order in which they arrived, each with the time of the workspace at which it was owed. */
export async function mailsInTime(customer: Customer): Promise<readonly string[]> {
  const { fleet, id, email } = customer;
  const owed = await fleet.sql<{ id: string; line: string }>(
    `select n.id, to_char(t.at at time zone n.time_zone, 'YYYY-MM-DD HH24:MI ') || n.template as line from notification n
       join transition t on t.entity = 'notification' and t.entity_id = n.id and t.from_status is null where n.workspace_id = $1`,
    [id],
  );
  const lines = new Map(owed.map((row) => [row.id, row.line]));
  const reply = await fleet.atSandbox(`/mailbox/messages?to=${encodeURIComponent(email)}`);
  const { messages } = (await reply.json()) as { messages: readonly { messageId: string }[] };
  const arrived = new Set(messages.toReversed().map((one) => /^<([^@]+)@/.exec(one.messageId)?.[1] ?? ''));
  return [...arrived].map((mailId) => lines.get(mailId) ?? `a mail that nobody owed: ${mailId}`);
}

/** What was told of it, with the time of the workspace. */
export const eventsInTime = (customer: Customer): Promise<readonly string[]> =>
  linesOf(
    customer,
    `select to_char(occurred_at at time zone w.time_zone, 'YYYY-MM-DD HH24:MI ') || type as line from event e
       join workspace w on w.id = e.workspace_id where w.id = $1 order by seq`,
  );

/** What a statement about a customer's workspace answers in its column `line`. */
export async function linesOf({ fleet, id }: Customer, statement: string): Promise<readonly string[]> {
  return (await fleet.sql<{ line: string }>(statement, [id])).map(({ line }) => line);
}

/** A customer on a clock with a subscription of 6 months, which a card renews. */
export async function subscribedOn(clock: OperatedClock, customer: Customer): Promise<Customer> {
  await clock.put(customer);
  await customer.order({ token: 'tok_visa' });
  await customer.fleet.settle();
  return customer;
}

/** A clock that journeys move as they move the fleet's, while the fleet's own stands still: everybody is on a test clock, which is sent after it. */
export class SentClock extends MovableClock {
  private going: Promise<void> = Promise.resolve();

  private constructor(
    instant: Date,
    readonly operated: OperatedClock,
  ) {
    super(instant);
  }

  static async start(fleet: Fleet, instant: Date): Promise<SentClock> {
    return new SentClock(instant, await OperatedClock.make(fleet, [], instant.toISOString()));
  }

  override moveTo(instant: Date): void {
    super.moveTo(instant);
    this.send();
  }

  override advanceMs(durationMs: number): void {
    super.advanceMs(durationMs);
    this.send();
  }

  /** Waits until the test clock shows what this one does. @throws when it does not come there. */
  async arrive(): Promise<void> {
    await this.going;
  }

  private send(): void {
    const to = this.now().toISOString();
    this.going = this.going.then(() => this.operated.advance(to));
    // Whoever waits for it hears of a failure; nobody may.
    this.going.catch(() => undefined);
  }
}
