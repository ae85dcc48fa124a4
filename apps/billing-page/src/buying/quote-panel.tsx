import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { QuoteChanges } from './quote-changes.js';
import { QuoteLines } from './quote-lines.js';
import type { Preview } from './use-preview.js';

type QuotePanelProps = {
  readonly quote: Preview | undefined;
  /** Whether the choice has moved on, so that this is about to be replaced. */
  readonly isOld: boolean;
  readonly isPricing: boolean;
  readonly children?: React.ReactNode;
};

/** What is paid today and what at renewal, how each line came about, and what will be different when. */
export function QuotePanel({ quote, isOld, isPricing, children }: QuotePanelProps): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="beside" aria-busy={isPricing}>
      <Panel title={t('quote.title')}>
        {quote === undefined ? (
          <Text c="dimmed">{t('quote.none')}</Text>
        ) : (
          <div className={isOld ? 'stale' : ''}>
            <QuoteShown quote={quote} isOld={isOld} />
          </div>
        )}
        {children}
      </Panel>
    </div>
  );
}

function QuoteShown({ quote, isOld }: { readonly quote: Preview; readonly isOld: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const { money, time } = useFormats();
  const { currency, amountMinor, lines, kind } = quote;
  const isPlanned = kind === 'scheduled-change';
  return (
    <Stack gap="sm">
      {isPlanned ? null : <QuoteLines lines={lines} currency={currency} />}
      <Text fw={700} size="lg" aria-live="polite" aria-atomic="true" className="number">
        {isOld ? t('quote.pricing') : t('quote.today', { amount: money(amountMinor, currency) })}
      </Text>
      <AtRenewal quote={quote} />
      <QuoteChanges changes={quote.changes} />
      {isPlanned ? null : (
        <Text size="sm" c="dimmed">
          {t('quote.until', { time: time(quote.expiresAt) })}
        </Text>
      )}
    </Stack>
  );
}

function AtRenewal({ quote }: { readonly quote: Preview }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { money, day } = useFormats();
  const names = useNames();
  const { atRenewal, currency } = quote;
  if (atRenewal === undefined) return null;
  const { on, amountMinor, periodMonths } = atRenewal;
  return (
    <Stack gap={4}>
      <Text fw={600} className="number">
        {t('quote.atRenewal', {
          day: day(on),
          amount: money(amountMinor, currency),
          months: names.months(periodMonths),
        })}
      </Text>
      {quote.kind === 'scheduled-change' ? <QuoteLines lines={atRenewal.lines} currency={currency} /> : null}
    </Stack>
  );
}
