import { randomUUID } from 'node:crypto';
import type { Fleet } from './fleet.js';
import { payOnPage } from './payer.js';
import type { PaidHow } from './payer.js';
import { until } from './until.js';

/** An answer of the gateway, read. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};

type Call = {
  readonly body?: unknown;
  /** Idempotency key. */
  readonly key?: string;
  readonly apiKey?: string;
  /** The person for whom a service calls. */
  readonly actor?: string;
  /** 1 shows the first answer, whatever it is. */
  readonly triesMax?: number;
};

const TRIES_MAX = 5;

/** Calls the gateway as a careful client: what failed on its side is asked again with the same key. */
export async function call(fleet: Fleet, method: string, path: string, options: Call = {}): Promise<Answer> {
  if (!path.startsWith('/v1/test-clocks')) await fleet.arrive();
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(`http://127.0.0.1:${String(fleet.config.port)}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.apiKey ?? fleet.apiKey}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...(options.actor === undefined ? {} : { 'billfleet-actor': options.actor }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    if (response.status < 500 || tries >= (options.triesMax ?? TRIES_MAX)) {
      const body = (text === '' ? {} : JSON.parse(text)) as Answer['body'];
      return { status: response.status, headers: response.headers, body };
    }
  }
}

/** What a journey needs to know of an order. */
export type SeenOrder = {
  readonly id: string;
  readonly status: string;
  readonly amountMinor: string;
  readonly attempts: readonly {
    readonly id: string;
    readonly status: string;
    readonly checkoutUrl: string | null;
    readonly pixCode: string | null;
  }[];
};

/** Everything that came of a customer's doings. A journey names all of it, so nothing else can have happened. */
export type Story = {
  readonly orders: readonly string[];
  readonly attempts: readonly string[];
  /** Templates of the mails that arrived, each mail once. */
  readonly mails: readonly string[];
  /** The states that the host product was told of, oldest first: `plan × seats`. */
  readonly told: readonly string[];
  /** Movements of the books: `kind amount`. What the provider keeps is left out: it comes with the night, whenever that is. */
  readonly books: readonly string[];
  readonly dead: readonly string[];
};

const COUNTRIES = {
  US: { timeZone: 'America/New_York', locale: 'en' },
  BR: { timeZone: 'America/Sao_Paulo', locale: 'pt-BR' },
  MX: { timeZone: 'America/Mexico_City', locale: 'es' },
  DE: { timeZone: 'Europe/Berlin', locale: 'en' },
  IE: { timeZone: 'Europe/Dublin', locale: 'en' },
} as const;

/** Where a customer of a journey may be. */
export type CountryOfCustomer = keyof typeof COUNTRIES;

/** A CPF and an alphanumeric CNPJ whose check digits are right; nobody's. */
const address = {
  addressLines: ['Rua das Flores, 12'],
  city: 'São Paulo',
  region: 'SP',
  postalCode: '01310-100',
} as const;
export const CPF = { taxId: '529.982.247-25', name: 'Ana Souza', ...address } as const;
export const CNPJ = { taxId: '12.ABC.345/01DE-35', name: 'Padaria Aurora Ltda', ...address } as const;

/** A workspace and its admin. */
export class Customer {
  readonly email: string;

  private constructor(
    readonly fleet: Fleet,
    readonly id: string,
    private readonly country: keyof typeof COUNTRIES,
  ) {
    this.email = `admin-${id.slice(0, 8)}@customer.example`;
  }

  /** A fresh workspace, registered through the API. */
  static async register(
    fleet: Fleet,
    country: keyof typeof COUNTRIES = 'US',
    {
      id: wanted = randomUUID(),
      ...more
    }: { readonly id?: string; readonly trialEndsOn?: string; readonly trial?: true } = {},
  ): Promise<Customer> {
    const customer = new Customer(fleet, wanted, country);
    const { id, email: billingEmail } = customer;
    const body = { id, name: 'Northwind Studio', country, billingEmail, ...COUNTRIES[country], ...more };
    const answer = await call(fleet, 'POST', '/v1/workspaces', { body });
    if (answer.status > 201) throw new Error(`workspace: ${JSON.stringify(answer.body)}`);
    await fleet.testClock?.put(customer);
    return customer;
  }

  /** Prices a purchase; answers the quote. */
  async quote(wish: { plan?: string; seats?: number; periodMonths?: number } = {}): Promise<Answer['body']> {
    const body = { workspaceId: this.id, plan: 'advanced', seats: 5, periodMonths: 6, ...wish };
    return this.expectStatus(201, await call(this.fleet, 'POST', '/v1/quotes', { body })).body;
  }

  /** Prices a change; answers the quote. */
  async price(wish: Readonly<Record<string, unknown>>): Promise<Answer['body']> {
    const body = { workspaceId: this.id, ...wish };
    return this.expectStatus(201, await call(this.fleet, 'POST', '/v1/quotes', { body })).body;
  }

  /** Orders what was quoted; answers the order's id. */
  async order(
    how: {
      readonly method?: string;
      readonly token?: string;
      readonly installments?: number;
      readonly taxpayer?: typeof CPF | typeof CNPJ;
      readonly quote?: Answer['body'];
      readonly key?: string;
      readonly isUpstream?: boolean;
      readonly invoiceDetails?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<string> {
    const quote = how.quote ?? (await this.quote());
    const { method = 'card', token, installments, invoiceDetails, key = randomUUID() } = how;
    const payment =
      how.isUpstream === true
        ? { collection: 'upstream' }
        : { collection: 'provider', method, ...(token && { token }), ...(installments && { installments }) };
    const body = {
      workspaceId: this.id,
      quoteId: quote['id'],
      payment,
      ...this.payerDetails(how.taxpayer),
      ...(invoiceDetails && { invoiceDetails }),
    };
    const answer = this.expectStatus(202, await call(this.fleet, 'POST', '/v1/orders', { body, key }));
    const id = String(answer.body['id']);
    if (answer.headers.get('location') !== `/v1/orders/${id}`) throw new Error('the answer names no location');
    return id;
  }

  async look(orderId: string): Promise<SeenOrder> {
    const answer = await call(this.fleet, 'GET', `/v1/orders/${orderId}`);
    return this.expectStatus(200, answer).body as unknown as SeenOrder;
  }

  /** Waits until the order can be paid; answers where. */
  async checkout(orderId: string): Promise<string> {
    const order = await until(`order ${orderId} has a checkout`, () => this.look(orderId), {
      isDone: (seen) => typeof seen.attempts.at(-1)?.checkoutUrl === 'string',
    });
    return order.attempts.at(-1)?.checkoutUrl ?? '';
  }

  /** Fills in the provider's page as a browser does. */
  async pay(orderId: string, how: PaidHow = {}): Promise<void> {
    await payOnPage(await this.checkout(orderId), how);
  }

  /** Waits until the mail with a Pix code came: whoever pays before it leaves is not sent one. */
  async codeMailed(): Promise<void> {
    await until('the code came by mail', async () => (await this.mails()).includes('order_to_pay'));
  }

  /** Undefined while there has never been a subscription. */
  async entitlements(): Promise<Answer['body'] | undefined> {
    const answer = await call(this.fleet, 'GET', `/v1/workspaces/${this.id}/entitlements`);
    return answer.status === 404 ? undefined : answer.body;
  }

  async story(): Promise<Story> {
    const list = async (statement: string): Promise<readonly string[]> =>
      (await this.fleet.sql<{ line: string }>(statement, [this.id])).map((row) => row.line);
    return {
      orders: await list(`select status as line from orders where workspace_id = $1 order by number`),
      attempts: await list(`select status as line from attempt where workspace_id = $1 order by id`),
      mails: await this.mails(),
      told: await this.told(),
      books: await list(
        `select kind || ' ' || amount_minor || ' ' || currency as line from movement where workspace_id = $1 and kind not in ('recognition', 'fee') order by id`,
      ),
      dead: await list(
        `select w.kind || ': ' || w.last_error as line from work w where dead_at is not null and (
           w.ref in (select id from refund where workspace_id = $1) or w.ref in (select id from attempt where workspace_id = $1)
           or w.ref in (select id from payment_notice where workspace_id = $1)) order by w.id`,
      ),
    };
  }

  /**
   * What arrived in the mailbox, by template, in the order of the alphabet: mails of different causes overtake each other when a process
   * dies. A mail that was sent twice has the same Message-ID and counts once.
   */
  async mails(): Promise<readonly string[]> {
    const reply = await this.fleet.atSandbox(`/mailbox/messages?to=${encodeURIComponent(this.email)}`);
    const { messages } = (await reply.json()) as { messages: readonly { messageId: string }[] };
    const arrived = [...new Set(messages.map((one) => /^<([^@]+)@/.exec(one.messageId)?.[1] ?? ''))];
    const rows = await this.fleet.sql<{ id: string; template: string }>(
      `select id, template from notification where workspace_id = $1`,
      [this.id],
    );
    const templates = new Map(rows.map((row) => [row.id, row.template]));
    return arrived.map((id) => templates.get(id) ?? `a mail that nobody owed: ${id}`).sort();
  }

  /** The names of the files that came with mails, each mail counted once; pictures that a mail shows are left out. */
  async attachments(): Promise<readonly string[]> {
    const reply = await this.fleet.atSandbox(`/mailbox/messages?to=${encodeURIComponent(this.email)}`);
    const { messages } = (await reply.json()) as { messages: readonly { id: string; messageId: string }[] };
    const byMail = new Map(messages.map((one) => [one.messageId, one.id]));
    const mails = await Promise.all(
      [...byMail.values()].map(async (id) => (await this.fleet.atSandbox(`/mailbox/messages/${id}`)).json()),
    );
    return (mails as readonly { readonly source: string }[])
      .flatMap(({ source }) => [...source.matchAll(/^Content-Disposition: attachment;\s+filename="?([^"\s]+)"?/gim)])
      .map((found) => found[1] ?? '')
      .sort();
  }

  private async told(): Promise<readonly string[]> {
    const reply = await this.fleet.atSandbox(`/host/events?workspaceId=${this.id}`);
    const { events } = (await reply.json()) as { events: readonly { type: string; data: Record<string, unknown> }[] };
    return events
      .filter(({ type }) => type === 'subscription.changed')
      .toReversed()
      .map(({ data }) => `${String(data['plan'])} × ${String(data['seats'])}`);
  }

  private payerDetails(taxpayer: typeof CPF | typeof CNPJ = CPF): Record<string, unknown> {
    return this.country === 'BR' ? { taxpayer } : {};
  }

  private expectStatus(status: number, answer: Answer): Answer {
    if (answer.status === status) return answer;
    throw new Error(`wanted ${String(status)}, found ${String(answer.status)} ${JSON.stringify(answer.body)}`);
  }
}
