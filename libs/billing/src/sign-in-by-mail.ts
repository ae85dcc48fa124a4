import { portal, signIn } from '@billfleet/store';
import type { Enterable, Store, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import { oweMails } from './mails.js';
import type { Entry } from './open-portals.js';
import { SESSION_WHOLE_MS } from './open-portals.js';
import { hashPageToken, newPageToken } from './page-tokens.js';
import type { SignInLinks } from './sign-in-links.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** How long a link of a mail is good. */
export const SIGN_IN_GOOD_MS = 15 * 60_000;
/** So many links an address gets while the first of them is good. */
const SAME_ADDRESS_MAX = 3;
/** Hours of a day in which such a mail may leave: all of them. It has an end, after which it does not leave at all. */
const ANY_HOUR = { from: 0, to: 24 };

/** What signing in by mail works with. */
export type SignInParts = { readonly store: Store; readonly clock: WorkspaceClock; readonly links: SignInLinks };

/** What a link opens: one of these workspaces. */
export type SignInChoice = readonly Pick<Enterable, 'workspaceId' | 'workspaceName' | 'role'>[];

/** Lets admins and billing contacts into the billing page by a link that comes by mail. */
export class SignInByMail {
  constructor(private readonly parts: SignInParts) {}

  /**
   * Has a link sent, where somebody with this address may come in and has not asked too often. Answers nothing: whether an address is known is
   * nobody's business.
   */
  async ask(address: string, toPath: string): Promise<void> {
    const email = address.toLowerCase();
    await this.parts.store.transaction(async (tx) => {
      const [first] = await signIn.findEnterable(tx, email);
      if (first !== undefined) await this.send(tx, first, { email, toPath });
    });
  }

  /** Where a link leads; undefined for one that is used, too old or not ours. Changes nothing: programs follow links before people do. */
  async look(token: string): Promise<SignInChoice | undefined> {
    const id = this.parts.links.linkOf('billing', token);
    const link = id === undefined ? undefined : await signIn.findSignInLink(this.parts.store, id, 'billing');
    const choice = link === undefined ? [] : await signIn.findEnterable(this.parts.store, link.email);
    return choice.length === 0 ? undefined : choice;
  }

  /** Lets the reader in, once; undefined where the link is not good, or the address not known in that workspace any more. */
  async enter(token: string, workspaceId: string): Promise<Entry | undefined> {
    const linkId = this.parts.links.linkOf('billing', token);
    if (linkId === undefined) return undefined;
    const sessionToken = newPageToken();
    return this.parts.store.transaction(async (tx) => {
      const link = await signIn.findSignInLink(tx, linkId, 'billing');
      if (link === undefined) return undefined;
      const place = (await signIn.findEnterable(tx, link.email)).find((one) => one.workspaceId === workspaceId);
      if (place === undefined || !(await signIn.useSignInLink(tx, linkId, 'billing'))) return undefined;
      const { personId, personName, role } = place;
      await portal.insertSession(tx, {
        ...{ id: newId(), tokenHash: hashPageToken(sessionToken), linkId, source: 'mail', endsInMs: SESSION_WHOLE_MS },
        ...{ workspaceId, personId, personName, personEmail: link.email, role, returnUrl: null },
      });
      return { sessionToken, toPath: link.toPath };
    });
  }

  private async send(
    tx: Tx,
    first: Enterable,
    wish: { readonly email: string; readonly toPath: string },
  ): Promise<void> {
    const link = { id: newId(), door: 'billing', ...wish, goodForMs: SIGN_IN_GOOD_MS } as const;
    if (!(await signIn.insertSignInLink(tx, link, SAME_ADDRESS_MAX))) return;
    const goodUntil = new Date(this.parts.clock.nowOf(first).getTime() + SIGN_IN_GOOD_MS);
    const { workspaceId, workspaceName, locale, timeZone } = first;
    await oweMails(tx, [
      {
        ...{ template: 'sign_in_link', workspaceId, dedupeKey: `sign-in:${link.id}`, recipient: wish.email },
        ...{ locale, timeZone, byDay: { ...ANY_HOUR, goodUntil } },
        facts: {
          ...{ workspaceName, door: 'billing', linkId: link.id, goodUntil: goodUntil.toISOString() },
          actionPath: '/billing/sign-in',
        },
      },
    ]);
  }
}
