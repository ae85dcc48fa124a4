import { mailAddresses } from '@billfleet/store';
import type { MailToStop, Store } from '@billfleet/store';
import { SignedIds } from './signed-ids.js';

/**
 * Makes and reads links by which whoever got an optional mail stops such mails, without a login: the id of that mail, signed. A link does not
 * grow old, since the mail that it stands in does not either.
 */
export class StopMailLinks {
  private readonly tokens: SignedIds;

  constructor(secret: string) {
    this.tokens = new SignedIds(secret, 'billfleet stop mails 1:');
  }

  /** The path of the page on which optional mails to the receiver of this one are stopped. */
  pathOf(notificationId: string): string {
    return `/mail/unsubscribe/${this.tokens.tokenOf(notificationId)}`;
  }

  /** The mail of a token that was signed with our secret; undefined for any other text. */
  mailOf(token: string): string | undefined {
    return this.tokens.idOf(token);
  }
}

/** Stops optional mails of one workspace to one address, and lets them come again, for whoever holds the link of such a mail. */
export class StopMails {
  constructor(
    private readonly store: Store,
    private readonly links: StopMailLinks,
  ) {}

  /** Undefined for a link that is not ours. Changes nothing, so whoever looks at links before people do changes nothing either. */
  async look(token: string): Promise<MailToStop | undefined> {
    const id = this.links.mailOf(token);
    return id === undefined ? undefined : mailAddresses.findMailToStop(this.store, id);
  }

  /** Stops them, or lets them come again; twice is once. Answers how it stands then, or undefined for a link that is not ours. */
  async setStopped(token: string, isStopped: boolean): Promise<MailToStop | undefined> {
    const mail = await this.look(token);
    if (mail === undefined) return undefined;
    await this.store.transaction((tx) => mailAddresses.setOptedOut(tx, mail, isStopped));
    return { ...mail, isStopped };
  }
}
