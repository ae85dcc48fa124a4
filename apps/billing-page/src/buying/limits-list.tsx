import { List } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Limit, Offers, PlanOffer } from '../api/types.js';
import { useFormats } from '../shell/me.js';

/** How a limit is called, in the language that is spoken; the catalogue's own label where we have no word. */
export function useLimitName(): (limit: { readonly name: string; readonly label: string }) => string {
  const { t, i18n } = useTranslation();
  return ({ name, label }) => (i18n.exists(`limits.${name}`) ? t(`limits.${name}` as 'limits.leads') : label);
}

/** A limit as text. */
export function useLimitText(): (limit: Limit | undefined) => string {
  const { t } = useTranslation();
  const { count } = useFormats();
  return (limit) => {
    if (limit === undefined || limit === 'none') return t('limitValues.none');
    return limit === 'unlimited' ? t('limitValues.unlimited') : count(limit.amount);
  };
}

type LimitsListProps = { readonly plan: PlanOffer; readonly limits: Offers['limits']; readonly most?: number };

/** What a plan allows with the seats that are chosen. */
export function LimitsList({ plan, limits, most }: LimitsListProps): React.JSX.Element {
  const { t } = useTranslation();
  const nameOf = useLimitName();
  const textOf = useLimitText();
  const shown = limits.filter(({ name }) => plan.limits[name] !== 'none').slice(0, most);
  return (
    <List size="sm" spacing={2}>
      {shown.map((limit) => (
        <List.Item key={limit.name}>
          {t(limit.resets === 'monthly' ? 'choose.limitMonthly' : 'choose.limit', {
            name: nameOf(limit),
            amount: textOf(plan.limits[limit.name]),
          })}
        </List.Item>
      ))}
    </List>
  );
}
