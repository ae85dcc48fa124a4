import type { Door } from '@billfleet/store';
import { SignedIds } from './signed-ids.js';

/**
 * Makes and reads the links of mails that let people in: the id of a stored link, signed. Nothing that is stored lets anybody in; what is
 * stored says until when, and whether it was used.
 */
export class SignInLinks {
  private readonly tokens: Readonly<Record<Door, SignedIds>>;

  constructor(secret: string) {
    this.tokens = {
      billing: new SignedIds(secret, 'billfleet sign in to billing 1:'),
      support: new SignedIds(secret, 'billfleet sign in to support 1:'),
    };
  }

  /** The path of the page on which the reader of the mail is let in. */
  pathOf({ door, linkId }: { readonly door: Door; readonly linkId: string }): string {
    return `/${door}/sign-in/${this.tokens[door].tokenOf(linkId)}`;
  }

  /** The link of a token that was signed with our secret for this door; undefined for any other text. */
  linkOf(door: Door, token: string): string | undefined {
    return this.tokens[door].idOf(token);
  }
}
