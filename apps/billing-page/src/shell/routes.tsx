import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { FailedScreen, NowhereScreen } from './failed-screen.js';
import { changeSearch, wholeOf } from '../buying/wish.js';
import { Frame } from './frame.js';

const root = createRootRoute({ component: Frame, notFoundComponent: NowhereScreen, errorComponent: FailedScreen });

const start = createRoute({
  getParentRoute: () => root,
  path: '/billing',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- so the router is told to go elsewhere
    throw redirect({ to: '/billing/plan' });
  },
});

type Actions = { readonly action?: 'update-method' | 'auto-renewal' };

/** Links of mails and of support lead to one task: what they ask for is opened. */
const actionsOf = ({ action }: Record<string, unknown>): Actions =>
  action === 'update-method' || action === 'auto-renewal' ? { action } : {};

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

const screens = [start, plan, plans, change, enterprise, checkout, pay, addOns, usage, orders, order] as const;

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
