import { signIn, staff } from '@billfleet/store';
import type { StaffAccount } from '@billfleet/store';
import { newId } from './ids.js';
import { oweMails } from './mails.js';
import type { Entry } from './open-portals.js';
import { hashPageToken, newPageToken } from './page-tokens.js';
import { SAME_ADDRESS_MAX, SIGN_IN_GOOD_MS } from './sign-in-by-mail.js';
import type { SignInParts } from './sign-in-by-mail.js';

/** How long a session of staff goes on in all. */
export const STAFF_SESSION_WHOLE_MS = 8 * 60 * 60_000;

/** What signing in of staff works with. `sellerName`: whose support console it is. */
export type StaffSignInParts = SignInParts & { readonly sellerName: string };

/** Lets staff into the support console by a link that comes by mail. */
export class StaffSignIn {
  constructor(private readonly parts: StaffSignInParts) {}

  /** Has a link sent, where the address is that of somebody on the staff who has not asked too often. Answers nothing, as for customers. */
  async ask(address: string, toPath: string): Promise<void> {
    const email = address.toLowerCase();
    const { store, clock, sellerName } = this.parts;
    await store.transaction(async (tx) => {
      if ((await staff.findStaff(tx, email)) === undefined) return;
      const link = { id: newId(), door: 'support', email, toPath, goodForMs: SIGN_IN_GOOD_MS } as const;
      if (!(await signIn.insertSignInLink(tx, link, SAME_ADDRESS_MAX))) return;
      const goodUntil = new Date(clock.nowOf({ clockAt: null }).getTime() + SIGN_IN_GOOD_MS);
      await oweMails(tx, [
        {
          ...{ template: 'sign_in_link', workspaceId: null, dedupeKey: `sign-in:${link.id}`, recipient: email },
          ...{ locale: 'en', timeZone: 'UTC', byDay: { from: 0, to: 24, goodUntil } },
          facts: {
            ...{ workspaceName: sellerName, door: 'support', linkId: link.id, goodUntil: goodUntil.toISOString() },
            actionPath: '/support/sign-in',
          },
        },
      ]);
    });
  }

  /** Whom a link lets in; undefined for one that is used, too old or not ours, or whose reader was removed. Changes nothing. */
  async look(token: string): Promise<StaffAccount | undefined> {
    const id = this.parts.links.linkOf('support', token);
    const link = id === undefined ? undefined : await signIn.findSignInLink(this.parts.store, id, 'support');
    return link === undefined ? undefined : staff.findStaff(this.parts.store, link.email);
  }

  /** Lets the reader in, once. */
  async enter(token: string): Promise<Entry | undefined> {
    const linkId = this.parts.links.linkOf('support', token);
    if (linkId === undefined) return undefined;
    const sessionToken = newPageToken();
    return this.parts.store.transaction(async (tx) => {
      const link = await signIn.findSignInLink(tx, linkId, 'support');
      const account = link === undefined ? undefined : await staff.findStaff(tx, link.email);
      if (link === undefined || account === undefined) return undefined;
      if (!(await signIn.useSignInLink(tx, linkId, 'support'))) return undefined;
      const session = { id: newId(), tokenHash: hashPageToken(sessionToken), linkId, staffId: account.id };
      await staff.insertStaffSession(tx, { ...session, endsInMs: STAFF_SESSION_WHOLE_MS });
      return { sessionToken, toPath: link.toPath };
    });
  }
}
