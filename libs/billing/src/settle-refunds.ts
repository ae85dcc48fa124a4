import { books, refunds, work } from '@billfleet/store';
import type { RefundDone, RefundFailure, RefundToSend, Tx } from '@billfleet/store';
import { paymentConfirmationQueue } from '@billfleet/contracts';
import { emitEvents } from './emit-events.js';
import type { OwedEvent } from './emit-events.js';
import { oweCreditNotes } from './issue-documents.js';
import type { CallFailure, RefundAtProvider, SeenAtProvider } from './ports.js';
import { oweRefundMails } from './refund-mails.js';

/** The key under which the provider is asked for a refund: its id, and a number once that key stands for a failure. */
export const refundKey = ({ id, sends }: Pick<RefundToSend, 'id' | 'sends'>): string =>
  sends === 0 ? id : `${id}:${String(sends)}`;

const UUID_LENGTH = 36;

/** What a provider shows of refunds of ours: those that it has in hand, carried out, or could not carry out. */
export type RefundsSeen = {
  readonly done: readonly RefundDone[];
  readonly processing: readonly { readonly refund: RefundToSend; readonly reference: string }[];
  readonly failed: readonly { readonly refund: RefundToSend; readonly failure: RefundFailure }[];
};

/** A refusal of the provider, as it is kept with the refund. */
export const providerFailure = (failure: CallFailure | undefined): RefundFailure => ({
  why: 'failed',
  code: failure?.code ?? 'refund_failed',
  message: failure?.message ?? 'the provider could not give it back',
});

type RefundSeen = { readonly refund: RefundToSend; readonly seen: RefundAtProvider };

/** Sorts one refund by what its provider says of it. */
export function sortSeen(pairs: readonly RefundSeen[]): RefundsSeen {
  const inState = (state: RefundAtProvider['state']) => pairs.filter(({ seen }) => seen.state === state);
  return {
    done: inState('succeeded').map(({ refund, seen }) => ({ refund, reference: seen.reference })),
    processing: inState('processing').map(({ refund, seen }) => ({ refund, reference: seen.reference })),
    failed: inState('failed').map(({ refund, seen }) => ({ refund, failure: providerFailure(seen.failure) })),
  };
}

/**
 * Brings refunds to where their provider shows them: webhook and look-up alike. What it says of an older key, of refunds that are not ours
 * or that have gone back already, changes nothing; one that had gone and came back is owed again.
 */
export async function recordRefunds(tx: Tx, payments: readonly SeenAtProvider[], firstCheckMs: number): Promise<void> {
  const shown = payments.flatMap(({ attemptId, refunds: seen = [] }) => seen.map((one) => ({ attemptId, seen: one })));
  if (shown.length === 0) return;
  const found = await books.findRefunds(
    tx,
    shown.map(({ seen }) => seen.refundId.slice(0, UUID_LENGTH)).filter(isUuid),
  );
  const pairs = shown.flatMap(({ attemptId, seen }) => {
    const refund = found.get(seen.refundId.slice(0, UUID_LENGTH));
    const isCurrent = refund?.attemptId === attemptId && refundKey(refund) === seen.refundId;
    return refund !== undefined && isCurrent && refund.failedFor !== 'came_back' ? [{ refund, seen }] : [];
  });
  const [back, others] = [pairs.filter(hasComeBack), pairs.filter((pair) => !hasComeBack(pair))];
  const open = others.filter(({ refund }) => refund.status !== 'succeeded');
  await settleRefunds(tx, sortSeen(open), firstCheckMs);
  await returnRefunds(tx, back);
}

/** Whether a refund that had gone came home: its provider says so, or calls one failed now that it called carried out before. */
const hasComeBack = ({ refund, seen }: RefundSeen): boolean =>
  seen.state === 'failed' &&
  (refund.status === 'succeeded' ? refund.givenReference === seen.reference : seen.cameBack === true);

