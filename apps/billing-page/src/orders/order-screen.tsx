import { Badge, Group, List, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useBilling, useOrder } from '../api/queries.js';
import type { Billing, Order } from '../api/types.js';
import { Loaded } from '../parts/loaded.js';
import { useNames } from '../parts/names.js';
import { Facts, Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { OrderFacts } from '../paying/order-facts.js';
import { PayBody } from '../paying/pay-body.js';
import { isMoving, payStateOf } from '../paying/pay-state.js';
import { useFormats } from '../shell/me.js';

const route = getRouteApi('/billing/orders/$orderId');
const LOOK_MS = 3_000;

/** One order: what it is for, what happened to it, and what can be done. */
export function OrderScreen(): React.JSX.Element {
  const { orderId } = route.useParams();
  const order = useOrder(orderId, LOOK_MS);
  const billing = useBilling();
  return (
    <Loaded query={order} shape={[60, 240]}>
      {(found) => (
        <Loaded query={billing} shape={[240]}>
          {(standing) => <Shown order={found} billing={standing} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Shown({ order, billing }: { readonly order: Order; readonly billing: Billing }): React.JSX.Element {
  const { t } = useTranslation();
  const { instant } = useFormats();
  const names = useNames();
  const own = billing.unpaid.find(({ id }) => id === order.id);
  const state = payStateOf(order, own?.open?.isCharge === true && own.open.checkoutUrl === null);
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <ScreenTitle>{t('order.title', { number: order.number })}</ScreenTitle>
        <Badge size="lg" variant="light">
          {t(`orderStatus.${order.status}`)}
        </Badge>
      </Group>
      <div className="columns">
        <Stack gap="lg">
          {isMoving(state) ? <PayBody order={order} billing={billing} state={state} /> : null}
          <Panel title={t('order.facts')}>
            <Facts
              facts={[
                [t('unpaid.what'), names.kind(order.kind)],
                [t('order.placed'), instant(order.createdAt)],
                [
                  t('unpaid.method'),
                  order.method === null ? t('methods.upstream') : names.method({ method: order.method }),
                ],
              ]}
            />
          </Panel>
          <Timeline order={order} />
        </Stack>
        <OrderFacts order={order} />
      </div>
    </Stack>
  );
}

type Move = { readonly from: string | null; readonly to: Order['status']; readonly at: string };

function Timeline({ order }: { readonly order: Order }): React.JSX.Element {
  const { t } = useTranslation();
  const { instant } = useFormats();
  return (
    <Panel title={t('order.timeline')}>
      <List>
        {(order.timeline as unknown as readonly Move[]).map(({ to, at }) => (
          <List.Item key={`${to}${at}`}>
            <Text size="sm">{`${instant(at)}: ${t(`orderStatus.${to}`)}`}</Text>
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
