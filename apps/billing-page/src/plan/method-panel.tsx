import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Billing } from '../api/types.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';
import { ReplaceMethod } from './replace-method.js';

/** The stored method: what it is, when it ends, and how another takes its place. */
export function MethodPanel({ billing }: { readonly billing: Billing }): React.JSX.Element {
  const { t } = useTranslation();
  const { month, day } = useFormats();
  const names = useNames();
  const { method, next, methodPage } = billing;
  const mayPay = useMay('pay');
  const replace = methodPage !== null && mayPay ? <ReplaceMethod page={methodPage} /> : null;
  if (method === null) {
    return (
      <Panel title={t('method.title')}>
        <Text>{t('method.none')}</Text>
        {replace}
      </Panel>
    );
  }
  const { expiresOn, expiresFirst } = method;
  return (
    <Panel title={t('method.title')}>
      <Text fw={600}>{names.method(method)}</Text>
      {method.method === 'card' ? <Text size="sm">{t('method.expires', { month: month(expiresOn) })}</Text> : null}
      {expiresFirst && next !== null ? (
        <Alert color="yellow" title={t('method.expiresFirst', { day: day(next.on) })}>
          {t('method.expiresFirstLead')}
        </Alert>
      ) : null}
      {replace}
    </Panel>
  );
}
