import { OpenPortals, PageSessions, SignInByMail, SignInLinks, WorkspaceClock } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { Store } from '@billfleet/store';
import type { Provider } from '@nestjs/common';
import { BillingCookie } from './billing-cookie.js';
import { ChangeFeed } from './change-feed.js';
import { ChangesController } from './changes.controller.js';
import { EnterController } from './enter.controller.js';
import { FailedLogins } from './failed-logins.js';
import { PageController } from './page.controller.js';
import { PageFiles } from './page-files.js';
import { PageLogin } from './page-login.js';
import { PortalController } from './portal.controller.js';
import { SignInController } from './sign-in.controller.js';
import { SignInTries } from './sign-in-tries.js';
import { pictureOrigin, readTheme } from './theme.js';
import { ThemeController } from './theme.controller.js';

/** Doors of people on the billing page: ways in and out, and who came in. */
export const pageControllers = [
  PortalController,
  ChangesController,
  ThemeController,
  EnterController,
  SignInController,
  PageController,
] as const;

/** What stands behind them. */
export function pageProviders({ config, clock, log }: Base): readonly Provider[] {
  const { publicUrl, pagePath } = config;
  const theme = readTheme(config.themePath);
  return [
    { provide: OpenPortals, inject: [Store], useFactory: (store: Store) => new OpenPortals(store) },
    { provide: PageSessions, inject: [Store], useFactory: (store: Store) => new PageSessions(store) },
    {
      provide: SignInByMail,
      inject: [Store],
      useFactory: (store: Store) => {
        const links = new SignInLinks(config.linkSecret);
        return new SignInByMail({ store, clock: new WorkspaceClock(clock), links });
      },
    },
    { provide: 'theme', useValue: theme },
    { provide: ChangeFeed, inject: [Store], useFactory: (store: Store) => new ChangeFeed(store, log) },
    { provide: SignInTries, useFactory: () => new SignInTries() },
    { provide: FailedLogins, useFactory: () => new FailedLogins() },
    { provide: PageFiles, useFactory: () => new PageFiles(pagePath, pictureOrigin(theme)) },
    { provide: BillingCookie, useFactory: () => new BillingCookie(publicUrl) },
    {
      provide: PageLogin,
      inject: [PageSessions, BillingCookie],
      useFactory: (sessions: PageSessions, cookie: BillingCookie) => new PageLogin(sessions, cookie, publicUrl),
    },
  ];
}