/** Of those that nobody heard of while they were gone the payer and the books hear first that they went. */
async function returnRefunds(tx: Tx, back: readonly RefundSeen[]): Promise<void> {
  if (back.length === 0) return;
  const given = back.map(({ refund, seen }) => ({ refund, reference: seen.reference }));
  await bookGiven(tx, given);
  const ids = back.map(({ refund }) => refund.id);
  await work.forget(tx, paymentConfirmationQueue, 'refund.check', ids);
  const failures = back.map(({ refund, seen: { reference, failure } }) => {
    const { code, message } = providerFailure(failure);
    return { refund, reference, code, message };
  });
  const news = await books.bookReturned(tx, failures);
  const now = failures.filter(({ refund }) => news.has(refund.id));
  const cause = ({ id, sends }: RefundToSend): string => `${id}:${String(sends)}:came_back`;
  emitEvents(
    tx,
    now.map(({ refund, code }) => waitsEvent(refund, 'came_back', code, cause(refund))),
  );
  await tellOfReturns(
    tx,
    now.map(({ refund }) => refund),
  );
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Books what has gone back, keeps looking at what is under way, and leaves what failed to a person. Repeats change nothing. */
export async function settleRefunds(tx: Tx, seen: RefundsSeen, firstCheckMs: number): Promise<void> {
  await bookGiven(tx, seen.done);
  await refunds.markProcessing(
    tx,
    seen.processing.map(({ refund: { id }, reference }) => ({ id, reference })),
  );
  await work.owe(
    tx,
    paymentConfirmationQueue,
    'refund.check',
    seen.processing.map(({ refund }) => refund.id),
    { runInMs: firstCheckMs },
  );
  await failRefunds(tx, seen.failed);
  // Nobody has to look at what has ended.
  await work.forget(
    tx,
    paymentConfirmationQueue,
    'refund.check',
    [...seen.done, ...seen.failed].map(({ refund }) => refund.id),
  );
}

/** Books refunds that were given; the host product and the payer hear of each once. */
export async function bookGiven(tx: Tx, done: readonly RefundDone[]): Promise<void> {
  const now = done.filter(({ refund }) => refund.status !== 'succeeded');
  if (now.length === 0) return;
  await books.bookRefunds(tx, now);
  await oweCreditNotes(
    tx,
    now.map(({ refund }) => refund.id),
  );
  emitEvents(
    tx,
    now.map(({ refund }) => ({
      ...{ type: 'order.refunded', cause: timeOf(refund), orderId: refund.orderId, workspaceId: refund.workspaceId },
      data: { refundId: refund.id, refundedMinor: refund.amountMinor.toString(), reason: refund.reason },
    })),
  );
  await tellPayers(
    tx,
    now.map(({ refund }) => refund),
  );
}

/** Names one giving of a refund: a second one follows only where the first came back. */
const timeOf = ({ id, returns }: RefundToSend): string => (returns === 0 ? id : `${id}:${String(returns)}`);

/** Leaves refunds to a person: they stay owed, and staff hear of it. */
export async function failRefunds(
  tx: Tx,
  failed: readonly { readonly refund: RefundToSend; readonly failure: RefundFailure }[],
): Promise<void> {
  const news = await refunds.markFailed(
    tx,
    failed.map(({ refund: { id }, failure }) => ({ id, failure })),
  );
  await endByBanks(
    tx,
    failed.filter(({ failure }) => failure.why === 'disputed').map(({ refund }) => refund.attemptId),
  );
  emitEvents(
    tx,
    failed.flatMap(({ refund, failure: { why, code } }) =>
      news.has(refund.id) ? [waitsEvent(refund, why, code, `${refund.id}:${String(refund.sends)}:${why}`)] : [],
    ),
  );
}

/** Ends refunds that waited for banks which took the money of these payments for good: it has gone back that way. Their orders are locked. */
export async function endByBanks(tx: Tx, attemptIds: readonly string[]): Promise<void> {
  const ended = await refunds.endByBank(tx, attemptIds);
  await oweCreditNotes(
    tx,
    ended.map(({ id }) => id),
  );
  await books.endRefundedOrders(
    tx,
    ended.map(({ orderId }) => orderId),
  );
  emitEvents(
    tx,
    ended.map(({ id, orderId, workspaceId, amountMinor, reason }) => ({
      ...{ type: 'order.refunded', cause: id, orderId, workspaceId },
      data: { refundId: id, refundedMinor: amountMinor, reason },
    })),
  );
}

/** Says that a refund waits for a person. The same cause never makes a second event. */
export const waitsEvent = (
  { id, orderId, workspaceId, amountMinor }: RefundToSend,
  why: 'failed' | 'came_back' | 'disputed' | 'held_outside',
  code: string,
  cause: string,
): OwedEvent => ({
  ...{ type: 'order.refund_waits', cause, orderId, workspaceId },
  data: { refundId: id, refundMinor: amountMinor.toString(), why, code },
});

const tellPayers = (tx: Tx, given: readonly RefundToSend[]): Promise<void> =>
  oweRefundMails(tx, given, 'payment_refunded');

const tellOfReturns = (tx: Tx, back: readonly RefundToSend[]): Promise<void> =>
  oweRefundMails(tx, back, 'refund_returned');
