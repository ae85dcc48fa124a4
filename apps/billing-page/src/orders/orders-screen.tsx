import { Anchor, Group, Stack, Text } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addressOf, api } from '../api/client.js';
import { LinkButton } from '../parts/link-button.js';
import { Loaded } from '../parts/loaded.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useFormats, useMe } from '../shell/me.js';
import { useMay } from '../shell/may.js';
import type { Locale } from '../texts/formats.js';
import { PdfLink } from './documents-panel.js';
import { OrderFilters } from './order-filters.js';
import { ordersQuery } from './order-search.js';
import { OrderStatus } from './order-status.js';
import type { OrderPage, OrderRow } from './order-types.js';

const route = getRouteApi('/billing/orders');

/** The fourth tab: every order, narrowed and paged by the address. */
export function OrdersScreen(): React.JSX.Element {
  const { t, i18n } = useTranslation();
  const search = route.useSearch();
  const { id } = useMe().workspace;
  const query = { ...ordersQuery(search), language: i18n.language as Locale };
  const orders = api.useQuery(
    'get',
    '/v1/workspaces/{id}/orders',
    { params: { path: { id }, query } },
    { placeholderData: keepPreviousData },
  );
  const hasAny = Object.keys(search).some((name) => name !== 'after');
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <ScreenTitle>{t('tabs.orders')}</ScreenTitle>
        <Anchor href={csvOf(id, query)} download>
          {t('orders.csv')}
        </Anchor>
      </Group>
      <OrderFilters hasAny={hasAny} />
      <Loaded query={orders} shape={[52, 52, 52, 52]}>
        {(page) => (
          <div className={orders.isPlaceholderData ? 'stale' : ''} aria-busy={orders.isFetching}>
            {page.orders.length === 0 ? <NoOrders hasAny={hasAny} /> : <OrderTable page={page} />}
          </div>
        )}
      </Loaded>
    </Stack>
  );
}

/** The same orders as a file; all pages of them. */
function csvOf(id: string, { after: _after, ...query }: Record<string, string>): string {
  return addressOf(`/v1/workspaces/${id}/orders.csv?${new URLSearchParams(query).toString()}`);
}

function NoOrders({ hasAny }: { readonly hasAny: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  if (hasAny) return <Text>{t('orders.noneFit')}</Text>;
  return (
    <Stack align="start">
      <Text>{t('orders.none')}</Text>
      <LinkButton to="/billing/plans">{t('plan.explore')}</LinkButton>
    </Stack>
  );
}

function OrderTable({ page }: { readonly page: OrderPage }): React.JSX.Element {
  const { t } = useTranslation();
  const search = route.useSearch();
  const columns = ['number', 'placed', 'what', 'amount', 'status', 'actions'] as const;
  return (
    <>
      <table className="list">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={column === 'amount' ? 'end' : ''}>
                {t(`orders.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {page.orders.map((order) => (
            <Row key={order.id} order={order} />
          ))}
        </tbody>
      </table>
      <Group mt="md">
        {search.after === undefined ? null : (
          <LinkButton to="/billing/orders" search={firstPage(search)} variant="default">
            {t('orders.first')}
          </LinkButton>
        )}
        {page.next === null ? null : (
          <LinkButton to="/billing/orders" search={{ ...search, after: page.next }} variant="default">
            {t('orders.next')}
          </LinkButton>
        )}
      </Group>
    </>
  );
}

function firstPage<T extends { readonly after?: string }>({ after: _after, ...rest }: T): Omit<T, 'after'> {
  return rest;
}

function Row({ order }: { readonly order: OrderRow }): React.JSX.Element {
  const { t } = useTranslation();
  const { instant, money } = useFormats();
  const { id: orderId, number, placedAt, kindText, addOn, planName, plan, amountMinor, currency, actions } = order;
  const { documents } = order;
  const maySeeInvoices = useMay('see-invoices');
  const name = addOn === null ? (planName ?? plan) : (addOn.name ?? addOn.id);
  const link = t('order.title', { number });
  return (
    <tr>
      <td data-label={t('orders.columns.number')}>
        <Anchor
          renderRoot={(rest) => <Link {...rest} to="/billing/orders/$orderId" params={{ orderId }} aria-label={link} />}
        >
          {number}
        </Anchor>
      </td>
      <td data-label={t('orders.columns.placed')}>{instant(placedAt)}</td>
      <td data-label={t('orders.columns.what')}>{`${kindText}: ${name}`}</td>
      <td data-label={t('orders.columns.amount')} className="end number">
        {money(amountMinor, currency)}
      </td>
      <td data-label={t('orders.columns.status')}>
        <OrderStatus status={order.status} text={order.statusText} />
      </td>
      <td data-label={t('orders.columns.actions')} className="actions">
        {actions.includes('pay') ? (
          <LinkButton size="xs" to="/billing/pay/$orderId" params={{ orderId }} search={{ go: true }}>
            {t('unpaid.pay')}
          </LinkButton>
        ) : (
          <LinkButton
            size="xs"
            variant="default"
            to="/billing/orders/$orderId"
            params={{ orderId }}
            aria-label={`${t('orders.open')}: ${link}`}
          >
            {t('orders.open')}
          </LinkButton>
        )}
        {maySeeInvoices ? documents.map((document) => <PdfLink key={document.id} {...document} />) : null}
      </td>
    </tr>
  );
}
