import {
  OpenPortals,
  PageSessions,
  SignInByMail,
  SignInLinks,
  StaffSessions,
  StaffSignIn,
  WorkspaceClock,
} from '@billfleet/billing';
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
import { StaffSignInController } from './staff-sign-in.controller.js';
import { SupportCookie } from './support-cookie.js';
import { pictureOrigin, readTheme } from './theme.js';
import { ThemeController } from './theme.controller.js';

/** Doors of people on the billing page: ways in and out, and who came in. */
export const pageControllers = [
  PortalController,
  ChangesController,
  ThemeController,
  EnterController,
  SignInController,
  StaffSignInController,
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
    {
      provide: StaffSignIn,
      inject: [Store],
      useFactory: (store: Store) => {
        const links = new SignInLinks(config.linkSecret);
        return new StaffSignIn({ store, clock: new WorkspaceClock(clock), links, sellerName: theme.name });
      },
    },
    { provide: StaffSessions, inject: [Store], useFactory: (store: Store) => new StaffSessions(store) },
    { provide: SupportCookie, useFactory: () => new SupportCookie(publicUrl) },
    { provide: SignInTries, useFactory: () => new SignInTries() },
    { provide: FailedLogins, useFactory: () => new FailedLogins() },
    { provide: PageFiles, useFactory: () => new PageFiles(pagePath, pictureOrigin(theme)) },
    { provide: BillingCookie, useFactory: () => new BillingCookie(publicUrl) },
    {
      provide: 'logins',
      inject: [PageSessions, BillingCookie, StaffSessions, SupportCookie],
      useFactory: (
        sessions: PageSessions,
        cookie: BillingCookie,
        staff: StaffSessions,
        staffCookie: SupportCookie,
      ) => ({
        page: new PageLogin(sessions, cookie, publicUrl),
        support: new PageLogin(staff, staffCookie, publicUrl),
      }),
    },
  ];
}
