import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import type { Order } from '../api/types.js';
import { Panel } from '../parts/panel.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';

/** A code that ended costs nothing: the next one is for the same order, at the same price, for as long as the order stands. */
export function CodeOver({ order }: { readonly order: Order }): React.JSX.Element {
  const { t } = useTranslation();
  const { instant, money } = useFormats();
  const mayPay = useMay('pay');
  const { id, currency, amountMinor, expiresAt, attempts } = order;
  // The key follows from the tries so far: pressing twice, or in two windows, makes one code.
  const params = { path: { id }, header: { 'Idempotency-Key': `page-code-${id}-${String(attempts.length)}` } };
  const body = { method: 'pix', installments: 1 } as const;
  const { run, isRunning, problem } = useActing(() => taken(http.POST('/v1/orders/{id}/payments', { params, body })));
  return (
    <Panel title={t('pix.overTitle')}>
      <Text role="status">{t('pix.over', { amount: money(amountMinor, currency), at: instant(expiresAt) })}</Text>
      <Text size="sm" c="dimmed">
        {t('pix.overPaid')}
      </Text>
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      {mayPay ? (
        <Group>
          <Button loading={isRunning} onClick={() => run(undefined)}>
            {t('pix.newCode')}
          </Button>
        </Group>
      ) : null}
    </Panel>
  );
}
