import { orderQueue, paymentConfirmationQueue, seatProvisioningQueue } from '@billfleet/contracts';
import { decidePayment, openAttemptStatuses, unreachable } from '@billfleet/domain';
import type { DunningPolicy, PaymentDecision } from '@billfleet/domain';
import { attempts, books, orders, work } from '@billfleet/store';
import type { AttemptToSettle, NewCharge, NewRefund, Tx } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import { newId } from './ids.js';
import { oweInvoices } from './issue-documents.js';
import { openNextWays } from './pay-another-way.js';
import type { SeenAtProvider } from './ports.js';
import { tellOfDeclines } from './tell-declines.js';

/**
 * What a look at the provider came to, by attempt. `unknown_attempt`: the payment is not one of ours. `second_payment`: money under
 * another reference than the one that paid the attempt; nothing is booked, and whoever holds it must give it back.
 */
export type Settlement = PaymentDecision['kind'] | 'unknown_attempt' | 'second_payment';
export type Settled = ReadonlyMap<string, Settlement>;

type Decided = { readonly attempt: AttemptToSettle; readonly seen: SeenAtProvider; readonly decision: PaymentDecision };

/**
 * The one door through which money enters: webhook, look-up and upstream confirmation all end here. Orders and attempts are locked,
 * the decision is made by the state machine, and the books, the order and the work that follows are one commit.
 * Seeing the same payment again changes nothing. `dunning` says what a decline comes to; it is left out where nothing can be declined.
 */
export async function settlePayments(
  tx: Tx,
  seen: readonly SeenAtProvider[],
  dunning?: DunningPolicy,
): Promise<Settled> {
  const newest = [...decidedAbout(seen)];
  const locked = await attempts.lockAttempts(
    tx,
    newest.map((one) => one.attemptId),
  );
  const settled = new Map<string, Settlement>();
  const decided: Decided[] = [];
  const paidNow = new Set<string>();
  for (const one of newest) {
    const attempt = locked.get(one.attemptId);
    if (attempt === undefined) {
      settled.set(one.attemptId, 'unknown_attempt');
      continue;
    }
    // Two payments of one order in the same batch: the first one pays it, so the second one must see it paid.
    const orderStatus = paidNow.has(attempt.orderId) ? 'paid' : attempt.orderStatus;
    const decision = decide({ ...attempt, orderStatus }, one);
    if (decision.kind === 'book') paidNow.add(attempt.orderId);
    settled.set(one.attemptId, isSecondPayment(attempt, one) ? 'second_payment' : decision.kind);
    decided.push({ attempt, seen: one, decision });
  }
  await carryOut(tx, decided, dunning);
  return settled;
}

/**
 * Of several sightings of one attempt in a batch the last one is decided about. The others may be other payments: they are looked at
 * again by their own work, once the first is in the books.
 */
export const decidedAbout = (seen: readonly SeenAtProvider[]): ReadonlySet<SeenAtProvider> =>
  new Set(new Map(seen.map((one) => [one.attemptId, one])).values());

const isSecondPayment = (attempt: AttemptToSettle, seen: SeenAtProvider): boolean =>
  attempt.status === 'succeeded' && seen.state === 'succeeded' && attempt.reference !== seen.reference;

const decide = (attempt: AttemptToSettle, seen: SeenAtProvider): PaymentDecision =>
  decidePayment(
    {
      status: attempt.orderStatus,
      amountMinor: attempt.amountMinor,
      currency: attempt.currency,
      ...(attempt.paidAttemptId === null ? {} : { paidAttemptId: attempt.paidAttemptId }),
    },
    attempt,
    { ...seen, state: stateOf(attempt, seen) },
  );

/** On a test clock the fleet closes a page whose end has come, since the provider lives in another time: such a page has ended by itself. */
const stateOf = ({ clockAt, attemptExpiresAt }: AttemptToSettle, { state }: SeenAtProvider): SeenAtProvider['state'] =>
  state === 'cancelled' && clockAt !== null && attemptExpiresAt <= clockAt ? 'expired' : state;

type Effects = {
  charges: NewCharge[];
  refunds: NewRefund[];
  late: Decided[];
  closures: { id: string; status: 'declined' | 'cancelled' | 'expired'; failure: string | null }[];
  declined: Decided[];
};

