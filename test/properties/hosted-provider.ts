import type { CallFailure, CallResult, Provider, RecordingProvider, SeenAtProvider } from '@billfleet/billing';
import { PlayedProvider } from '../support/played-provider.js';

type Intent = Parameters<Provider['createCheckout']>[0];
type Page = Pick<Intent, 'attemptId' | 'orderId' | 'method' | 'amountMinor' | 'currency'> & {
  readonly isPage: boolean;
  state: 'open' | 'paid' | 'cancelled';
  failure?: CallFailure;
};

/** What becomes of the next charges and pages; `lost`: it is done, and the reply does not come. */
export type ChargeMood = 'takes' | 'declines' | 'lost' | 'away';

const AWAY: CallFailure = { code: 'unavailable', kind: 'unavailable', message: 'away' };
const LOST: CallFailure = { code: 'timeout', kind: 'timeout', message: 'no reply' };
const DECLINED: CallFailure = { code: 'insufficient_funds', kind: 'decline-soft', message: 'too little money' };
const observed = <T>(value: T): CallResult<T> => ({ outcome: 'observed', value });

/** The provider in memory with all that a fleet asks of one: pages that wait for their payer, charges of tokens, and what it keeps of them. */
export class HostedProvider extends PlayedProvider implements RecordingProvider {
  charges: ChargeMood = 'takes';
  private readonly pages = new Map<string, Page>();

  override readonly createCheckout: Provider['createCheckout'] = async (intent) => {
    await Promise.resolve();
    if (this.charges === 'away') return { outcome: 'not_attempted', failure: AWAY };
    this.open(intent, intent.method, true);
    if (this.charges === 'lost') return { outcome: 'unknown', failure: LOST };
    const reference = referenceOf(intent.attemptId);
    const pix = intent.method === 'pix' ? { pixCode: `code of ${reference}` } : {};
    return observed({ reference, url: `http://pages.example/${reference}`, expiresAt: intent.expiresAt, ...pix });
  };

  override readonly cancelCheckout: Provider['cancelCheckout'] = async (reference) => {
    const page = [...this.pages.values()].find(({ attemptId }) => referenceOf(attemptId) === reference);
    if (page === undefined) return { outcome: 'declined', failure: { ...DECLINED, code: 'not_found' } };
    if (page.state === 'open') page.state = 'cancelled';
    const seen = await this.fetchMany([reference]);
    const [first] = seen.outcome === 'observed' ? seen.value : [];
    return first === undefined ? { outcome: 'unknown', failure: LOST } : observed(first);
  };

  override readonly charge: Provider['charge'] = async (charge) => {
    if (this.charges === 'away') return { outcome: 'not_attempted', failure: AWAY };
    const known = this.pages.get(charge.attemptId);
    if (known === undefined) {
      if (this.charges === 'declines' || charge.token.includes('declined'))
        return { outcome: 'declined', failure: DECLINED };
      this.open(charge, 'card', false);
      this.settle(charge.attemptId);
    }
    if (this.charges === 'lost') return { outcome: 'unknown', failure: LOST };
    const seen = await this.fetchMany([referenceOf(charge.attemptId)]);
    const [first] = seen.outcome === 'observed' ? seen.value : [];
    return first === undefined ? { outcome: 'unknown', failure: LOST } : observed(first);
  };

  override readonly storeMethod: Provider['storeMethod'] = ({ token }) =>
    Promise.resolve(
      token.includes('declined')
        ? { outcome: 'declined', failure: DECLINED }
        : observed({ method: 'card', ...methodOf(token) }),
    );

  /** Nights are compared elsewhere. */
  readonly listSettlements: RecordingProvider['listSettlements'] = () =>
    Promise.resolve({ outcome: 'not_attempted', failure: AWAY });

  /** The payer pays on his page, whoever may have hoped that he would not any more; answers the reference if it was open. */
  pay(attemptId: string): string | undefined {
    return this.pages.get(attemptId)?.state === 'open' ? this.settle(attemptId) : undefined;
  }

