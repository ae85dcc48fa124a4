import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ScreenTitle } from '../parts/screen-title.js';
import { ChargebacksPanel } from './chargebacks-panel.js';
import { RefundsPanel } from './refunds-panel.js';

/** Money that waits for a person: payments that banks took back, and refunds that did not arrive. */
export function MoneyScreen(): React.JSX.Element {
  const { t } = useTranslation('support');
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('places.money')}</ScreenTitle>
      <ChargebacksPanel />
      <RefundsPanel />
    </Stack>
  );
}
