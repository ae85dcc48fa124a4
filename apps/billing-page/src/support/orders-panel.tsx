import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { Panel } from '../parts/panel.js';
import { OfflineForm } from './offline-form.js';
import { RefundForm } from './refund-form.js';
import { useStaffFormats, useStaffMay } from './session.js';
import type { SupportedWorkspace } from './workspace.js';

const PER_PAGE = 10;

/** The orders of a workspace, newest first, with what staff can do about each. */
export function OrdersPanel({ workspace }: { readonly workspace: SupportedWorkspace }): React.JSX.Element {
  const { t, i18n } = useTranslation('support');
  const [after, setAfter] = useState<string>();
  const query = api.useQuery('get', '/v1/workspaces/{id}/orders', {
    params: {
      path: { id: workspace.id },
      query: { limit: String(PER_PAGE), language: i18n.language as 'en', ...(after === undefined ? {} : { after }) },
    },
  });
  return (
    <Panel title={t('orders.title')}>
      <Loaded query={query} shape={[70, 70]}>
        {({ orders, next }) => (
          <Stack>
            {orders.length === 0 ? <Text role="status">{t('orders.none')}</Text> : null}
            {orders.map((order) => (
              <OrderEntry key={order.id} order={order} timeZone={workspace.timeZone} />
            ))}
            <Group>
              {after === undefined ? null : (
                <Button variant="default" onClick={() => setAfter(undefined)}>
                  {t('orders.newest')}
                </Button>
              )}
              {next === null ? null : (
                <Button variant="default" onClick={() => setAfter(next)}>
                  {t('orders.older')}
                </Button>
              )}
            </Group>
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

type OrderEntryProps = {
  readonly order: {
    readonly id: string;
    readonly number: string;
    readonly placedAt: string;
    readonly kindText: string;
    readonly statusText: string;
    readonly status: string;
    readonly paidByText: string;
    readonly currency: string;
    readonly amountMinor: string;
    readonly refundedMinor: string;
  };
  readonly timeZone: string;
};

const UNPAID = new Set(['awaiting_payment', 'failed']);
const PAID = new Set(['paid', 'partly_refunded', 'processing']);

function OrderEntry({ order, timeZone }: OrderEntryProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money, instant } = useStaffFormats(timeZone);
  const mayRefund = useStaffMay('refund') && PAID.has(order.status);
  const mayPay = useStaffMay('record-offline-payment') && UNPAID.has(order.status);
  const [open, setOpen] = useState<'refund' | 'offline'>();
  const close = (): void => setOpen(undefined);
  return (
    <section className="entry" aria-label={t('orders.one', { number: order.number })}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>
            {t('orders.line', { number: order.number, kind: order.kindText, at: instant(order.placedAt) })}
          </Text>
          <Badge variant="light">{order.statusText}</Badge>
        </Group>
        <Text size="sm">
          {t('orders.paid', { amount: money(order.amountMinor, order.currency), by: order.paidByText })}
          {order.refundedMinor === '0'
            ? ''
            : ` · ${t('orders.refunded', { amount: money(order.refundedMinor, order.currency) })}`}
        </Text>
        {open === 'refund' ? <RefundForm orderId={order.id} onDone={close} /> : null}
        {open === 'offline' ? <OfflineForm order={order} onDone={close} /> : null}
        {open === undefined && (mayRefund || mayPay) ? (
          <Group gap="xs">
            {mayRefund ? (
              <Button variant="default" size="compact-sm" onClick={() => setOpen('refund')}>
                {t('refund.open')}
              </Button>
            ) : null}
            {mayPay ? (
              <Button variant="default" size="compact-sm" onClick={() => setOpen('offline')}>
                {t('offline.open')}
              </Button>
            ) : null}
          </Group>
        ) : null}
      </Stack>
    </section>
  );
}
