import { deliveryQueue } from '@billfleet/contracts';
import { InvariantError, mailingTime } from '@billfleet/domain';
import type { Crash } from '@billfleet/platform';
import { deliveries, mailAddresses, work } from '@billfleet/store';
import type { NotificationToSend, OwedWork, Store, Tx } from '@billfleet/store';
import type { Mail, MailDocument, Mailer, MailOutcome } from './ports.js';
import type { SweepClock } from './sweep-clock.js';
import { emitEvents } from './emit-events.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What sending mails works with. `render` turns stored facts into a mail in the receiver's language. */
export type SendMailsParts = {
  readonly store: Store;
  /** By it are the hours of days. */
  readonly clock: WorkspaceClock;
  readonly mailer: Mailer;
  readonly render: (notification: NotificationToSend) => Omit<Mail, 'messageId' | 'to'>;
  /** Finds the documents that travel with a mail; most have none. */
  readonly attach: (notification: NotificationToSend) => Promise<readonly MailDocument[]>;
  /** Whether a template is one that its readers may stop. */
  readonly isOptional: (template: string) => boolean;
  /** Right side of the Message-ID: a repeat is the same mail. */
  readonly messageDomain: string;
  readonly crash: Crash;
  /** A claim that is older than this belongs to a process that died while it was sending: longer than one mail may take. */
  readonly claimTrustedMs: number;
};

type Sent = { readonly item: OwedWork; readonly notification: NotificationToSend; readonly outcome: MailOutcome };

/**
 * Sends mails: claim, send, record. E-mail cannot be exactly once: a reminder is rather lost than doubled, a receipt rather doubled
 * than lost, and both only when a process or a connection dies between the final dot and our commit.
 */
export class SendMails {
  constructor(private readonly parts: SendMailsParts) {}

  /** Mails that the server refuses for now are tried again; those that it refuses for good wait for a person. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const claimed = await this.parts.store.transaction((tx) => claimToSend(tx, items, this.parts));
    this.parts.crash('delivery.after_claim');
    const sent = await Promise.all(
      claimed.map(async ({ item, notification }): Promise<Sent> => ({
        item,
        notification,
        outcome: await this.send(notification),
      })),
    );
    this.parts.crash('delivery.after_send');
    return this.parts.store.transaction((tx) => record(tx, sent));
  }

  private async send(notification: NotificationToSend): Promise<MailOutcome> {
    const documents = await this.documentsOf(notification);
    if ('kind' in documents) return documents;
    try {
      const mail = this.parts.render(notification);
      return await this.parts.mailer.send({
        ...(documents.length === 0 ? {} : { documents }),
        messageId: `<${notification.id}@${this.parts.messageDomain}>`,
        to: notification.recipient,
        ...mail,
      });
    } catch (error) {
      // Facts that no template can read will not get better by waiting.
      return {
        kind: 'refused',
        permanent: true,
        isBounce: false,
        code: 'render',
        message: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** A mail whose document cannot be had now is tried again: it never leaves without. */
  private async documentsOf(notification: NotificationToSend): Promise<readonly MailDocument[] | MailOutcome> {
    try {
      return await this.parts.attach(notification);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'refused', permanent: error instanceof InvariantError, isBounce: false, code: 'attach', message };
    }
  }
}

async function claimToSend(
  tx: Tx,
  items: readonly OwedWork[],
  { clock, claimTrustedMs, isOptional }: Pick<SendMailsParts, 'clock' | 'claimTrustedMs' | 'isOptional'>,
): Promise<{ item: OwedWork; notification: NotificationToSend }[]> {
  const mine = await work.claim(tx, items);
  const locked = await deliveries.lockNotifications(
    tx,
    mine.map((item) => item.ref),
  );
  const pairs = mine.map((item) => ({ item, notification: locked.get(item.ref) }));
  const toSend: { item: OwedWork; notification: NotificationToSend }[] = [];
  const finished: OwedWork[] = [];
  const busy: OwedWork[] = [];
  const uncertain: string[] = [];
  const suppressed: { id: string; failure: string }[] = [];
  const waiting: { id: string; sendAt: Date }[] = [];
  for (const { item, notification } of pairs) {
    const hour = notification?.status === 'pending' ? hourOf(notification, clock.nowOf(notification)) : 'now';
    const failure = notification === undefined ? undefined : suppressionOf(notification, hour, isOptional);
    if (notification === undefined) finished.push(item);
    else if (failure !== undefined) {
      suppressed.push({ id: notification.id, failure });
      finished.push(item);
    } else if (hour instanceof Date) {
      waiting.push({ id: notification.id, sendAt: hour });
      finished.push(item);
    }
    // Work for a dead mail is only done because a person asked for another try.
    else if (notification.status === 'pending' || notification.status === 'dead') toSend.push({ item, notification });
    else if (notification.status !== 'claimed') finished.push(item);
    else if ((notification.claimedForMs ?? 0) < claimTrustedMs) busy.push(item);
    else if (notification.class === 'at_least_once') toSend.push({ item, notification });
    else {
      uncertain.push(notification.id);
      finished.push(item);
    }
  }
  const revived = toSend.filter(({ notification }) => notification.status === 'dead');
  await deliveries.moveNotifications(
    tx,
    revived.map(({ notification }) => ({ id: notification.id, to: 'pending' as const, failure: null })),
  );
  await deliveries.moveNotifications(tx, [
    ...toSend.map(({ notification }) => ({ id: notification.id, to: 'claimed' as const, failure: null })),
    ...suppressed.map(({ id, failure }) => ({ id, to: 'suppressed' as const, failure })),
    ...uncertain.map((id) => ({ id, to: 'uncertain' as const, failure: 'its sender died while sending' })),
  ]);
  await deliveries.waitUntil(tx, waiting);
  await work.ack(tx, finished);
  // Somebody is sending it right now; if he dies, his claim grows old and the mail is looked at again.
  await work.postpone(tx, busy, claimTrustedMs);
  return toSend;
}