  /** The payer tries, and his card is declined; the page stays open. */
  decline(attemptId: string): string | undefined {
    const page = this.pages.get(attemptId);
    if (page?.state !== 'open') return undefined;
    page.failure = DECLINED;
    return referenceOf(attemptId);
  }

  /** Attempts whose pages wait for their payers, oldest first. */
  openPages(): readonly string[] {
    return [...this.pages.values()].flatMap(({ attemptId, isPage, state }) =>
      isPage && state === 'open' ? [attemptId] : [],
    );
  }

  /** Whatever was on its way back arrives. */
  endRefunds(): void {
    for (const { orderId } of this.payments) this.end(orderId, 'succeeded');
  }

  /** Banks end what they have in hand, one for us and the next against us; answers the payments. */
  endDisputes(): readonly string[] {
    const open = this.payments.filter(({ chargeback }) => chargeback?.state === 'open');
    for (const [nth, { orderId }] of open.entries()) this.bank(orderId, nth % 2 === 0 ? 'won' : 'lost');
    return open.map(({ reference }) => reference);
  }

  /** What is left of what was taken, by currency in minor units. */
  left(): ReadonlyMap<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const { currency, amountMinor, refunds, chargeback } of this.payments) {
      const back = refunds.reduce((sum, one) => (one.state === 'succeeded' ? sum + one.amountMinor : sum), 0n);
      const lost = chargeback?.state === 'lost' ? chargeback.amountMinor : 0n;
      sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor - back - lost);
    }
    return sums;
  }

  override async fetchMany(references: readonly string[]): Promise<CallResult<readonly SeenAtProvider[]>> {
    return this.withPages(await super.fetchMany(references), (page) =>
      references.includes(referenceOf(page.attemptId)),
    );
  }

  override async findByAttempts(attemptIds: readonly string[]): Promise<CallResult<readonly SeenAtProvider[]>> {
    return this.withPages(await super.findByAttempts(attemptIds), ({ attemptId }) => attemptIds.includes(attemptId));
  }

  private open(intent: Omit<Page, 'isPage' | 'state' | 'method'>, method: Page['method'], isPage: boolean): void {
    const { attemptId, orderId, amountMinor, currency } = intent;
    if (this.pages.has(attemptId)) return;
    this.pages.set(attemptId, { attemptId, orderId, amountMinor, currency, method, isPage, state: 'open' });
  }

  private settle(attemptId: string): string | undefined {
    const page = this.pages.get(attemptId);
    if (page === undefined) return undefined;
    page.state = 'paid';
    const { orderId, amountMinor, currency } = page;
    this.take({ attemptId, orderId, amountMinor, currency });
    return referenceOf(attemptId);
  }

  /** What was paid, with its method where that can be charged again, and the pages that were not. */
  private withPages(
    paid: CallResult<readonly SeenAtProvider[]>,
    isMeant: (page: Page) => boolean,
  ): CallResult<readonly SeenAtProvider[]> {
    if (paid.outcome !== 'observed') return paid;
    const stored = paid.value.map((one) =>
      this.pages.get(one.attemptId)?.method === 'pix' ? one : { ...one, storedMethod: methodOf(one.attemptId) },
    );
    const unpaid = [...this.pages.values()].filter((page) => page.state !== 'paid' && isMeant(page));
    return observed([...stored, ...unpaid.map(shownPage)]);
  }
}

const referenceOf = (attemptId: string): string => `pay-${attemptId}`;
const methodOf = (of: string) =>
  ({ token: `stored-${of}`, brand: 'visa', last4: '4242', expiresOn: '2099-12' }) as const;

const shownPage = ({ attemptId, amountMinor, currency, state, failure }: Page): SeenAtProvider => ({
  ...{ reference: referenceOf(attemptId), attemptId, amountMinor, currency },
  state: state === 'open' ? 'open' : 'cancelled',
  ...(failure === undefined ? {} : { failure }),
});
