import { setTimeout as wait } from 'node:timers/promises';
import type { Ask } from '../chaos/gateway-client.js';
import type { BankVerdict, MoneyBackDeed } from './deeds.js';
import type { Counters } from './hands.js';
import type { PaidOrder } from './paid-orders.js';

/** What came of it: nothing where there was nothing to do it to. */
type Came = 'done' | 'nothing' | 'refused: nothing left at the provider';

/** Where it is done: `ask` sends a request to the fleet and throws what is refused. */
export type MoneyBackDesk = {
  readonly counters: Counters;
  readonly paid: readonly PaidOrder[];
  readonly ask: (ask: Ask) => Promise<unknown>;
  readonly key: () => string;
};

const POLL_MS = 20;
const SEEN_WITHIN_MS = 60_000;

/** Staff give money back, people undo what they bought, and banks take payments back. */
export async function giveBack(desk: MoneyBackDesk, deed: MoneyBackDeed): Promise<Came> {
  const { paid, ask, key } = desk;
  const given = paid.find(({ status }) => status === 'fulfilled');
  switch (deed.kind) {
    case 'refund':
      if (given === undefined) return 'nothing';
      await ask({ path: `/v1/orders/${given.id}/refunds`, body: refundOf(given, deed), key: key() });
      return 'done';
    case 'undo-order':
      if (given === undefined) return 'nothing';
      await ask({ path: `/v1/orders/${given.id}/undo`, body: { reason: 'a slip' }, key: key() });
      return 'done';
    case 'bank-opens': {
      const untouched = paid.find(({ status, chargeback }) => status === 'fulfilled' && chargeback === null);
      return untouched === undefined ? 'nothing' : bank(desk.counters, untouched, 'open');
    }
    case 'bank-ends': {
      const open = paid.find(({ chargeback }) => chargeback?.status === 'open');
      return open === undefined ? 'nothing' : bank(desk.counters, open, deed.verdict);
    }
    case 'decide': {
      const undecided = paid.find(({ chargeback }) => chargeback?.isDecided === false)?.chargeback;
      if (undecided === undefined || undecided === null) return 'nothing';
      const body = { decision: deed.decision, reason: 'talked to them' };
      await ask({ path: `/v1/chargebacks/${undecided.id}/decision`, body });
      return 'done';
    }
  }
}

function refundOf(
  { amountMinor, currency }: PaidOrder,
  { what, percent }: Extract<MoneyBackDeed, { kind: 'refund' }>,
): Readonly<Record<string, unknown>> {
  const part = (BigInt(amountMinor) * BigInt(percent)) / 100n;
  const amount = what === 'amount' ? { amountMinor: (part > 0n ? part : 1n).toString(), currency } : {};
  return { subscription: 'keep', what, reason: 'they asked for it', ...amount };
}

/** What a payer's bank does at the provider. It counts when the fleet has heard of it, so the clock may not go on before. */
export async function bank(
  { gateway, provider }: Counters,
  { id, reference }: PaidOrder,
  state: 'open' | BankVerdict,
): Promise<Came> {
  const { status, json } = await provider.ask({ path: `/v1/payments/${reference}/chargeback`, body: { state } });
  if (status === 409) return 'refused: nothing left at the provider';
  if (status !== 200) throw new Error(`the bank was answered ${String(status)} ${JSON.stringify(json)}`);
  const deadline = performance.now() + SEEN_WITHIN_MS;
  for (;;) {
    const seen = (await gateway.ask({ path: `/v1/orders/${id}` })).json as { chargebacks?: { status: string }[] };
    if (seen.chargebacks?.some((one) => one.status === state) === true) return 'done';
    if (performance.now() > deadline) throw new Error(`a chargeback of order ${id} was not seen as ${state}`);
    await wait(POLL_MS);
  }
}
