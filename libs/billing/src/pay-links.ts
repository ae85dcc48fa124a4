import { SignedIds } from './signed-ids.js';

/**
 * Makes and reads links that let whoever holds one pay one order, without a login: the id of the order, signed. A link holds no date of its
 * own; it is good as long as its order can be paid, and says what became of it afterwards.
 */
export class PayLinks {
  private readonly tokens: SignedIds;

  constructor(secret: string) {
    this.tokens = new SignedIds(secret, 'billfleet pay link 1:');
  }

  /** The path of the page on which an order is paid; the same order always has the same one. */
  pathOf(orderId: string): string {
    return `/pay/${this.tokens.tokenOf(orderId)}`;
  }

  /** The order of a token that was signed with our secret; undefined for any other text. */
  orderOf(token: string): string | undefined {
    return this.tokens.idOf(token);
  }
}
