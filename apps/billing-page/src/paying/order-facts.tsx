import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { linesOf } from '../api/types.js';
import type { Order } from '../api/types.js';
import { QuoteLines } from '../buying/quote-lines.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { useOrderMoves } from './use-order-moves.js';

/** What an order is for, line by line, as it was quoted. */
export function OrderFacts({ order }: { readonly order: Order }): React.JSX.Element {
  const { t } = useTranslation();
  const { money, instant } = useFormats();
  useOrderMoves(order);
  const { number, lines, currency, amountMinor, status, expiresAt, dueAt } = order;
  return (
    <div className="beside">
      <Panel title={t('unpaid.title', { number })}>
        {linesOf(lines).length === 0 ? null : <QuoteLines lines={lines} currency={currency} />}
        <Text fw={700} size="lg" className="number">
          {t('pay.total', { amount: money(amountMinor, currency) })}
        </Text>
        {status === 'awaiting_payment' ? (
          <Text size="sm" c="dimmed">
            {dueAt === null ? t('pay.until', { at: instant(expiresAt) }) : t('pay.due', { at: instant(dueAt) })}
          </Text>
        ) : null}
      </Panel>
    </div>
  );
}
