import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ScreenTitle } from '../parts/screen-title.js';

/** The tab of the same name. */
export function OrdersScreen(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Stack>
      <ScreenTitle>{t('tabs.orders')}</ScreenTitle>
    </Stack>
  );
}
