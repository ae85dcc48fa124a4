import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Billing } from '../api/types.js';
import { useNames } from '../parts/names.js';
import { useFormats } from '../shell/me.js';

/** What comes next, in one sentence: day, amount and method. */
export function NextCharge({ billing }: { readonly billing: Billing }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { day, money } = useFormats();
  const names = useNames();
  const { next, method, subscription } = billing;
  if (next === null || subscription === null) return null;
  const values = {
    day: day(next.on),
    amount: money(next.amountMinor, next.currency),
    months: names.months(next.periodMonths),
    seats: names.seats(next.seats),
  };
  if (next.isCharged && method !== null)
    return <Text>{t('nextCharge.charged', { ...values, method: names.method(method) })}</Text>;
  const isOver = billing.status === 'grace' || billing.status === 'expired';
  return <Text>{t(isOver ? 'nextCharge.over' : 'nextCharge.byHand', { ...values, plan: subscription.planName })}</Text>;
}
