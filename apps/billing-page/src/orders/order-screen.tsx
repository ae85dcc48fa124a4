import { Anchor, Group, List, Stack } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useBilling, useOrder } from '../api/queries.js';
import type { Billing, Order } from '../api/types.js';
import { Loaded } from '../parts/loaded.js';
import { Facts, Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { OrderAgain } from '../paying/order-again.js';
import { OrderFacts } from '../paying/order-facts.js';
import { PayBody } from '../paying/pay-body.js';
import { isMoving, payStateOf } from '../paying/pay-state.js';
import { PaymentTold } from '../paying/payment-told.js';
import { useFormats } from '../shell/me.js';
import { DocumentsPanel } from './documents-panel.js';
import { OrderStatus } from './order-status.js';
import { OrderStory } from './order-story.js';

const route = getRouteApi('/billing/orders/$orderId');
const LOOK_MS = 3_000;

/** One order: what it is for, what happened to it, what can be done, and what goes with it. */
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
  const { shown } = order;
  const state = payStateOf(order);
  return (
    <Stack gap="lg">
      <Anchor renderRoot={(rest) => <Link {...rest} to="/billing/orders" />}>{t('order.all')}</Anchor>
      <Group justify="space-between">
        <ScreenTitle>{t('order.title', { number: order.number })}</ScreenTitle>
        <OrderStatus status={shown.status} text={shown.statusText} />
      </Group>
      <div className="columns">
        <Stack gap="lg">
          {isMoving(state) ? <PayBody order={order} billing={billing} state={state} /> : null}
          {state === 'ended' || state === 'returned' ? <OrderAgain order={order} /> : null}
          <PaymentTold order={order} />
          <OrderDetails order={order} />
          <DocumentsPanel order={order} />
          <Refunds order={order} />
          <OrderStory order={order} />
        </Stack>
        <OrderFacts order={order} />
      </div>
    </Stack>
  );
}

function OrderDetails({ order }: { readonly order: Order }): React.JSX.Element {
  const { t } = useTranslation();
  const { instant } = useFormats();
  const { shown, billedTo } = order;
  const { kindText, addOn, planName, plan, placedAt, paidByText } = shown;
  const name = addOn === null ? (planName ?? plan) : (addOn.name ?? addOn.id);
  const billed = [billedTo?.name, billedTo?.taxNumber].filter((one) => typeof one === 'string').join(', ');
  return (
    <Panel title={t('order.facts')}>
      <Facts
        facts={[
          [t('unpaid.what'), `${kindText}: ${name}`],
          [t('order.placed'), instant(placedAt)],
          [t('unpaid.method'), paidByText],
          ...(billed === '' ? [] : [[t('order.billedTo'), billed] as const]),
        ]}
      />
    </Panel>
  );
}

/** What went back stands beside what was paid. */
function Refunds({ order }: { readonly order: Order }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { money, instant } = useFormats();
  const { refunds, currency } = order;
  if (refunds.length === 0) return null;
  return (
    <Panel title={t('order.refunds')}>
      <List>
        {refunds.map(({ id, status, amountMinor, createdAt }) => (
          <List.Item key={id}>
            {`${t(`story.refunds.${status}`, { amount: money(amountMinor, currency) })} (${instant(createdAt)})`}
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