async function carryOut(tx: Tx, decided: readonly Decided[], dunning: DunningPolicy | undefined): Promise<void> {
  const effects: Effects = { charges: [], refunds: [], late: [], closures: [], declined: [] };
  for (const one of decided) collect(one, effects);
  const sales = effects.charges.filter((charge) => charge.asSale);
  const sold = sales.map((charge) => charge.orderId);
  emitEvents(
    tx,
    sales.map(({ orderId, workspaceId, attemptId, provider }) => ({
      ...{ type: 'order.paid', cause: orderId, orderId, workspaceId },
      data: { attemptId, provider },
    })),
  );
  await Promise.all([
    books.bookCharges(tx, effects.charges),
    work.owe(tx, seatProvisioningQueue, 'order.apply', sold),
    oweInvoices(tx, sold),
    attempts.closeAttempts(tx, effects.closures),
  ]);
  const closed = new Set(effects.closures.map(({ id }) => id));
  await openNextWays(
    tx,
    decided.flatMap(({ attempt }) => (closed.has(attempt.id) ? [attempt] : [])),
  );
  await closeOvertakenWays(tx, decided);
  await work.forget(tx, paymentConfirmationQueue, 'attempt.check', finished(decided));
  await oweRefunds(tx, effects);
  await keepMethods(tx, decided);
  await tellOfDeclines(tx, effects.declined, dunning);
}

/** Money by a way that was over pays its order all the same. The way that was opened since then shall take no more. */
async function closeOvertakenWays(tx: Tx, decided: readonly Decided[]): Promise<void> {
  const paid = decided.flatMap(({ attempt, decision }) =>
    decision.kind === 'book' && !openAttemptStatuses.includes(attempt.status) ? [attempt.orderId] : [],
  );
  await work.owe(tx, orderQueue, 'checkout.cancel', await attempts.openAttemptsOf(tx, paid));
}

/** Attempts at a provider that have their outcome now: nobody has to look at them again. */
const finished = (decided: readonly Decided[]): string[] =>
  decided
    .filter(
      ({ attempt, decision }) =>
        attempt.provider !== 'upstream' && decision.kind !== 'wait' && decision.kind !== 'mismatch',
    )
    .map(({ attempt }) => attempt.id);

function collect(one: Decided, effects: Effects): void {
  const { attempt, seen, decision } = one;
  const charge = {
    orderId: attempt.orderId,
    attemptId: attempt.id,
    workspaceId: attempt.workspaceId,
    provider: attempt.provider,
    reference: seen.reference,
    currency: seen.currency,
    amountMinor: seen.amountMinor,
    taxMinor: attempt.taxMinor,
    isOnAccount: attempt.isOnAccount,
  };
  const failure = seen.failure === undefined ? null : JSON.stringify(seen.failure);
  switch (decision.kind) {
    case 'book':
      effects.charges.push({ ...charge, asSale: true });
      return;
    case 'book-late':
      effects.late.push(one);
      effects.charges.push({ ...charge, asSale: false });
      effects.refunds.push({ ...charge, id: newId(), reason: 'late_payment' });
      return;
    case 'book-excess':
      effects.charges.push({ ...charge, asSale: false });
      effects.refunds.push({ ...charge, id: newId(), reason: 'double_payment' });
      return;
    case 'declined':
      effects.closures.push({ id: attempt.id, status: 'declined', failure });
      effects.declined.push(one);
      return;
    case 'closed':
      effects.closures.push({ id: attempt.id, status: decision.status, failure });
      return;
    case 'duplicate':
    case 'mismatch':
    case 'wait':
      return;
    default:
      unreachable(decision);
  }
}

async function oweRefunds(tx: Tx, effects: Effects): Promise<void> {
  for (const status of ['cancelled', 'expired'] as const) {
    const ids = effects.late.filter((one) => one.attempt.orderStatus === status).map((one) => one.attempt.orderId);
    await orders.moveOrders(tx, ids, status, 'refund_due', 'paid after its end');
  }
  await work.owe(tx, paymentConfirmationQueue, 'refund.send', await books.insertRefunds(tx, effects.refunds));
}

const keepMethods = (tx: Tx, decided: readonly Decided[]): Promise<void> =>
  books.keepPaymentMethods(
    tx,
    decided.flatMap(({ attempt, seen, decision }) =>
      decision.kind === 'book' && seen.storedMethod !== undefined && attempt.method !== null
        ? [
            {
              workspaceId: attempt.workspaceId,
              attemptId: attempt.id,
              provider: attempt.provider,
              method: attempt.method,
              ...seen.storedMethod,
            },
          ]
        : [],
    ),
  );
