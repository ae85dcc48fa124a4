import { Text, Timeline } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Order } from '../api/types.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import type { StoryEntry } from './order-types.js';

/** What happened to an order, oldest first: tries with their reasons, payment, use, refunds, documents. */
export function OrderStory({ order }: { readonly order: Order }): React.JSX.Element {
  const { t } = useTranslation();
  const { instant } = useFormats();
  const tell = useTold(order.currency);
  const entries = order.history.map((entry) => ({ entry, ...tell(entry) }));
  return (
    <Panel title={t('order.timeline')}>
      <Timeline active={entries.length} bulletSize={12} lineWidth={2}>
        {entries.map(({ entry, title, more }, index) => (
          <Timeline.Item key={index} title={title}>
            {more === undefined ? null : <Text size="sm">{more}</Text>}
            <Text size="sm" c="dimmed">
              {instant(entry.at)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Panel>
  );
}

type Told = { readonly title: string; readonly more: string | undefined };

function useTold(currency: string): (entry: StoryEntry) => Told {
  const { t } = useTranslation();
  const { money } = useFormats();
  const names = useNames();
  return (entry) => {
    switch (entry.kind) {
      case 'placed':
        return { title: t('story.placed'), more: entry.by === null ? t('story.byItself') : undefined };
      case 'attempt': {
        const method = names.method({ method: entry.method ?? 'card' });
        const { decline } = entry;
        const more = decline === null ? undefined : `${decline.reason} ${decline.advice}`;
        return { title: t(`story.attempts.${entry.status}`, { method }), more };
      }
      case 'refund':
        return {
          title: t(`story.refunds.${entry.status}`, { amount: money(entry.amountMinor, currency) }),
          more: undefined,
        };
      case 'dispute':
        return {
          title: t(`story.disputes.${entry.status}`, { amount: money(entry.amountMinor, currency) }),
          more: undefined,
        };
      case 'document':
        return { title: t(`story.documents.${entry.type}`, { number: entry.number }), more: undefined };
      case 'paid':
      case 'applied':
      case 'expired':
      case 'cancelled':
        return { title: t(`story.${entry.kind}`), more: undefined };
    }
  };
}
