import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  useRouterState,
} from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { changeSearch, wholeOf } from '../buying/wish.js';
import { ordersSearch } from '../orders/order-search.js';
import { FailedScreen, NowhereScreen } from './failed-screen.js';
import { Frame } from './frame.js';

const SupportFrame = lazy(() =>
  import('../support/support-frame.js').then((module) => ({ default: module.SupportFrame })),
);

/** Staff have a frame of their own, which customers never fetch. */
function AnyFrame(): React.JSX.Element {
  const isSupport = useRouterState({ select: ({ location }) => /^\/support(\/|$)/.test(location.pathname) });
  if (!isSupport) return <Frame />;
  return (
    <Suspense>
      <SupportFrame />
    </Suspense>
  );
}

const root = createRootRoute({ component: AnyFrame, notFoundComponent: NowhereScreen, errorComponent: FailedScreen });

const start = createRoute({
  getParentRoute: () => root,
  path: '/billing',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- so the router is told to go elsewhere
    throw redirect({ to: '/billing/plan' });
  },
});

/** Longest text that support may look for, in characters. */
const SEARCH_LENGTH_MAX = 200;

type Actions = {
  readonly action?: 'update-method' | 'auto-renewal';
  readonly token?: string;
  readonly setup?: string;
};

/** Links of mails and of support lead to one task: what they ask for is opened. The provider's page leads back with a token. */
function actionsOf({ action, token, setup }: Record<string, unknown>): Actions {
  const isBack = typeof token === 'string' && typeof setup === 'string' && /^[\w-]{8,64}$/.test(setup);
  return {
    ...(action === 'update-method' || action === 'auto-renewal' ? { action } : {}),
    ...(isBack ? { token, setup } : {}),
  };
}

const plan = createRoute({
  getParentRoute: () => root,
  path: '/billing/plan',
  validateSearch: actionsOf,
  component: lazyRouteComponent(() => import('../plan/plan-screen.js'), 'PlanScreen'),
});

const addOns = createRoute({
  getParentRoute: () => root,
  path: '/billing/add-ons',
  component: lazyRouteComponent(() => import('../add-ons/add-ons-screen.js'), 'AddOnsScreen'),
});

const usage = createRoute({
  getParentRoute: () => root,
  path: '/billing/usage',
  component: lazyRouteComponent(() => import('../usage/usage-screen.js'), 'UsageScreen'),
});

const orders = createRoute({
  getParentRoute: () => root,
  path: '/billing/orders',
  validateSearch: ordersSearch,
  component: lazyRouteComponent(() => import('../orders/orders-screen.js'), 'OrdersScreen'),
});

const order = createRoute({
  getParentRoute: () => root,
  path: '/billing/orders/$orderId',
  component: lazyRouteComponent(() => import('../orders/order-screen.js'), 'OrderScreen'),
});

type PlansSearch = { readonly seats?: number; readonly period?: number };

const plans = createRoute({
  getParentRoute: () => root,
  path: '/billing/plans',
  validateSearch: (search: Record<string, unknown>): PlansSearch => {
    const [seats, period] = [wholeOf(search['seats'], 10_000), wholeOf(search['period'], 120)];
    return { ...(seats === undefined ? {} : { seats }), ...(period === undefined ? {} : { period }) };
  },
  component: lazyRouteComponent(() => import('../buying/plans-screen.js'), 'PlansScreen'),
});

const change = createRoute({
  getParentRoute: () => root,
  path: '/billing/change',
  validateSearch: changeSearch,
  component: lazyRouteComponent(() => import('../buying/change-screen.js'), 'ChangeScreen'),
});

const enterprise = createRoute({
  getParentRoute: () => root,
  path: '/billing/enterprise',
  validateSearch: (search: Record<string, unknown>): { readonly seats?: number } => {
    const seats = wholeOf(search['seats'], 10_000);
    return seats === undefined ? {} : { seats };
  },
  component: lazyRouteComponent(() => import('../buying/enterprise-screen.js'), 'EnterpriseScreen'),
});

const details = createRoute({
  getParentRoute: () => root,
  path: '/billing/details',
  component: lazyRouteComponent(() => import('../details/details-screen.js'), 'DetailsScreen'),
});

const checkout = createRoute({
  getParentRoute: () => root,
  path: '/billing/checkout/$quoteId',
  validateSearch: ({ step }: Record<string, unknown>): { readonly step?: 'review' } =>
    step === 'review' ? { step } : {},
  component: lazyRouteComponent(() => import('../buying/checkout-screen.js'), 'CheckoutScreen'),
});

type PaySearch = { readonly go?: true; readonly another?: true };

const pay = createRoute({
  getParentRoute: () => root,
  path: '/billing/pay/$orderId',
  validateSearch: ({ go, another }: Record<string, unknown>): PaySearch => ({
    ...(go === true ? { go } : {}),
    ...(another === true ? { another } : {}),
  }),
  component: lazyRouteComponent(() => import('../paying/pay-screen.js'), 'PayScreen'),
});

const support = createRoute({
  getParentRoute: () => root,
  path: '/support',
  validateSearch: ({ q }: Record<string, unknown>): { readonly q?: string } =>
    typeof q === 'string' || typeof q === 'number' ? { q: String(q).slice(0, SEARCH_LENGTH_MAX) } : {},
  component: lazyRouteComponent(() => import('../support/find-screen.js'), 'FindScreen'),
});

const supported = createRoute({
  getParentRoute: () => root,
  path: '/support/workspaces/$workspaceId',
  component: lazyRouteComponent(() => import('../support/workspace-screen.js'), 'WorkspaceScreen'),
});

const supportedPage = createRoute({
  getParentRoute: () => root,
  path: '/support/workspaces/$workspaceId/page',
  component: lazyRouteComponent(() => import('../support/customer-page.js'), 'CustomerPage'),
});

const supportEnterprise = createRoute({
  getParentRoute: () => root,
  path: '/support/enterprise',
  component: lazyRouteComponent(() => import('../support/enterprise-screen.js'), 'EnterpriseScreen'),
});

const supportMoney = createRoute({
  getParentRoute: () => root,
  path: '/support/money',
  component: lazyRouteComponent(() => import('../support/money-screen.js'), 'MoneyScreen'),
});

const supportWork = createRoute({
  getParentRoute: () => root,
  path: '/support/work',
  component: lazyRouteComponent(() => import('../support/work-screen.js'), 'WorkScreen'),
});

const screens = [
  ...([start, plan, plans, change, enterprise, details, checkout, pay, addOns, usage, orders, order] as const),
  ...([support, supported, supportedPage, supportEnterprise, supportMoney, supportWork] as const),
] as const;

/** Every screen by its address; all but the frame are fetched when they are opened. */
export const pageRouter = createRouter({
  routeTree: root.addChildren(screens),
  defaultPreload: 'intent',
  defaultErrorComponent: FailedScreen,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- a type cannot be merged into the library's own
  interface Register {
    router: typeof pageRouter;
  }
}
