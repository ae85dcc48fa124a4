import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Ask, PatientClient } from '../chaos/gateway-client.js';
import { instantOf } from './calendar-of-run.js';
import type { Deed, Pay, PayerOnPage } from './deeds.js';
import type { LifePlan } from './life-plan.js';
import { giveBack } from './money-back.js';
import type { OpenOrder } from './open-orders.js';
import type { PaidOrder } from './paid-orders.js';

/** Where people call. */
export type Counters = { readonly gateway: PatientClient; readonly provider: PatientClient };

/** What came of a deed: `nothing` where there was nothing to do it to; else the code of an honest refusal. */
export type DeedOutcome = 'done' | 'nothing' | `refused: ${string}`;

/** A refusal of the kind that a right request can meet: it depends on what happened before. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(readonly code: string) {
    super(code);
  }
}

const HONEST: ReadonlySet<number> = new Set([402, 409, 422]);
const POLL_MS = 20;
const SEEN_WITHIN_MS = 60_000;
const TAXPAYER = {
  ...{ taxId: '529.982.247-25', name: 'Ana Souza' },
  ...{ addressLines: ['Rua das Flores, 12'], city: 'São Paulo', region: 'SP', postalCode: '01310-100' },
} as const;
const CARDS: Readonly<Record<PayerOnPage, string>> = {
  pays: '4242424242424242',
  'declines-later': '4000000000000341',
  'no-funds': '4000000000009995',
  stolen: '4000000000000002',
};

/** Does what a life has planned for one moment, over HTTP. @throws whatever no customer may ever be told. */
export class Hands {
  private requests = 0;

  constructor(
    private readonly counters: Counters,
    private readonly life: LifePlan,
    private readonly moment: number,
    private readonly open: OpenOrder | undefined,
    private readonly paid: readonly PaidOrder[],
  ) {}

  async do(deed: Deed): Promise<DeedOutcome> {
    try {
      return await this.act(deed);
    } catch (error) {
      if (error instanceof RefusedError) return `refused: ${error.code}`;
      throw error;
    }
  }

  private async act(deed: Deed): Promise<DeedOutcome> {
    const { workspaceId: id } = this.life;
    switch (deed.kind) {
      case 'pay-open':
        return this.payOpen(deed.as);
      case 'pay-another-way':
        return this.payAnotherWay(deed.pay);
      case 'pay-offline':
        return this.payOffline();
      case 'cancel-open':
        return this.cancel();
      case 'pay-cancelled':
        return this.payLate(() => this.cancel());
      case 'pay-replaced':
        return this.payLate(() => this.replace(deed.seats));
      case 'auto-renewal':
        return this.done({ method: 'PUT', path: `/v1/workspaces/${id}/auto-renewal`, body: { on: deed.on } });
      case 'replace-method':
        return this.done({
          path: `/v1/workspaces/${id}/payment-methods`,
          body: { token: deed.token },
          key: this.key(),
        });
      case 'schedule': {
        const quoteId = await this.quote(wishOf(deed));
        return this.done({ method: 'PUT', path: `/v1/workspaces/${id}/scheduled-change`, body: { quoteId } });
      }
      case 'undo-schedule':
        return this.done({ method: 'DELETE', path: `/v1/workspaces/${id}/scheduled-change` });
      case 'reduce-seats':
        return this.reduceSeats(deed.seats, deed.refund);
      case 'report-usage': {
        const body = { meter: 'leads', value: deed.value, observedAt: instantOf(this.moment).toISOString() };
        return this.done({ path: `/v1/workspaces/${id}/usage`, body, key: this.key() });
      }
      case 'spend-credits': {
        const body = { amount: deed.amount, action: 'reply-suggestion' };
        return this.done({ path: `/v1/workspaces/${id}/credits/spend`, body, key: this.key() });
      }
      case 'report-members':
        return this.done({ path: `/v1/workspaces/${id}/members`, body: { members: membersOf(deed) } });
      case 'refund':
      case 'undo-order':
      case 'bank-opens':
      case 'bank-ends':
      case 'decide': {
        const { counters, paid } = this;
        return giveBack({ counters, paid, ask: (ask) => this.ask(ask), key: () => this.key() }, deed);
      }
      case 'buy':
      case 'upgrade':
      case 'add-seats':
      case 'upgrade-and-add-seats':
      case 'extend':
      case 'renew':
      case 'add-on':
        return this.order(await this.quote(wishOf(deed)), deed.pay);
    }
  }

  private async order(quoteId: string, pay: Pay): Promise<DeedOutcome> {
    const { workspaceId, country } = this.life;
    const payment = { collection: 'provider', ...paymentOf(pay) };
    const body = { workspaceId, quoteId, payment, ...(country === 'BR' ? { taxpayer: TAXPAYER } : {}) };
    return this.done({ path: '/v1/orders', body, key: this.key() });
  }

  private async quote(wish: Readonly<Record<string, unknown>>): Promise<string> {
    const { workspaceId } = this.life;
    return String((await this.ask({ path: '/v1/quotes', body: { workspaceId, ...wish } }))['id']);
  }

  /** Whoever finds no page asks for one, and pays the next time that he looks. */
  private async payOpen(as: PayerOnPage): Promise<DeedOutcome> {
    if (this.open === undefined) return 'nothing';
    if (this.open.page === null) return this.payAnotherWay({ by: 'page', method: 'card' });
    return this.payPage(this.open, as);
  }

