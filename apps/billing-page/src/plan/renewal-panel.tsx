import { Switch, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import type { Billing, Subscription } from '../api/types.js';
import { Confirming } from '../parts/confirming.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { useFormats, useMe } from '../shell/me.js';
import { useMay } from '../shell/may.js';

type RenewalPanelProps = { readonly billing: Billing; readonly subscription: Subscription };

const route = getRouteApi('/billing/plan');

/** Automatic renewal: before it is switched, what will follow is said with its days. */
export function RenewalPanel({ billing, subscription }: RenewalPanelProps): React.JSX.Element {
  const { t } = useTranslation();
  const { id } = useMe().workspace;
  const { action } = route.useSearch();
  const { on } = subscription.autoRenewal;
  const [isAsking, setAsking] = useState(action === 'auto-renewal');
  const maySwitch = useMay('switch-auto-renewal');
  const { run, isRunning, problem, forget } = useActing(
    (wanted: boolean) =>
      taken(http.PUT('/v1/workspaces/{id}/auto-renewal', { params: { path: { id } }, body: { on: wanted } })),
    () => setAsking(false),
  );
  const leave = (): void => {
    forget();
    setAsking(false);
  };
  return (
    <Panel title={t('renewal.title')}>
      <Switch
        size="md"
        checked={on}
        disabled={!maySwitch}
        label={t(on ? 'renewal.on' : 'renewal.off')}
        onChange={() => setAsking(true)}
      />
      {!on && subscription.autoRenewal.by === 'chargeback' ? <Text size="sm">{t('renewal.disputed')}</Text> : null}
      {isAsking && maySwitch ? (
        <Confirming
          title={t(on ? 'renewal.askOff' : 'renewal.askOn')}
          yes={t(on ? 'renewal.yesOff' : 'renewal.yesOn')}
          isRunning={isRunning}
          problem={problem}
          onYes={() => run(!on)}
          onNo={leave}
        >
          <Consequence billing={billing} subscription={subscription} />
        </Confirming>
      ) : null}
    </Panel>
  );
}

function Consequence({ billing, subscription }: RenewalPanelProps): React.JSX.Element {
  const { t } = useTranslation();
  const { day, money } = useFormats();
  const names = useNames();
  const { next, method } = billing;
  const { endsOn, graceEndsOn, dataKeptUntil, autoRenewal } = subscription;
  if (autoRenewal.on) {
    return (
      <Text size="sm">
        {t('renewal.thenOff', { end: day(endsOn), grace: day(graceEndsOn), kept: day(dataKeptUntil) })}
      </Text>
    );
  }
  if (method === null) return <Text size="sm">{t('renewal.needsMethod')}</Text>;
  const amount = next === null ? '' : money(next.amountMinor, next.currency);
  return <Text size="sm">{t('renewal.thenOn', { end: day(endsOn), amount, method: names.method(method) })}</Text>;
}
