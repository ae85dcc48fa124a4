import { Anchor, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../parts/panel.js';
import { useMe } from '../shell/me.js';

/** What is kept of what was used, as a file for some days: thresholds that were reached, and credits. */
export function UsageExport(): React.JSX.Element {
  const { t, i18n } = useTranslation();
  const { id } = useMe().workspace;
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const isTurned = from !== '' && to !== '' && from > to;
  const query = new URLSearchParams({
    language: i18n.language,
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
  });
  return (
    <Panel title={t('usage.history')}>
      <Text size="sm">{t('usage.historyLead')}</Text>
      <Group align="end" gap="sm">
        <TextInput
          label={t('orders.from')}
          type="date"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label={t('orders.to')}
          type="date"
          value={to}
          error={isTurned ? t('faults.days') : undefined}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </Group>
      {isTurned ? null : (
        <Anchor href={`/v1/workspaces/${id}/usage.csv?${query.toString()}`} download>
          {t('orders.csv')}
        </Anchor>
      )}
    </Panel>
  );
}
