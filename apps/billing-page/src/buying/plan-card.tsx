import { Badge, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Offers, PlanOffer } from '../api/types.js';
import { LinkButton } from '../parts/link-button.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';
import { LimitsList } from './limits-list.js';
import type { ChangeSearch } from './wish.js';

const LIMITS_SHOWN = 5;

type PlanCardProps = {
  readonly plan: PlanOffer;
  /** The plan below it: what it has beyond that comes first. */
  readonly before: PlanOffer | undefined;
  readonly offers: Offers;
  readonly period: number | undefined;
  readonly seats: number;
  readonly isFirst: boolean;
};

/** One plan with its price, its limits and what it has more than the one before. */
export function PlanCard(props: PlanCardProps): React.JSX.Element {
  const { t } = useTranslation();
  const { plan, before, offers } = props;
  const isCurrent = plan.move === 'current';
  return (
    <Paper
      component="article"
      withBorder
      p="lg"
      aria-label={plan.name}
      {...(isCurrent ? { 'aria-current': true as const } : {})}
    >
      <Stack gap="sm" h="100%">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h3">
            {plan.name}
          </Title>
          {isCurrent ? <Badge>{t('choose.current')}</Badge> : null}
        </Group>
        <Price {...props} />
        <PlanAction {...props} />
        <LimitsList plan={plan} limits={offers.limits} most={LIMITS_SHOWN} />
        <Features plan={plan} before={before} />
      </Stack>
    </Paper>
  );
}

function Price({ plan, offers, period }: PlanCardProps): React.JSX.Element {
  const { t } = useTranslation();
  const { money } = useFormats();
  const price = plan.prices.find(({ periodMonths }) => periodMonths === period) ?? plan.prices[0];
  if (price === undefined) return <Text>{t('choose.byContract')}</Text>;
  return (
    <Text>
      <Text span fw={700} size="xl" className="number">
        {money(price.perMonthMinor, offers.currency)}
      </Text>{' '}
      <Text span size="sm" c="dimmed">
        {t('choose.eachSeatAndMonth')}
      </Text>
    </Text>
  );
}

function PlanAction({ plan, period, seats, isFirst, offers }: PlanCardProps): React.JSX.Element | null {
  const { t } = useTranslation();
  const mayBuy = useMay('buy');
  const { id, move, name } = plan;
  if (!mayBuy || move === 'current' || move === 'not-sold') return null;
  if (move === 'on-request') {
    return (
      <LinkButton to="/billing/enterprise" search={{ seats }} variant="default">
        {t('choose.talk')}
      </LinkButton>
    );
  }
  const kind: ChangeSearch['kind'] = isFirst ? 'purchase' : move === 'upgrade' ? 'upgrade' : 'scheduled-change';
  const paid = offers.seats.paid ?? 0;
  const search: ChangeSearch = {
    ...{ kind, plan: id },
    ...(isFirst || seats > paid ? { seats } : {}),
    ...(isFirst && period !== undefined ? { period } : {}),
  };
  return (
    <LinkButton to="/billing/change" search={search} variant={move === 'downgrade' ? 'default' : 'filled'}>
      {t(isFirst ? 'choose.take' : move === 'upgrade' ? 'choose.upgradeTo' : 'choose.downgradeTo', { plan: name })}
    </LinkButton>
  );
}

function Features({ plan, before }: Pick<PlanCardProps, 'plan' | 'before'>): React.JSX.Element | null {
  const { t, i18n } = useTranslation();
  const more = plan.features.filter((feature) => before?.features.includes(feature) !== true);
  const nameOf = (feature: string): string =>
    i18n.exists(`features.${feature}`) ? t(`features.${feature}` as 'features.inbox') : feature;
  return (
    <>
      <Text size="sm" fw={600}>
        {before === undefined ? t('choose.has') : t('choose.hasMore', { plan: before.name })}
      </Text>
      <List size="sm" spacing={2}>
        {more.map((feature) => (
          <List.Item key={feature}>{nameOf(feature)}</List.Item>
        ))}
      </List>
    </>
  );
}
