import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../parts/link-button.js';
import { Panel } from '../parts/panel.js';

/** The way to whom orders and invoices bill. */
export function DetailsPanel(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Panel title={t('details.title')}>
      <Text>{t('details.lead')}</Text>
      <Group>
        <LinkButton to="/billing/details" variant="default">
          {t('details.edit')}
        </LinkButton>
      </Group>
    </Panel>
  );
}
