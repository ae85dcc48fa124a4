import { createHmac, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;

/**
 * Makes and reads tokens that let whoever holds one do one thing with one row, without a login: the row's id, signed. A token holds no date
 * and no secret of anybody; the same id always has the same one, and a token of one purpose is good for no other.
 */
export class SignedIds {
  constructor(
    private readonly secret: string,
    private readonly purpose: string,
  ) {}

  /** The token of a UUID, in characters that may stand in a path. */
  tokenOf(uuid: string): string {
    const id = Buffer.from(uuid.replaceAll('-', ''), 'hex');
    return `${id.toString('base64url')}.${this.sign(id).toString('base64url')}`;
  }

  /** The UUID of a token that was signed with our secret for this purpose; undefined for any other text. */
  idOf(token: string): string | undefined {
    const [id, signature] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
    if (id?.length !== ID_BYTES || signature === undefined) return undefined;
    const wanted = this.sign(id);
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) return undefined;
    return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  private sign(id: Buffer): Buffer {
    return createHmac('sha256', this.secret).update(this.purpose).update(id).digest();
  }
}
