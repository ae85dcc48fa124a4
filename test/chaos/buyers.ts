import { setTimeout as wait } from 'node:timers/promises';
import { RunOverError } from './gateway-client.js';
import type { PatientClient } from './gateway-client.js';
import type { BuyerPlan, Way } from './plan.js';

/** What one buyer did and was told, for the verdict. */
export type BuyerRecord = {
  readonly plan: BuyerPlan;
  /** Orders that were acknowledged, oldest first. */
  readonly orderIds: string[];
  /** Of those the ones of which everything went back on purpose. */
  readonly givenBack: string[];
  /** How many payments he made, or meant to make, on purpose. */
  readonly paymentsMeant: number;
  /** What he was told that nobody should be told, such as two orders under one key. */
  readonly complaints: string[];
  isDone: boolean;
  requests: number;
};

/** Where buyers call. */
export type Counters = {
  readonly gateway: PatientClient;
  readonly provider: PatientClient;
};

type OrderSeen = {
  readonly status: string;
  readonly currency: string;
  readonly attempts: readonly { readonly status: string; readonly checkoutUrl: string | null }[];
  readonly chargebacks: readonly { readonly status: string }[];
};

/** Ways on which it is clear which payment goes back. */
const ONE_PAYMENT: readonly Way[] = ['token', 'card-page', 'pix-page'];
const POLL_MS = 150;
const TRIES_TO_BUY_MAX = 4;
const TAXPAYER = {
  ...{ taxId: '529.982.247-25', name: 'Chaos Buyer' },
  ...{ addressLines: ['Rua das Flores, 12'], city: 'São Paulo', region: 'SP', postalCode: '01310-100' },
} as const;

/** Plays one buyer until he has his seats; complaints are recorded, not thrown. */
export async function playBuyer(counters: Counters, plan: BuyerPlan): Promise<BuyerRecord> {
  const record: BuyerRecord = {
    plan,
    orderIds: [],
    givenBack: [],
    paymentsMeant: plan.way === 'pays-twice' ? 2 : 1,
    complaints: [],
    isDone: false,
    requests: 0,
  };
  try {
    await new Buyer(counters, record).run();
    record.isDone = true;
  } catch (error) {
    record.complaints.push(error instanceof Error ? error.message : String(error));
    if (!(error instanceof RunOverError)) record.isDone = false;
  }
  return record;
}

class Buyer {
  private nth = 0;

  constructor(
    private readonly counters: Counters,
    private readonly record: BuyerRecord,
  ) {}

  async run(): Promise<void> {
    const { way } = this.record.plan;
    if (way === 'token') await this.payByToken('tok_visa');
    else if (way === 'token-declined') await this.payByToken('tok_declined_funds');
    else if (way === 'changes-mind' || way === 'pays-twice') await this.orderAgain(way === 'pays-twice');
    else await this.payOnPage(await this.order());
    if (this.record.plan.asksForReminder) await this.askForReminder();
    if (ONE_PAYMENT.includes(way)) await this.getBack();
  }

  /** Once he has his seats. What is undone too late, after the day has ended where he lives, stays paid. */
  private async getBack(): Promise<void> {
    const { moneyBack } = this.record.plan;
    const orderId = this.record.orderIds.at(-1) ?? '';
    if (moneyBack === 'nothing') return;
    const { currency } = await this.until(orderId, (order) => order.status === 'fulfilled');
    if (moneyBack === 'bank-lost' || moneyBack === 'bank-won') {
      // Only the address of a page names the payment.
      return this.record.plan.way === 'token' ? undefined : this.chargeBack(orderId, moneyBack);
    }
    const isUndo = moneyBack === 'undo';
    const wish = moneyBack === 'part' ? { what: 'amount', amountMinor: '700', currency } : { what: 'all-left' };
    const reason = 'chaos';
    const { status, json } = await this.counters.gateway.ask({
      path: `/v1/orders/${orderId}/${isUndo ? 'undo' : 'refunds'}`,
      body: isUndo ? { reason } : { subscription: 'keep', reason, ...wish },
      key: `chaos-back-${String(this.record.plan.n)}`,
    });
    if (status >= 300 && !(isUndo && status === 409))
      throw new Error(`${moneyBack} of order ${orderId} was answered ${String(status)} ${JSON.stringify(json)}`);
    if (status < 300 && moneyBack !== 'part') this.record.givenBack.push(orderId);
  }

