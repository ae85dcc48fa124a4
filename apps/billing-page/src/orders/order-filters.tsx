import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useNames } from '../parts/names.js';
import { shownKinds, shownStatuses } from './order-search.js';
import type { OrdersSearch } from './order-search.js';

const route = getRouteApi('/billing/orders');

/** What narrows the list. It stands in the address, so that a reload, Back and a link keep it. */
export function OrderFilters({ hasAny }: { readonly hasAny: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const names = useNames();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // Whatever is narrowed begins with the first page.
  const narrow = (next: Partial<OrdersSearch>): void => {
    const { after: _after, ...rest } = search;
    void navigate({ search: withoutEmpty({ ...rest, ...next }), replace: true, resetScroll: false });
  };
  return (
    <Group component="search" aria-label={t('orders.filters')} align="end" gap="sm">
      <NativeSelect
        label={t('orders.status')}
        value={search.status ?? ''}
        data={[
          { value: '', label: t('orders.all') },
          ...shownStatuses.map((value) => ({ value, label: t(`orderStatus.${value}`) })),
        ]}
        onChange={(event) => narrow({ status: event.currentTarget.value as OrdersSearch['status'] & string })}
      />
      <NativeSelect
        label={t('orders.kind')}
        value={search.kind ?? ''}
        data={[
          { value: '', label: t('orders.all') },
          ...shownKinds.map((value) => ({ value, label: names.kind(value) })),
        ]}
        onChange={(event) => narrow({ kind: event.currentTarget.value as OrdersSearch['kind'] & string })}
      />
      <TextInput
        label={t('orders.from')}
        type="date"
        value={search.from ?? ''}
        onChange={(event) => narrow({ from: event.currentTarget.value })}
      />
      <TextInput
        label={t('orders.to')}
        type="date"
        value={search.to ?? ''}
        onChange={(event) => narrow({ to: event.currentTarget.value })}
      />
      {hasAny ? (
        <Button variant="subtle" onClick={() => void navigate({ search: {}, replace: true })}>
          {t('orders.clear')}
        </Button>
      ) : null}
    </Group>
  );
}

/** Only what narrows. */
function withoutEmpty(search: OrdersSearch): OrdersSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''));
}
