import { Alert, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUsage } from '../api/queries.js';
import type { Offers } from '../api/types.js';
import { useFormats } from '../shell/me.js';
import type { ChangeFieldsProps } from './change-fields.js';
import { useLimitName, useLimitText } from './limits-list.js';

/** Of a smaller next term: which features go, which limits are exceeded already, and when. */
export function LossNotice({ wish, billing, offers }: ChangeFieldsProps): React.JSX.Element | null {
  const { t, i18n } = useTranslation();
  const { day, count } = useFormats();
  const nameOf = useLimitName();
  const textOf = useLimitText();
  const usage = useUsage().data;
  const next = offers.plans.find(({ id }) => id === wish.plan);
  const present = offers.plans.find(({ move }) => move === 'current');
  if (next === undefined || present === undefined || billing.subscription === null) return null;
  const lost = present.features.filter((feature) => !next.features.includes(feature));
  const exceeded = (usage?.meters ?? []).filter(({ meter, used }) => isExceeded(next.limits[meter], used));
  if (lost.length === 0 && exceeded.length === 0) return null;
  const featureOf = (feature: string): string =>
    i18n.exists(`features.${feature}`) ? t(`features.${feature}` as 'features.inbox') : feature;
  return (
    <Alert color="yellow" title={t('loss.title', { day: day(billing.subscription.endsOn) })}>
      {lost.length === 0 ? null : (
        <Text size="sm">{t('loss.features', { features: lost.map(featureOf).join(', ') })}</Text>
      )}
      {exceeded.length === 0 ? null : (
        <>
          <Text size="sm">{t('loss.limits')}</Text>
          <List size="sm">
            {exceeded.map(({ meter, label, used }) => (
              <List.Item key={meter}>
                {t('loss.limit', {
                  name: nameOf({ name: meter, label }),
                  used: count(used),
                  limit: textOf(next.limits[meter]),
                })}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Alert>
  );
}

function isExceeded(limit: Offers['plans'][number]['limits'][string] | undefined, used: number): boolean {
  if (limit === 'unlimited' || used === 0) return false;
  return limit === undefined || limit === 'none' || used > limit.amount;
}
