import { PageCookie } from './page-cookie.js';

/** The cookie of people on the billing page. It goes along with requests to the API as well, which the page calls with it. */
export class BillingCookie extends PageCookie {
  constructor(publicUrl: string) {
    super('bf_session', { publicUrl, path: '/' });
  }
}
