import { Anchor, List } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../api/client.js';
import type { Order } from '../api/types.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';

type PdfLinkProps = { readonly id: string; readonly type: 'invoice' | 'credit_note'; readonly number: string };

/** A document as PDF, in the language that is spoken. */
export function PdfLink({ id, type, number }: PdfLinkProps): React.JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <Anchor size="sm" href={addressOf(`/v1/documents/${id}/pdf?language=${i18n.language}`)} download>
      {`${t(`story.documents.${type}`, { number })} (PDF)`}
    </Anchor>
  );
}

/** Invoices and credit notes of an order. */
export function DocumentsPanel({ order }: { readonly order: Order }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { money } = useFormats();
  const maySee = useMay('see-invoices');
  const { documents } = order.shown;
  if (documents.length === 0 || !maySee) return null;
  return (
    <Panel title={t('order.documents')}>
      <List>
        {documents.map((document) => (
          <List.Item key={document.id}>
            <PdfLink {...document} />
            {` ${money(document.amountMinor, order.currency)}`}
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