  private async payPage({ id, page, method }: OpenOrder, as: PayerOnPage): Promise<DeedOutcome> {
    const body = method === 'card' ? { method, card: CARDS[as] } : { method };
    const { status, json } = await this.counters.provider.ask({ path: `/v1/checkouts/${page ?? ''}/pay`, body });
    if (status === 409) return 'refused: page closed';
    if (status !== 200 && status !== 402)
      throw new Error(`the page answered ${String(status)} ${JSON.stringify(json)}`);
    // After a soft decline the page waits for another try, and nobody is told.
    if (status === 402 && as === 'no-funds') return 'refused: no funds';
    // A payment counts when the fleet sees it, so the clock may not go on before.
    await this.untilSeen(id, status === 200 ? 'succeeded' : 'declined');
    return status === 200 ? 'done' : 'refused: stolen card';
  }

  private async untilSeen(orderId: string, wanted: string): Promise<void> {
    const deadline = performance.now() + SEEN_WITHIN_MS;
    for (;;) {
      const { attempts } = (await this.ask({ path: `/v1/orders/${orderId}` })) as { attempts: { status: string }[] };
      if (attempts.some(({ status }) => status === wanted)) return;
      if (performance.now() > deadline) throw new Error(`a payment of order ${orderId} was not seen as ${wanted}`);
      await wait(POLL_MS);
    }
  }

  /** Ends the open order, and pays its page before the provider has closed it. */
  private async payLate(end: () => Promise<DeedOutcome>): Promise<DeedOutcome> {
    const { open } = this;
    if (open?.kind !== 'add-seats' || open.page === null) return 'nothing';
    const ended = await end();
    return ended === 'done' ? this.payPage(open, 'pays') : ended;
  }

  private async replace(seats: number): Promise<DeedOutcome> {
    return this.order(await this.quote({ kind: 'add-seats', seats }), { by: 'page', method: 'card' });
  }

  private async payAnotherWay(pay: Pay): Promise<DeedOutcome> {
    if (this.open === undefined) return 'nothing';
    return this.done({ path: `/v1/orders/${this.open.id}/payments`, body: paymentOf(pay), key: this.key() });
  }

  private async cancel(): Promise<DeedOutcome> {
    if (this.open === undefined) return 'nothing';
    return this.done({ method: 'POST', path: `/v1/orders/${this.open.id}/cancellation`, key: this.key() });
  }

  private async payOffline(): Promise<DeedOutcome> {
    if (this.open === undefined) return 'nothing';
    const { id, amountMinor, currency } = this.open;
    const body = {
      ...{ amountMinor, currency, paidAt: instantOf(this.moment).toISOString(), reason: 'the bank told us' },
      proof: { kind: 'bank-transfer', reference: `transfer ${this.key()}` },
    };
    return this.done({ path: `/v1/orders/${id}/offline-payments`, body, key: this.key() });
  }

  private async reduceSeats(wanted: number, refund: boolean): Promise<DeedOutcome> {
    const { workspaceId: id } = this.life;
    const found = await this.counters.gateway.ask({ path: `/v1/workspaces/${id}/subscription` });
    const { seats = 0 } = found.status === 200 ? (found.json as { seats?: number }) : {};
    const gone = Math.min(wanted, seats - 1);
    if (gone < 1) return 'nothing';
    const money = refund
      ? { refund: 'rest', quoteId: await this.quote({ kind: 'refund', seats: gone }) }
      : { refund: 'none' };
    const body = { seats: seats - gone, reason: 'they asked for it', ...money };
    return this.done({ path: `/v1/workspaces/${id}/seat-reductions`, body, key: this.key() });
  }

  private async done(ask: Ask): Promise<'done'> {
    await this.ask(ask);
    return 'done';
  }

  private async ask(ask: Ask): Promise<Readonly<Record<string, unknown>>> {
    return bodyOf(await this.counters.gateway.ask(ask), ask);
  }

  /** The same for the same request of the same life, in every run. */
  private key(): string {
    this.requests += 1;
    return `simulate-${String(this.life.n)}-${String(this.moment)}-${String(this.requests)}`;
  }
}

/** The body of an answer. @throws a RefusedError that tells the code, or an Error for what should not be answered to a right request. */
function bodyOf({ status, json }: Answer, { path }: Ask): Readonly<Record<string, unknown>> {
  if (status < 300) return (json ?? {}) as Readonly<Record<string, unknown>>;
  const { code } = (json ?? {}) as { code?: string };
  if (HONEST.has(status) && code !== undefined) throw new RefusedError(code);
  throw new Error(`${path} was answered ${String(status)} ${JSON.stringify(json)}`);
}

type Wanted = Extract<Deed, { pay: Pay } | { kind: 'schedule' }>;

/** What is asked for in the words of the API. */
function wishOf(deed: Exclude<Wanted, { kind: 'pay-another-way' }>): Readonly<Record<string, unknown>> {
  const { kind, ...rest } = deed;
  const { pay: _pay, ...wish } = { pay: undefined, ...rest };
  switch (kind) {
    case 'buy':
      return wish;
    case 'extend':
      return { kind: 'extension', ...wish };
    case 'renew':
      return { kind: 'renewal' };
    case 'add-on':
      return { kind, addOn: 'ai-credits-5000', ...wish };
    case 'schedule':
      return { kind: 'scheduled-change', ...wish };
    case 'upgrade':
    case 'add-seats':
    case 'upgrade-and-add-seats':
      return { kind, ...wish };
  }
}

function paymentOf(pay: Pay): Readonly<Record<string, unknown>> {
  switch (pay.by) {
    case 'token':
      return { method: 'card', token: pay.token, installments: pay.installments };
    case 'stored':
      return { method: 'card', stored: true };
    case 'page':
      return { method: pay.method };
  }
}

const membersOf = ({ active, disabled }: { readonly active: number; readonly disabled: number }) =>
  Array.from({ length: active + disabled }, (_, nth) => ({
    externalId: `member-${String(nth)}`,
    displayName: `Member ${String(nth)}`,
    status: nth < active ? 'active' : 'disabled',
  }));
