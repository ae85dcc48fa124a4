import { Alert, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUsage } from '../api/queries.js';
import type { Billing } from '../api/types.js';
import { LinkButton } from '../parts/link-button.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';

const FULL_PERCENT = 100;

/** What needs somebody's attention now, the most urgent first. Failed payments stand with their orders. */
export function PlanNotices({ billing }: { readonly billing: Billing }): React.JSX.Element {
  return (
    <>
      {billing.isApplying ? <Applying /> : null}
      <EndNotice billing={billing} />
      <LimitNotice />
    </>
  );
}

function Applying(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Alert color="blue" role="status" title={t('notices.applying')}>
      {t('notices.applyingLead')}
    </Alert>
  );
}

function EndNotice({ billing }: { readonly billing: Billing }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { day } = useFormats();
  const mayBuy = useMay('buy');
  const { status, subscription, unpaid } = billing;
  if (subscription === null) return null;
  const isNear = status === 'active' && subscription.isExpiring;
  const what = status === 'active' ? (isNear ? 'expiring' : undefined) : status;
  if (what !== 'expiring' && what !== 'grace' && what !== 'expired' && what !== 'closed') return null;
  const { endsOn, graceEndsOn, dataKeptUntil } = subscription;
  const days = { end: day(endsOn), grace: day(graceEndsOn), kept: day(dataKeptUntil) };
  const hasOrder = unpaid.some(({ kind }) => kind === 'renewal' || kind === 'extension');
  return (
    <Alert color={what === 'expiring' ? 'yellow' : 'red'} title={t(`notices.${what}`, days)}>
      <Text size="sm">{t(`notices.${what}Lead`, days)}</Text>
      {mayBuy && !hasOrder && what !== 'closed' ? (
        <Group mt="sm">
          <LinkButton to="/billing/change" search={{ kind: 'renewal' }}>
            {t('plan.renewNow')}
          </LinkButton>
        </Group>
      ) : null}
    </Alert>
  );
}

function LimitNotice(): React.JSX.Element | null {
  const { t, i18n } = useTranslation();
  const { instant } = useFormats();
  const full = useUsage().data?.meters.filter(({ percent }) => percent !== null && percent >= FULL_PERCENT) ?? [];
  const [first] = full;
  if (first === undefined) return null;
  const key = `limits.${first.meter}`;
  const meter = i18n.exists(key) ? t(key as 'limits.leads') : first.label;
  const end = first.breachEndsAt === null ? '' : instant(first.breachEndsAt);
  return (
    <Alert color="orange" title={t('notices.atLimit', { meter })}>
      <Text size="sm">{end === '' ? t('notices.atLimitNow') : t('notices.atLimitLead', { end })}</Text>
      <Group mt="sm">
        <LinkButton to="/billing/usage" variant="default">
          {t('notices.seeUsage')}
        </LinkButton>
      </Group>
    </Alert>
  );
}