  /** The provider's word may get lost, so a service has the fleet look until it knows. */
  private async chargeBack(orderId: string, end: 'bank-lost' | 'bank-won'): Promise<void> {
    for (const state of ['open', end === 'bank-lost' ? 'lost' : 'won'] as const) {
      const reference = await this.pageOf(orderId);
      const bank = { path: `/v1/payments/${reference}/chargeback`, body: { state } };
      const { status } = await this.counters.provider.ask(bank);
      if (status !== 200) throw new Error(`the bank was answered ${String(status)}`);
      const { workspaceId, n } = this.record.plan;
      await this.expect(202, {
        path: '/v1/payment-confirmations',
        body: { provider: 'sandbox', workspaceId, reference },
        key: `chaos-bank-${String(n)}-${state}`,
      });
      await this.until(orderId, ({ chargebacks }) => chargebacks.some((one) => one.status === state));
    }
  }

  /** Orders with a token; whoever is declined tries again with a card that pays, as people do. */
  private async payByToken(token: string): Promise<void> {
    const id = await this.order(token);
    const seen = await this.until(id, (order) => isPaid(order) || order.attempts[0]?.status === 'declined');
    if (isPaid(seen)) return;
    if (this.nth >= TRIES_TO_BUY_MAX) throw new Error(`declined ${String(this.nth)} times with a card that pays`);
    await this.payByToken('tok_visa');
  }

  private async orderAgain(paysBoth: boolean): Promise<void> {
    const first = await this.order();
    const reference = paysBoth ? await this.pageOf(first) : undefined;
    const second = await this.order();
    if (reference !== undefined) await this.pay(reference);
    await this.payOnPage(second);
  }

  private async payOnPage(orderId: string): Promise<void> {
    const outcome = await this.pay(await this.pageOf(orderId));
    if (outcome !== 'paid') throw new Error(`the page of order ${orderId} was ${outcome}`);
  }

  /** The provider's reference is the last part of the page's address. */
  private async pageOf(orderId: string): Promise<string> {
    const order = await this.until(orderId, (one) => typeof one.attempts[0]?.checkoutUrl === 'string');
    return order.attempts[0]?.checkoutUrl?.split('/').at(-1) ?? '';
  }

  private async pay(reference: string): Promise<'paid' | 'closed'> {
    const isPix = this.record.plan.way === 'pix-page';
    const body = isPix ? { method: 'pix', pix: true } : { method: 'card', card: '4242424242424242' };
    const { status, json } = await this.counters.provider.ask({ path: `/v1/checkouts/${reference}/pay`, body });
    if (status === 200) return 'paid';
    if (status === 409) return 'closed';
    throw new Error(`paying ${reference} was answered ${String(status)} ${JSON.stringify(json)}`);
  }

  /** Places one order, with a key that stays the same until there is an answer; impatient buyers send it twice. */
  private async order(token?: string): Promise<string> {
    const { plan } = this.record;
    const { workspaceId, seats, periodMonths } = plan;
    this.nth += 1;
    const key = `chaos-${String(plan.n)}-${String(this.nth)}`;
    const quote = await this.expect(201, {
      path: '/v1/quotes',
      body: { workspaceId, plan: plan.plan, seats, periodMonths },
    });
    const isPix = plan.way === 'pix-page';
    const body = {
      workspaceId,
      quoteId: quote['id'],
      payment: { collection: 'provider', method: isPix ? 'pix' : 'card', ...(token === undefined ? {} : { token }) },
      ...(isPix ? { taxpayer: TAXPAYER } : {}),
    };
    const submit = (): Promise<Record<string, unknown>> => this.expect(202, { path: '/v1/orders', body, key });
    const answers = await Promise.all(plan.submitsTwice ? [submit(), submit()] : [submit()]);
    const ids = new Set(answers.map((answer) => String(answer['id'])));
    if (ids.size > 1) this.record.complaints.push(`key ${key} made several orders: ${[...ids].join(', ')}`);
    const [id = ''] = ids;
    this.record.orderIds.push(id);
    return id;
  }

  private async askForReminder(): Promise<void> {
    const orderId = this.record.orderIds.at(-1) ?? '';
    await this.until(orderId, (order) => order.status === 'fulfilled');
    const { workspaceId, n } = this.record.plan;
    await this.expect(202, {
      path: '/v1/renewal-reminders',
      body: { workspaceId },
      key: `chaos-reminder-${String(n)}`,
    });
  }

  private async until(orderId: string, isSo: (order: OrderSeen) => boolean): Promise<OrderSeen> {
    for (;;) {
      const order = (await this.expect(200, { path: `/v1/orders/${orderId}` })) as OrderSeen;
      if (isSo(order)) return order;
      await wait(POLL_MS);
    }
  }

  private async expect(status: number, ask: Parameters<PatientClient['ask']>[0]): Promise<Record<string, unknown>> {
    const answer = await this.counters.gateway.ask(ask);
    this.record.requests += answer.tries;
    if (answer.status === status) return answer.json as Record<string, unknown>;
    throw new Error(`${ask.path} was answered ${String(answer.status)} ${JSON.stringify(answer.json)}`);
  }
}

const isPaid = (order: OrderSeen): boolean => order.status === 'paid' || order.status === 'fulfilled';
