import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { attemptsOf } from '../api/types.js';
import type { Order } from '../api/types.js';
import { useFormats } from '../shell/me.js';

/** Payments that gave nothing, and why they go back. */
const REASONS = ['late_payment', 'double_payment'] as const;

/** What became of money that did not come as it was asked for: by a code that was over, too late, or twice. */
export function PaymentTold({ order }: { readonly order: Order }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { money } = useFormats();
  const extra = order.refunds.flatMap((refund) => {
    const reason = REASONS.find((one) => one === refund.reason);
    return reason === undefined ? [] : [{ ...refund, reason }];
  });
  if (extra.length === 0 && !cameByOldWay(order)) return null;
  return (
    <>
      {cameByOldWay(order) ? (
        <Alert color="blue" role="status" title={t('told.oldWayTitle')}>
          {t('told.oldWay')}
        </Alert>
      ) : null}
      {extra.map(({ id, reason, status, amountMinor }) => (
        <Alert key={id} color="blue" role="status" title={t(`told.${reason}Title`)}>
          <Text size="sm">{t(`told.${reason}`)}</Text>
          <Text size="sm">{t(`story.refunds.${status}`, { amount: money(amountMinor, order.currency) })}</Text>
        </Alert>
      ))}
    </>
  );
}

/** Whether the order was paid by a way that had been given up, or whose time was over. */
function cameByOldWay(order: Order): boolean {
  const returned = order.refunds.flatMap(({ attemptId, reason }) =>
    REASONS.some((one) => one === reason) ? attemptId : [],
  );
  const paying = attemptsOf(order).find(({ id, status }) => status === 'succeeded' && !returned.includes(id));
  if (paying === undefined) return false;
  return order.history.some(
    (entry) =>
      entry.kind === 'attempt' &&
      entry.attemptId === paying.id &&
      (entry.status === 'expired' || entry.status === 'cancelled'),
  );
}
