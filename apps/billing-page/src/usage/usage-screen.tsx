import { Badge, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBilling, useOffers, useUsage } from '../api/queries.js';
import type { Billing, Meter, Offers } from '../api/types.js';
import { useLimitName } from '../buying/limits-list.js';
import { LinkButton } from '../parts/link-button.js';
import { Loaded } from '../parts/loaded.js';
import { useNames } from '../parts/names.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useFormats } from '../shell/me.js';
import { LimitFixes } from './limit-fixes.js';
import { UsageExport } from './usage-export.js';

const NEAR_PERCENT = 75;
const CLOSE_PERCENT = 90;
const FULL_PERCENT = 100;
/** A count that nobody has renewed for a day may be out of date. */
const STALE_MS = 86_400_000;

/** The third tab: every limit, how much of it is used, and what helps when it is nearly reached. */
export function UsageScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const usage = useUsage();
  const offers = useOffers().data;
  const billing = useBilling().data;
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('tabs.usage')}</ScreenTitle>
      <Loaded query={usage} shape={[90, 90, 90, 90]}>
        {({ meters }) =>
          meters.every(({ limit, used }) => limit === 'none' && used === 0) ? (
            <NoLimits />
          ) : (
            <>
              <Text c="dimmed" size="sm">
                {t('usage.thresholds')}
              </Text>
              {meters.every(({ used }) => used === 0) ? <Text>{t('usage.empty')}</Text> : null}
              <div className="meters">
                {meters.map((meter) => (
                  <MeterShown key={meter.meter} meter={meter} offers={offers} billing={billing} />
                ))}
              </div>
              <UsageExport />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

/** Without a plan there is nothing that could be used up. */
function NoLimits(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      <Text>
        {t('plan.none')}. {t('usage.empty')}
      </Text>
      <Group>
        <LinkButton to="/billing/plans">{t('plan.explore')}</LinkButton>
      </Group>
    </>
  );
}

type MeterProps = {
  readonly meter: Meter;
  readonly offers: Offers | undefined;
  readonly billing: Billing | undefined;
};

function MeterShown(props: MeterProps): React.JSX.Element {
  const { t } = useTranslation();
  const nameOf = useLimitName();
  const { meter, label, percent } = props.meter;
  const name = nameOf({ name: meter, label });
  const word = wordFor(percent);
  return (
    <section className="meter" aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h5">
          {name}
        </Title>
        {word === undefined ? null : (
          <Badge color={percent !== null && percent >= FULL_PERCENT ? 'red' : 'orange'} variant="light">
            {t(`usage.words.${word}`)}
          </Badge>
        )}
      </Group>
      <Bar meter={props.meter} name={name} />
      <Details {...props} />
      {percent !== null && percent >= NEAR_PERCENT ? <LimitFixes meter={props.meter.meter} /> : null}
    </section>
  );
}

function wordFor(percent: number | null): 'near' | 'close' | 'full' | undefined {
  if (percent === null || percent < NEAR_PERCENT) return undefined;
  if (percent < CLOSE_PERCENT) return 'near';
  return percent < FULL_PERCENT ? 'close' : 'full';
}

/** The bar, and the same in words: nothing is said by length or colour alone. */
function Bar({ meter, name }: { readonly meter: Meter; readonly name: string }): React.JSX.Element {
  const { t } = useTranslation();
  const { count, percent } = useFormats();
  const { limit, used } = meter;
  if (limit === 'none') return <Text>{t('usage.none')}</Text>;
  if (limit === 'unlimited') return <Text>{t('usage.unlimited', { used: count(used) })}</Text>;
  const value = meter.percent ?? 0;
  const colour = value >= FULL_PERCENT ? 'red' : value >= NEAR_PERCENT ? 'orange' : 'blue';
  return (
    <>
      <Text className="number">
        {t('usage.of', { used: count(used), limit: count(limit.amount), percent: percent(value) })}
      </Text>
      <div className="bar">
        <Progress.Root size="lg">
          <Progress.Section value={Math.min(FULL_PERCENT, value)} color={colour} aria-label={name} />
        </Progress.Root>
      </div>
    </>
  );
}

function Details({ meter, offers, billing }: MeterProps): React.JSX.Element {
  const { t } = useTranslation();
  const { day, count, ago, instant } = useFormats();
  const formula = useFormula(meter, offers, billing);
  const now = new Date(billing?.now ?? Date.now());
  const { periodEndsOn, projected, observedAt, resets, breachEndsAt, limit } = meter;
  const isStale = observedAt !== null && now.getTime() - new Date(observedAt).getTime() > STALE_MS;
  const tooMuch = projected !== null && typeof limit === 'object' && projected > limit.amount;
  const told = [
    ...(formula === undefined ? [] : [formula]),
    ...(limit !== 'none' && resets === 'monthly' && periodEndsOn !== null
      ? [t('usage.resets', { day: day(periodEndsOn) })]
      : []),
    ...(projected === null || periodEndsOn === null || limit === 'none'
      ? []
      : [
          t(tooMuch ? 'usage.projectedOver' : 'usage.projected', {
            projected: count(projected),
            day: day(periodEndsOn),
          }),
        ]),
    ...(breachEndsAt === null ? [] : [t('usage.breach', { at: instant(breachEndsAt) })]),
    ...(observedAt === null ? [] : [t(isStale ? 'usage.stale' : 'usage.updated', { ago: ago(observedAt, now) })]),
  ];
  return (
    <>
      {told.map((one) => (
        <Text key={one} size="sm" c="dimmed">
          {one}
        </Text>
      ))}
    </>
  );
}

/** How the limit follows from the seats, such as 2,500 × 4 seats. */
function useFormula(meter: Meter, offers: Offers | undefined, billing: Billing | undefined): string | undefined {
  const { t } = useTranslation();
  const { count } = useFormats();
  const names = useNames();
  const seats = billing?.subscription?.seats;
  const rule = offers?.plans.find(({ move }) => move === 'current')?.rules[meter.meter];
  if (seats === undefined || rule === undefined) return undefined;
  if (rule.kind === 'per-seat')
    return t('usage.perSeat', { amount: count(rule.amount ?? 0), seats: names.seats(seats) });
  if (rule.kind === 'per-seat-from')
    return t('usage.perSeatFrom', {
      included: count(rule.included ?? 0),
      more: count(rule.perSeat ?? 0),
      from: count(rule.fromSeat ?? 1),
    });
  return undefined;
}
