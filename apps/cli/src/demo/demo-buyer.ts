import { randomUUID } from 'node:crypto';
import type { Billfleet, Order } from '@billfleet/client';
import { z } from 'zod';

/** Where a demo plays. */
export type DemoStage = {
  readonly billfleet: Billfleet;
  readonly sandboxUrl: string;
  readonly onProgress: (line: string) => void;
};

/** Something that should have happened by then and did not: the demo failed. */
export class DemoFailedError extends Error {
  override readonly name = 'DemoFailedError';
}

const WAIT_MAX_MS = 30_000;
const POLL_MS = 50;
const CALL_TIMEOUT_MS = 10_000;

/** Looks until there is something; @throws DemoFailedError that names what never came. */
export async function waitFor<Seen>(what: string, look: () => Promise<Seen | undefined>): Promise<Seen> {
  const end = performance.now() + WAIT_MAX_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new DemoFailedError(`${what} did not come within ${String(WAIT_MAX_MS)} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const hostEvents = z.object({ events: z.array(z.object({ type: z.string() })) });
const mailList = z.object({ messages: z.array(z.object({ subject: z.string() })) });

const people = {
  US: { name: 'Northwind Studio', timeZone: 'America/New_York', locale: 'en' },
  BR: { name: 'Padaria Aurora', timeZone: 'America/Sao_Paulo', locale: 'pt-BR' },
} as const;
/** A CPF whose check digits are right; nobody's. */
const TAXPAYER = {
  ...{ taxId: '529.982.247-25', name: 'Ana Souza' },
  ...{ addressLines: ['Rua das Flores, 12'], city: 'São Paulo', region: 'SP', postalCode: '01310-100' },
};

/** A workspace that the demo made for itself, and the admin who buys for it. */
export class DemoBuyer {
  private readonly email: string;

  private constructor(
    private readonly stage: DemoStage,
    readonly workspaceId: string,
    private readonly country: keyof typeof people,
  ) {
    this.email = `admin+${workspaceId.slice(0, 8)}@demo.example`;
  }

  static async register(stage: DemoStage, country: keyof typeof people): Promise<DemoBuyer> {
    const buyer = new DemoBuyer(stage, randomUUID(), country);
    const { workspaceId: id, email: billingEmail } = buyer;
    await stage.billfleet.workspaces.register({ id, country, billingEmail, ...people[country] });
    return buyer;
  }

  /** Buys seats and pays on the hosted page's own interface; resolves once the seats are there. */
  async buy(method: 'card' | 'pix'): Promise<Order> {
    const { billfleet, onProgress } = this.stage;
    const wish = { workspaceId: this.workspaceId, plan: 'advanced', seats: 5, periodMonths: 12 } as const;
    const quote = await billfleet.quotes.create(wish);
    onProgress(`${this.name}: 5 seats for a year cost ${quote.amountMinor} (minor units) ${quote.currency}`);
    const { id } = await billfleet.orders.place(
      {
        workspaceId: this.workspaceId,
        quoteId: quote.id,
        payment: { collection: 'provider', method },
        ...(this.country === 'BR' ? { taxpayer: TAXPAYER } : {}),
      },
      { idempotencyKey: `demo/${randomUUID()}` },
    );
    const checkoutUrl = await waitFor('the checkout', async () => {
      return (await billfleet.orders.get(id))?.attempts[0]?.checkoutUrl ?? undefined;
    });
    onProgress(`${this.name}: pays by ${method} at ${checkoutUrl}`);
    await this.pay(checkoutUrl, method);
    return this.fulfilled(id);
  }

  /** Resolves once the order is paid and applied. */
  async fulfilled(orderId: string): Promise<Order> {
    const order = await waitFor('the seats', async () => {
      const seen = await this.stage.billfleet.orders.get(orderId);
      return seen?.status === 'fulfilled' ? seen : undefined;
    });
    const rights = await waitFor('the entitlements', () => this.stage.billfleet.entitlements.get(this.workspaceId));
    const { plan, seats, endsOn } = rights;
    this.stage.onProgress(
      `${this.name}: order ${order.number} is fulfilled: ${plan}, ${String(seats)} seats until ${endsOn}`,
    );
    return order;
  }

  /** Waits until the host product knows and so many mails have arrived. */
  async isToldOf(mails: number): Promise<void> {
    await waitFor('word to the host product', async () => {
      const { events } = hostEvents.parse(await this.read(`/host/events?workspaceId=${this.workspaceId}`));
      return events.some(({ type }) => type === 'subscription.changed') ? events : undefined;
    });
    const messages = await waitFor(`mail number ${String(mails)}`, async () => {
      const list = mailList.parse(await this.read(`/mailbox/messages?to=${encodeURIComponent(this.email)}`));
      return list.messages.length >= mails ? list.messages : undefined;
    });
    this.stage.onProgress(`${this.name}: mail “${messages[0]?.subject ?? ''}” arrived`);
  }

  /** Asks for a renewal reminder; the mail is waited for by `isToldOf`. */
  async askForReminder(): Promise<void> {
    const key = { idempotencyKey: `demo/${randomUUID()}` };
    await this.stage.billfleet.renewalReminders.request({ workspaceId: this.workspaceId }, key);
    this.stage.onProgress(`${this.name}: asks for a renewal reminder`);
  }

  get name(): string {
    return people[this.country].name;
  }

  private async pay(checkoutUrl: string, method: 'card' | 'pix'): Promise<void> {
    const reference = new URL(checkoutUrl).pathname.split('/').at(-1) ?? '';
    const reply = await fetch(new URL(`/v1/checkouts/${reference}/pay`, this.stage.sandboxUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(method === 'card' ? { method, card: '4242424242424242' } : { method }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    if (!reply.ok) throw new DemoFailedError(`the provider did not take the payment: ${await reply.text()}`);
  }

  private async read(pathAndQuery: string): Promise<unknown> {
    const url = new URL(pathAndQuery, this.stage.sandboxUrl);
    const reply = await fetch(url, { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    if (!reply.ok) throw new DemoFailedError(`${url.pathname} answered ${String(reply.status)}`);
    return reply.json();
  }
}
