import { Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useBilling, useOrder } from '../api/queries.js';
import type { Billing, Order } from '../api/types.js';
import { Loaded } from '../parts/loaded.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { OrderFacts } from './order-facts.js';
import { PayBody } from './pay-body.js';
import { payStateOf } from './pay-state.js';

const route = getRouteApi('/billing/pay/$orderId');
const LOOK_MS = 2_000;

/** Paying one order, whatever window it is paid in: the screen follows what the server says. */
export function PayScreen(): React.JSX.Element {
  const { orderId } = route.useParams();
  const billing = useBilling();
  const order = useOrder(orderId, LOOK_MS);
  return (
    <Loaded query={order} shape={[60, 260]}>
      {(found) => (
        <Loaded query={billing} shape={[60, 260]}>
          {(standing) => <Paying order={found} billing={standing} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Paying({ order, billing }: { readonly order: Order; readonly billing: Billing }): React.JSX.Element {
  const { t } = useTranslation();
  const state = payStateOf(order);
  return (
    <Stack gap="lg" aria-busy={state === 'opening' || state === 'charging' || state === 'paid'}>
      <ScreenTitle of={state}>{t(`pay.titles.${state}`)}</ScreenTitle>
      <div className="columns">
        <Stack gap="lg">
          <PayBody order={order} billing={billing} state={state} />
        </Stack>
        <OrderFacts order={order} />
      </div>
    </Stack>
  );
}
