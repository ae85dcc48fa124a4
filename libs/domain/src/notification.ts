import type { Transitions } from './machine.js';

/**
 * Where a mail stands. `claimed`: handed to the mail server, whose answer is not known yet. `uncertain`: it may have arrived,
 * and must not come twice. `dead`: given up; a person may send it again. `suppressed`: its moment passed before it
 * could leave, or nobody wants or takes it at its address.
 */
export type NotificationStatus = 'pending' | 'claimed' | 'sent' | 'uncertain' | 'dead' | 'suppressed';

/** The state in which every mail begins. */
export const initialNotificationStatus: NotificationStatus = 'pending';

/** Which states may follow each state of a mail. */
export const notificationTransitions: Transitions<NotificationStatus> = {
  pending: ['claimed', 'dead', 'suppressed'],
  claimed: ['sent', 'pending', 'uncertain', 'dead'],
  sent: [],
  uncertain: [],
  dead: ['pending'],
  suppressed: [],
};

/** States of a mail that nothing follows. */
export const terminalNotificationStatuses: readonly NotificationStatus[] = ['sent', 'uncertain', 'suppressed'];
