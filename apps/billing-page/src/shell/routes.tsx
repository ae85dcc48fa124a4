import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { FailedScreen, NowhereScreen } from './failed-screen.js';
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

const plan = createRoute({
  getParentRoute: () => root,
  path: '/billing/plan',
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

/** Every screen by its address; all but the frame are fetched when they are opened. */
export const pageRouter = createRouter({
  routeTree: root.addChildren([start, plan, addOns, usage, orders]),
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
