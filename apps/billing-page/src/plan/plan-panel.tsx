import { Badge, Button, Group, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Billing, Subscription } from '../api/types.js';
import { LinkButton } from '../parts/link-button.js';
import { useNames } from '../parts/names.js';
import { Facts, Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';
import { NextCharge } from './next-charge.js';

const COLOURS: Readonly<Record<Billing['status'], string>> = {
  none: 'gray',
  trialing: 'blue',
  trial_ended: 'orange',
  active: 'green',
  grace: 'orange',
  expired: 'red',
  closed: 'gray',
};

/** The plan, its state, its seats and its term, with what can be done about them. */
export function PlanPanel({ billing }: { readonly billing: Billing }): React.JSX.Element {
  const { t } = useTranslation();
  const { status, subscription } = billing;
  const title = subscription?.planName ?? t(status === 'trialing' ? 'plan.trial' : 'plan.none');
  return (
    <Panel
      title={title}
      aside={
        <Badge color={COLOURS[status]} variant="light" size="lg" autoContrast>
          {t(`status.${status}`)}
        </Badge>
      }
    >
      {subscription === null ? (
        <NothingBought billing={billing} />
      ) : (
        <Bought billing={billing} subscription={subscription} />
      )}
    </Panel>
  );
}

function NothingBought({ billing }: { readonly billing: Billing }): React.JSX.Element {
  const { t } = useTranslation();
  const { day } = useFormats();
  const { days } = useNames();
  const { trial, status } = billing;
  return (
    <>
      {trial === null ? <Text>{t('plan.noneLead')}</Text> : null}
      {trial !== null && status === 'trialing' ? (
        <Text>{t('plan.trialLead', { days: days(trial.daysLeft), day: day(trial.endsOn) })}</Text>
      ) : null}
      {status === 'trial_ended' && trial !== null ? (
        <Text>{t('plan.trialOver', { day: day(trial.endsOn) })}</Text>
      ) : null}
      <Group>
        <LinkButton to="/billing/plans">{t('plan.explore')}</LinkButton>
      </Group>
    </>
  );
}

type BoughtProps = { readonly billing: Billing; readonly subscription: Subscription };

function Bought({ billing, subscription }: BoughtProps): React.JSX.Element {
  const { t } = useTranslation();
  const { count, day } = useFormats();
  const { months } = useNames();
  const { seats, periodMonths, startsOn, endsOn } = subscription;
  const term = t('plan.term', { months: months(periodMonths), from: day(startsOn), to: day(endsOn) });
  return (
    <>
      <Facts
        facts={[
          [t('plan.seats'), t('plan.seatsUsed', { used: count(billing.seatsInUse), paid: count(seats) })],
          [t('plan.period'), term],
          [t(subscription.autoRenewal.on ? 'plan.renewsOn' : 'plan.endsOn'), day(endsOn)],
        ]}
      />
      <NextCharge billing={billing} />
      {billing.status === 'closed' ? null : <Actions billing={billing} />}
    </>
  );
}

function Actions({ billing }: { readonly billing: Billing }): React.JSX.Element {
  const { t } = useTranslation();
  const mayBuy = useMay('buy');
  if (!mayBuy) return <Text c="dimmed">{t('plan.needsAdmin')}</Text>;
  const isOver = billing.status === 'grace' || billing.status === 'expired';
  if (isOver) {
    return (
      <Group>
        <LinkButton to="/billing/change" search={{ kind: 'renewal' }}>
          {t('plan.renewNow')}
        </LinkButton>
      </Group>
    );
  }
  return (
    <>
      <Group>
        <LinkButton to="/billing/plans">{t('plan.upgrade')}</LinkButton>
        <LinkButton to="/billing/change" search={{ kind: 'add-seats' }} variant="default">
          {t('plan.addSeats')}
        </LinkButton>
        <Extend bar={billing.extensionBar} />
        <LinkButton to="/billing/change" search={{ kind: 'scheduled-change' }} variant="subtle">
          {t('plan.fewerSeats')}
        </LinkButton>
      </Group>
    </>
  );
}

/** The button is there in any case: where it does nothing, it says why and what would help. */
function Extend({ bar }: { readonly bar: Billing['extensionBar'] }): React.JSX.Element {
  const { t } = useTranslation();
  const id = useId();
  if (bar === null) {
    return (
      <LinkButton to="/billing/change" search={{ kind: 'extension' }} variant="default">
        {t('plan.extend')}
      </LinkButton>
    );
  }
  return (
    <>
      <Button
        variant="default"
        aria-disabled="true"
        data-disabled
        aria-describedby={id}
        onClick={(event) => event.preventDefault()}
      >
        {t('plan.extend')}
      </Button>
      <Text id={id} size="sm" c="dimmed" style={{ order: 9, flexBasis: '100%' }}>
        {t(`extensionBars.${bar}`)}
      </Text>
    </>
  );
}
