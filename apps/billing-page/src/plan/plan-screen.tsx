import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBilling } from '../api/queries.js';
import type { Billing } from '../api/types.js';
import { Loaded } from '../parts/loaded.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useMay } from '../shell/may.js';
import { DetailsPanel } from './details-panel.js';
import { MethodPanel } from './method-panel.js';
import { PlanNotices } from './plan-notices.js';
import { PlanPanel } from './plan-panel.js';
import { RenewalPanel } from './renewal-panel.js';
import { ScheduledPanel } from './scheduled-panel.js';
import { UnpaidOrderPanel } from './unpaid-order-panel.js';

/** The first tab: what the workspace has, what it will cost next, and everything that can be done about it. */
export function PlanScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const query = useBilling();
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('tabs.plan')}</ScreenTitle>
      <Loaded query={query} shape={[210, 130, 130]}>
        {(billing) => <Standing billing={billing} />}
      </Loaded>
    </Stack>
  );
}

function Standing({ billing }: { readonly billing: Billing }): React.JSX.Element {
  const { subscription, unpaid } = billing;
  const maySeeDetails = useMay('see-details');
  const isRunning = subscription !== null && billing.status !== 'closed';
  return (
    <>
      <PlanNotices billing={billing} />
      {unpaid.map((order) => (
        <UnpaidOrderPanel key={order.id} order={order} />
      ))}
      <PlanPanel billing={billing} />
      {isRunning && subscription.scheduled !== null ? (
        <ScheduledPanel scheduled={subscription.scheduled} endsOn={subscription.endsOn} />
      ) : null}
      {isRunning ? <RenewalPanel billing={billing} subscription={subscription} /> : null}
      {isRunning || billing.method !== null ? <MethodPanel billing={billing} /> : null}
      {maySeeDetails ? <DetailsPanel /> : null}
    </>
  );
}
