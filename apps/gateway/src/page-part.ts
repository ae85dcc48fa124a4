import { OpenPortals, PageSessions } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { Store } from '@billfleet/store';
import type { Provider } from '@nestjs/common';
import { BillingCookie } from './billing-cookie.js';
import { EnterController } from './enter.controller.js';
import { FailedLogins } from './failed-logins.js';
import { PageController } from './page.controller.js';
import { PageFiles } from './page-files.js';
import { PageLogin } from './page-login.js';
import { PortalController } from './portal.controller.js';

/** Doors of people on the billing page: ways in and out, and who came in. */
export const pageControllers = [PortalController, EnterController, PageController] as const;

/** What stands behind them. */
export function pageProviders({ config }: Base): readonly Provider[] {
  const { publicUrl, pagePath } = config;
  return [
    { provide: OpenPortals, inject: [Store], useFactory: (store: Store) => new OpenPortals(store) },
    { provide: PageSessions, inject: [Store], useFactory: (store: Store) => new PageSessions(store) },
    { provide: FailedLogins, useFactory: () => new FailedLogins() },
    { provide: PageFiles, useFactory: () => new PageFiles(pagePath) },
    { provide: BillingCookie, useFactory: () => new BillingCookie(publicUrl) },
    {
      provide: PageLogin,
      inject: [PageSessions, BillingCookie],
      useFactory: (sessions: PageSessions, cookie: BillingCookie) => new PageLogin(sessions, cookie, publicUrl),
    },
  ];
}
