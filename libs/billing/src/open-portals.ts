import type { OpenPortal } from '@billfleet/contracts';
import { portal, tenants } from '@billfleet/store';
import type { Problem, Store } from '@billfleet/store';
import { newId } from './ids.js';
import { hashPageToken, isPageToken, newPageToken } from './page-tokens.js';
import { refused, unknownWorkspace } from './requests-once.js';

/** How long a link of the host product is good: it is opened at once, or another one is made. */
export const PORTAL_LINK_GOOD_MS = 5 * 60_000;
/** How long a session goes on while nobody comes. */
export const SESSION_IDLE_MS = 60 * 60_000;
/** How long a session goes on in all. */
export const SESSION_WHOLE_MS = 8 * 60 * 60_000;

/** A link that was made, or why none was. */
export type OpenPortalOutcome =
  | { readonly kind: 'opened'; readonly token: string; readonly expiresAt: Date }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Somebody who was let in: what his cookie holds from now on, and where he goes. */
export type Entry = { readonly sessionToken: string; readonly toPath: string };

/** Makes links by which the host product sends people to the billing page, and lets in whoever brings one. */
export class OpenPortals {
  constructor(private readonly store: Store) {}

  /** Each call makes a link of its own: only a hash of it is kept, so that no repeat could show it again. */
  async run(input: OpenPortal, createdBy: string): Promise<OpenPortalOutcome> {
    const { workspaceId, person, role, to, returnUrl } = input;
    const token = newPageToken();
    return this.store.transaction(async (tx) => {
      const [workspaces, isDisabled] = await Promise.all([
        tenants.findWorkspaces(tx, [workspaceId]),
        portal.isDisabledMember(tx, workspaceId, person.id),
      ]);
      if (!workspaces.has(workspaceId)) return unknownWorkspace(workspaceId);
      if (isDisabled) {
        return refused(422, {
          code: 'member_disabled',
          field: 'person.id',
          found: 'a member who was reported as disabled',
          wanted: 'a person who may still use the workspace',
        });
      }
      const expiresAt = await portal.insertLink(tx, {
        ...{ id: newId(), tokenHash: hashPageToken(token), workspaceId, personId: person.id, role, toPath: to },
        ...{ personName: person.name ?? null, personEmail: person.email ?? null, returnUrl: returnUrl ?? null },
        ...{ createdBy, goodForMs: PORTAL_LINK_GOOD_MS },
      });
      return { kind: 'opened', token, expiresAt };
    });
  }

  /**
   * Lets in whoever brings a link that is good, once. Whoever opens it again with the session that it began goes on with that one.
   * @param ownSession what the cookie of the request holds.
   * @returns undefined for any other link: used, too old or invented.
   */
  async enter(linkToken: string, ownSession: string | undefined): Promise<Entry | undefined> {
    if (!isPageToken(linkToken)) return undefined;
    const sessionToken = newPageToken();
    const linkHash = hashPageToken(linkToken);
    const entry = await this.store.transaction(async (tx) => {
      const link = await portal.useLink(tx, linkHash);
      // After a commit whose answer was lost this runs again, finds the link used, and its own session.
      if (link === undefined)
        return entryOf(await portal.findPathOfUsedLink(tx, linkHash, hashPageToken(sessionToken)), sessionToken);
      const { id: linkId, toPath, ...person } = link;
      await portal.insertSession(tx, {
        ...{ ...person, id: newId(), tokenHash: hashPageToken(sessionToken), linkId },
        ...{ source: 'host', endsInMs: SESSION_WHOLE_MS },
      });
      return { sessionToken, toPath };
    });
    if (entry !== undefined || ownSession === undefined || !isPageToken(ownSession)) return entry;
    return entryOf(await portal.findPathOfUsedLink(this.store, linkHash, hashPageToken(ownSession)), ownSession);
  }
}

const entryOf = (toPath: string | undefined, sessionToken: string): Entry | undefined =>
  toPath === undefined ? undefined : { toPath, sessionToken };
