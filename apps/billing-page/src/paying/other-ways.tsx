import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { useOffers } from '../api/queries.js';
import { attemptsOf } from '../api/types.js';
import type { Billing, Method, Order } from '../api/types.js';
import type { WayToPay } from '../buying/checkout-form.js';
import { InstallmentsField } from '../buying/installments-field.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { useMay } from '../shell/may.js';

type OtherWaysProps = { readonly order: Order; readonly billing: Billing; readonly isOpen?: boolean };
type Way = WayToPay['way'];

/** The same order, paid another way: nothing is ordered anew, and the way that was open is closed first. */
export function OtherWays({ order, billing, isOpen = false }: OtherWaysProps): React.JSX.Element | null {
  const { t } = useTranslation();
  // An order is paid on its own screen as well, whose address asks for nothing.
  const { another } = useSearch({ strict: false });
  const [isShown, setShown] = useState(isOpen || another === true);
  const mayPay = useMay('pay');
  if (!mayPay) return <Text c="dimmed">{t('pay.needsPayer')}</Text>;
  if (!isShown) {
    return (
      <Group>
        <Button variant="subtle" onClick={() => setShown(true)}>
          {t('unpaid.another')}
        </Button>
      </Group>
    );
  }
  return <Ways order={order} billing={billing} />;
}

function Ways({ order, billing }: OtherWaysProps): React.JSX.Element {
  const { t } = useTranslation();
  const names = useNames();
  const offers = useOffers().data;
  const navigate = useNavigate();
  const stored = billing.method;
  const { installments: offered } = order.paying;
  const [way, setWay] = useState<Way>(wayOf(order.method));
  const [parts, setParts] = useState(() => partsOf(order));
  const { run, isRunning, problem } = useActing(
    (chosen: WayToPay) => taken(http.POST('/v1/orders/{id}/payments', paymentOf(order, chosen, stored?.method))),
    () =>
      void navigate({
        to: '/billing/pay/$orderId',
        params: { orderId: order.id },
        search: { go: true },
        replace: true,
      }),
  );
  const methods = (offers?.methods ?? []).filter(({ isAvailable }) => isAvailable);
  return (
    <Panel title={t('pay.howTitle')}>
      <Radio.Group name="way" aria-label={t('pay.howTitle')} value={way} onChange={setWay}>
        <Stack gap="sm">
          {stored === null ? null : (
            <Radio value="stored" label={names.method(stored)} description={t('checkout.storedHint')} />
          )}
          {methods.map(({ method }) => (
            <Radio
              key={method}
              value={method}
              label={t(`checkout.ways.${method}`)}
              description={t(`checkout.hints.${method}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {way === 'card' || (way === 'stored' && stored?.method === 'card') ? (
        <InstallmentsField {...{ installments: offered, currency: order.currency, value: parts, onChange: setParts }} />
      ) : null}
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      <Group>
        <Button loading={isRunning} onClick={() => run({ way, installments: parts })}>
          {t('pay.payThisWay')}
        </Button>
      </Group>
    </Panel>
  );
}

/** The way that an order was to be paid. */
const wayOf = (method: string | null): Way => (method === 'pix' || method === 'paypal' ? method : 'card');

/** As many parts as it was ordered with, where they are still on offer. */
const partsOf = ({ paying, installments }: Order): string =>
  String(paying.installments.some(({ count }) => count === installments) ? installments : 1);

/** The key follows from the tries so far: pressing twice, or in two windows, opens one way. */
function paymentOf(order: Order, { way, installments: parts }: WayToPay, stored: Method | undefined) {
  const method = way === 'stored' ? (stored ?? 'card') : way;
  const installments = method === 'card' ? Number(parts) : 1;
  const key = `page-pay-${order.id}-${String(attemptsOf(order).length)}-${way}-${String(installments)}`;
  return {
    params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
    body: { method, installments, ...(way === 'stored' ? { stored: true as const } : {}) },
  };
}
