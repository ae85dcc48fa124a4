import { Alert, Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import type { UnpaidOrder } from '../api/types.js';
import { Confirming } from '../parts/confirming.js';
import { LinkButton } from '../parts/link-button.js';
import { useNames } from '../parts/names.js';
import { Facts, Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';

/** An order that waits for its payment: pay it now, pay it another way, or take it back. */
export function UnpaidOrderPanel({ order }: { readonly order: UnpaidOrder }): React.JSX.Element {
  const { t } = useTranslation();
  const { money, instant } = useFormats();
  const names = useNames();
  const { number, kind, name, amountMinor, currency, method, expiresAt, dueAt, state } = order;
  return (
    <Panel
      title={t('unpaid.title', { number })}
      aside={
        <Badge color="orange" variant="light" size="lg">
          {t(state === 'charging' ? 'orderStatus.processing' : 'orderStatus.awaiting_payment')}
        </Badge>
      }
    >
      {order.declined === null ? null : <Declined order={order} declined={order.declined} />}
      <Facts
        facts={[
          [t('unpaid.what'), `${names.kind(kind)}: ${name}`],
          [t('unpaid.amount'), money(amountMinor, currency)],
          [
            t('unpaid.method'),
            method === null ? t(dueAt === null ? 'methods.upstream' : 'methods.account') : names.method({ method }),
          ],
          dueAt === null ? [t('unpaid.until'), instant(expiresAt)] : [t('unpaid.due'), instant(dueAt)],
        ]}
      />
      <Actions order={order} />
    </Panel>
  );
}

type DeclinedProps = { readonly order: UnpaidOrder; readonly declined: NonNullable<UnpaidOrder['declined']> };

/** Why the last payment failed, in human words, and what happens next. */
function Declined({ order, declined }: DeclinedProps): React.JSX.Element {
  const { t, i18n } = useTranslation();
  const { instant } = useFormats();
  const key = `declines.${declined.reason}`;
  const reason = i18n.exists(key) ? t(key as 'declines.other') : t('declines.other');
  const { nextTryAt } = order;
  const then =
    nextTryAt === null
      ? t(declined.asks === null ? 'unpaid.noRetry' : `unpaid.${declined.asks}`)
      : t('unpaid.retry', { at: instant(nextTryAt) });
  return (
    <Alert color="red" title={t('unpaid.failed', { at: instant(declined.at) })}>
      <Text size="sm">{reason}</Text>
      <Text size="sm">{then}</Text>
    </Alert>
  );
}

function Actions({ order }: { readonly order: UnpaidOrder }): React.JSX.Element | null {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const mayPay = useMay('pay');
  const mayCancel = useMay('cancel');
  const { id: orderId } = order;
  const params = { path: { id: orderId }, header: { 'Idempotency-Key': `page-cancel-${orderId}` } };
  const { run, isRunning, problem } = useActing(() => taken(http.POST('/v1/orders/{id}/cancellation', { params })));
  if (order.state === 'elsewhere') return <Text c="dimmed">{t('unpaid.elsewhere')}</Text>;
  return (
    <>
      <Group>
        {mayPay ? (
          <>
            <LinkButton to="/billing/pay/$orderId" params={{ orderId }} search={{ go: true }}>
              {t('unpaid.pay')}
            </LinkButton>
            <LinkButton to="/billing/pay/$orderId" params={{ orderId }} search={{ another: true }} variant="default">
              {t('unpaid.another')}
            </LinkButton>
          </>
        ) : null}
        {mayCancel ? (
          <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
            {t('unpaid.cancel')}
          </Button>
        ) : null}
      </Group>
      {isAsking ? (
        <Confirming
          title={t('unpaid.askCancel')}
          yes={t('unpaid.cancel')}
          isDanger
          isRunning={isRunning}
          problem={problem}
          onYes={() => run(undefined)}
          onNo={() => setAsking(false)}
        >
          {t('unpaid.thenCancel')}
        </Confirming>
      ) : null}
    </>
  );
}