/** Keeps which addresses take no mail, and tells the host product of each once: it is the one that can ask for another address. */
async function noteAddresses(tx: Tx, sent: readonly Sent[]): Promise<void> {
  const taken = sent.filter(({ notification, outcome }) => outcome.kind === 'sent' && notification.isAtBouncing);
  await mailAddresses.clearBounces(
    tx,
    taken.flatMap(({ notification: { workspaceId, recipient } }) =>
      workspaceId === null ? [] : [{ workspaceId, recipient }],
    ),
  );
  const bounced = await mailAddresses.recordBounces(
    tx,
    sent.flatMap(({ notification: { id, workspaceId, recipient, template }, outcome }) =>
      outcome.kind === 'refused' && outcome.isBounce && workspaceId !== null
        ? [{ id, workspaceId, recipient, template, code: outcome.code }]
        : [],
    ),
  );
  emitEvents(
    tx,
    bounced.map(({ id, workspaceId, recipient, template, code }) => ({
      ...{ type: 'mail.bounced' as const, cause: id, workspaceId },
      data: { mailId: id, template, recipient, code },
    })),
  );
}

const UNWANTED = { 'opted-out': 'its receiver unsubscribed', bounced: 'its address takes no mail' } as const;

/** Why a mail that was not tried yet is left out for good, or nothing. What a person asks to be sent again is sent. */
function suppressionOf(
  { status, template, unwantedFor, isOver }: NotificationToSend,
  hour: ReturnType<typeof hourOf>,
  isOptional: (template: string) => boolean,
): string | undefined {
  if (status !== 'pending') return undefined;
  if (isOver) return 'its order cannot be paid by this code any more';
  if (hour === 'never') return 'its moment had passed';
  return unwantedFor !== null && isOptional(template) ? UNWANTED[unwantedFor] : undefined;
}

/** When a mail may leave. One that would leave when it is not true any more never does. */
function hourOf({ byDay, timeZone }: NotificationToSend, now: Date): 'now' | 'never' | Date {
  if (byDay === null) return 'now';
  const sendAt = mailingTime(now, timeZone, byDay);
  if (sendAt >= new Date(byDay.goodUntil)) return 'never';
  return sendAt > now ? sendAt : 'now';
}

const SWEEP_MAX = 500;

/** Owes the sending of mails that waited for the hours of their receivers' days. */
export class SweepMails {
  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
  ) {}

  /** One chunk, oldest first; answers how many may leave now. */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const ids = await deliveries.claimWaiting(tx, await this.clock.at(tx), SWEEP_MAX);
      await work.owe(tx, deliveryQueue, 'mail.send', ids);
      return ids.length;
    });
  }
}

async function record(tx: Tx, sent: readonly Sent[]): Promise<readonly WorkFailure[]> {
  const failures: WorkFailure[] = [];
  const moves: Parameters<typeof deliveries.moveNotifications>[1][number][] = [];
  const done: OwedWork[] = [];
  for (const { item, notification, outcome } of sent) {
    const { id } = notification;
    if (outcome.kind === 'sent') {
      moves.push({ id, to: 'sent', failure: null });
      done.push(item);
    } else if (outcome.kind === 'refused') {
      moves.push({ id, to: outcome.permanent ? 'dead' : 'pending', failure: outcome.code });
      failures.push(
        ...failed([item], `mail ${id} refused: ${outcome.code}`, outcome.permanent ? 'hopeless' : 'outage'),
      );
    } else if (notification.class === 'at_least_once') {
      moves.push({ id, to: 'pending', failure: 'unknown' });
      failures.push(...failed([item], `mail ${id}: the connection was lost while sending`));
    } else {
      moves.push({ id, to: 'uncertain', failure: 'the connection was lost while sending' });
      done.push(item);
    }
  }
  await deliveries.moveNotifications(tx, moves);
  await noteAddresses(tx, sent);
  await work.ack(tx, done);
  return failures;
}
