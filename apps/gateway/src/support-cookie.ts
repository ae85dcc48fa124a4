import { PageCookie } from './page-cookie.js';

/** The cookie of staff. It goes along with what lies below `/support` alone, so the billing page never acts with the power of staff. */
export class SupportCookie extends PageCookie {
  constructor(publicUrl: string) {
    super('bf_staff', { publicUrl, path: '/support' });
  }
}
