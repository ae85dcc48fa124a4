import { Anchor, List } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../api/client.js';
import type { Order } from '../api/types.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';

/** Invoices and credit notes of an order, as PDF in the language that is spoken. */
export function DocumentsPanel({ order }: { readonly order: Order }): React.JSX.Element | null {
  const { t, i18n } = useTranslation();
  const { money } = useFormats();
  const maySee = useMay('see-invoices');
  const documents = order.history.flatMap((entry) => (entry.kind === 'document' ? [entry] : []));
  if (documents.length === 0 || !maySee) return null;
  return (
    <Panel title={t('order.documents')}>
      <List>
        {documents.map(({ documentId, type, number, amountMinor }) => (
          <List.Item key={documentId}>
            <Anchor href={addressOf(`/v1/documents/${documentId}/pdf?language=${i18n.language}`)} download>
              {`${t(`story.documents.${type}`, { number })}, ${money(amountMinor, order.currency)} (PDF)`}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
