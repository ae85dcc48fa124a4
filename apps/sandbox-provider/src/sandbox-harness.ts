import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sandboxProvider, sandboxTruth } from '@billfleet/payments';
import type {
  CallOutcome,
  CheckoutIntent,
  CheckoutStarted,
  PaymentProvider,
  SandboxTruth,
  TokenCharge,
} from '@billfleet/payments';
import { Health, MovableClock, silentLog } from '@billfleet/platform';
import { createApp } from './create-app.js';

const apiKey = 'sk_sandbox_0123456789abcdef';
const webhookSecret = `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}`;
const waitMaxMs = 10_000;
const pollMs = 10;

type Call = { readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** A merchant's webhook endpoint that keeps what it gets. */
export class Inbox {
  readonly calls: Call[] = [];
  status = 204;
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.calls.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(this.status).end();
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the inbox does not listen');
    return `http://127.0.0.1:${String(address.port)}/v1/webhooks/sandbox`;
  }

  types(): string[] {
    return this.calls.map((call) => (JSON.parse(call.body.toString()) as { type: string }).type);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** For tests: a running sandbox provider in a folder of its own, the fleet's adapter to it, and a merchant that it tells. */
export class SandboxHarness {
  readonly clock = new MovableClock(new Date());
  readonly inbox = new Inbox();
  private readonly health = new Health();
  private app: NestFastifyApplication | undefined;
  private running: { baseUrl: string; provider: PaymentProvider } | undefined;

  private constructor(readonly dataPath: string) {}

  static async open(): Promise<SandboxHarness> {
    const harness = new SandboxHarness(await mkdtemp(join(tmpdir(), 'sandbox-provider-')));
    await harness.inbox.open();
    await harness.start();
    return harness;
  }

  async start(): Promise<void> {
    this.app = await createApp({
      provider: { dataPath: this.dataPath, notifyUrl: this.inbox.url, apiKey, webhookSecret },
      smtp: { host: '127.0.0.1', port: 0 },
      hostWebhookSecret: webhookSecret,
      log: silentLog,
      health: this.health,
      clock: this.clock,
    });
    await this.app.listen(0, '127.0.0.1');
    this.health.markUp();
    const baseUrl = await this.app.getUrl();
    this.running = { baseUrl, provider: this.adapter({ baseUrl }) };
  }

  async stop(): Promise<void> {
    await this.app?.close();
    this.app = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    this.inbox.close();
    await rm(this.dataPath, { recursive: true, force: true });
  }

  get baseUrl(): string {
    return this.now().baseUrl;
  }

  get provider(): PaymentProvider {
    return this.now().provider;
  }

  /** An adapter that is set up in another way. */
  adapter(over: { readonly baseUrl?: string; readonly apiKey?: string }): PaymentProvider {
    const baseUrl = over.baseUrl ?? this.baseUrl;
    return sandboxProvider({
      baseUrl,
      apiKey: over.apiKey ?? apiKey,
      webhookSecrets: [webhookSecret],
      timeoutMs: 1500,
    });
  }

  intent(over: Partial<CheckoutIntent> = {}): CheckoutIntent {
    return {
      attemptId: 'attempt-1',
      orderId: 'order-1',
      method: 'card',
      amountMinor: 15_000n,
      currency: 'USD',
      installments: 1,
      description: '5 seats <Base> & more',
      returnUrl: 'http://127.0.0.1:3000/orders/order-1',
      payer: { country: 'US' },
      expiresAt: new Date(this.clock.now().getTime() + 3_600_000),
      ...over,
    };
  }

  tokenCharge(over: Partial<TokenCharge> = {}): TokenCharge {
    return {
      attemptId: 'attempt-9',
      orderId: 'order-9',
      token: 'tok_visa',
      amountMinor: 700n,
      currency: 'USD',
      installments: 1,
      description: 'renewal',
      ...over,
    };
  }

  async checkout(over: Partial<CheckoutIntent> = {}, key = 'key-1'): Promise<CheckoutStarted> {
    return observed(await this.provider.createCheckout(this.intent(over), key));
  }

  get(path: string): Promise<Response> {
    return fetch(new URL(path, this.baseUrl), { headers: { authorization: `Bearer ${apiKey}` } });
  }

  post(path: string, body: unknown): Promise<Response> {
    return fetch(new URL(path, this.baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(body),
    });
  }

  payByCard(reference: string, card = '4242424242424242'): Promise<Response> {
    return this.post(`/v1/checkouts/${reference}/pay`, { method: 'card', card });
  }

  async setFaults(knobs: Readonly<Record<string, number>>): Promise<void> {
    const reply = await this.post('/v1/faults', knobs);
    if (!reply.ok) throw new Error(`faults: ${String(reply.status)} ${await reply.text()}`);
  }

  async truth(): Promise<readonly SandboxTruth[]> {
    const rows: SandboxTruth[] = [];
    for await (const row of sandboxTruth({ baseUrl: this.baseUrl, apiKey })) rows.push(row);
    return rows;
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    for (const end = Date.now() + waitMaxMs; Date.now() < end;) {
      if (isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    throw new Error(`waited in vain until ${what}; inbox: ${this.inbox.types().join(', ')}`);
  }

  private now(): { baseUrl: string; provider: PaymentProvider } {
    if (this.running === undefined) throw new Error('the sandbox provider was not started');
    return this.running;
  }
}

/** The value of a call that must have been answered. */
export function observed<T>(outcome: CallOutcome<T>): T {
  if (outcome.outcome !== 'observed') throw new Error(`not observed: ${JSON.stringify(outcome)}`);
  return outcome.value;
}
