import { createHmac, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;
const PURPOSE = 'billfleet pay link 1:';

/**
 * Makes and reads links that let whoever holds one pay one order, without a login: the id of the order, signed. A link holds no date of its
 * own; it is good as long as its order can be paid, and says what became of it afterwards.
 */
export class PayLinks {
  constructor(private readonly secret: string) {}

  /** The path of the page on which an order is paid; the same order always has the same one. */
  pathOf(orderId: string): string {
    const id = Buffer.from(orderId.replaceAll('-', ''), 'hex');
    return `/pay/${id.toString('base64url')}.${this.sign(id).toString('base64url')}`;
  }

  /** The order of a token that was signed with our secret; undefined for any other text. */
  orderOf(token: string): string | undefined {
    const [id, signature] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
    if (id?.length !== ID_BYTES || signature === undefined) return undefined;
    const wanted = this.sign(id);
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) return undefined;
    return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  private sign(id: Buffer): Buffer {
    return createHmac('sha256', this.secret).update(PURPOSE).update(id).digest();
  }
}
