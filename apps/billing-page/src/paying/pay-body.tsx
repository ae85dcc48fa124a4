import { Alert, Group, Loader, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Billing, Order } from '../api/types.js';
import { LinkButton } from '../parts/link-button.js';
import { CodeOver } from './code-over.js';
import { OrderAgain } from './order-again.js';
import { OtherWays } from './other-ways.js';
import { lastDecline, leftAt, openAttempt } from './pay-state.js';
import type { PayState } from './pay-state.js';
import { PaymentTold } from './payment-told.js';
import { PixPanel } from './pix-panel.js';
import { ProviderPage } from './provider-page.js';

/** What the parts of the pay screen work with. */
export type PayBodyProps = { readonly order: Order; readonly billing: Billing; readonly state: PayState };

/** The middle of the pay screen, by state. */
export function PayBody(props: PayBodyProps): React.JSX.Element {
  const { order, billing, state } = props;
  switch (state) {
    case 'opening':
    case 'charging':
    case 'paid':
      return <Confirming state={state} />;
    case 'page':
      return <PageOrConfirming {...props} />;
    case 'pix':
      return (
        <>
          <PixPanel key={openAttempt(order)?.id} order={order} billing={billing} />
          <OtherWays order={order} billing={billing} />
        </>
      );
    case 'code-over':
      return (
        <>
          <CodeOver order={order} />
          <OtherWays order={order} billing={billing} />
        </>
      );
    case 'payable':
      return (
        <>
          <Declined order={order} />
          <OtherWays order={order} billing={billing} isOpen />
        </>
      );
    case 'applied':
    case 'returned':
    case 'ended':
    case 'elsewhere':
      return <Ended state={state} order={order} />;
  }
}

const SLOW_MS = 30_000;

/** That somebody came back proves nothing: the words wait for the server, too. */
function Confirming({ state }: { readonly state: 'opening' | 'charging' | 'paid' }): React.JSX.Element {
  const { t } = useTranslation();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setSlow(true), SLOW_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <Group wrap="nowrap" role="status" align="start">
      <Loader size="sm" aria-hidden="true" />
      <Stack gap="xs">
        <Text>{t(`pay.leads.${state}`)}</Text>
        {isSlow ? <Text>{t('pay.slow')}</Text> : null}
      </Stack>
    </Group>
  );
}

/** Whoever has been at the provider's page is waited for; others are taken there. */
function PageOrConfirming(props: PayBodyProps): React.JSX.Element {
  const attempt = openAttempt(props.order);
  const left = attempt === undefined ? undefined : leftAt(attempt.id);
  return (
    <>
      {left === undefined ? <Declined order={props.order} /> : <Confirming state="charging" />}
      <ProviderPage {...props} hasBeenThere={left !== undefined} />
      <OtherWays order={props.order} billing={props.billing} />
    </>
  );
}

function Declined({ order }: { readonly order: Order }): React.JSX.Element | null {
  const { t, i18n } = useTranslation();
  const declined = lastDecline(order);
  if (declined === undefined) return null;
  const key = `declineCodes.${declined.failure?.code ?? ''}`;
  return (
    <Alert color="red" role="alert" title={t('pay.declined')}>
      <Text size="sm">{i18n.exists(key) ? t(key as 'declineCodes.card_declined') : t('declines.other')}</Text>
      <Text size="sm">{t('problemNotice.noMoney')}</Text>
    </Alert>
  );
}

type EndedProps = { readonly state: 'applied' | 'returned' | 'ended' | 'elsewhere'; readonly order: Order };

function Ended({ state, order }: EndedProps): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      <Alert color={state === 'applied' ? 'green' : 'blue'} role="status">
        {t(`pay.leads.${state}`)}
      </Alert>
      <PaymentTold order={order} />
      <OrderAgain order={order} />
      <Group>
        <LinkButton to="/billing/plan">{t('failed.toPlan')}</LinkButton>
        <LinkButton to="/billing/orders/$orderId" params={{ orderId: order.id }} variant="default">
          {t('pay.toOrder')}
        </LinkButton>
      </Group>
    </>
  );
}
