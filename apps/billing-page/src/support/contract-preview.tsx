import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { taken } from '../api/acting.js';
import { http } from '../api/client.js';
import { asProblem } from '../api/problem.js';
import { BeforeAfter } from './before-after.js';
import { useStaffFormats } from './session.js';
import { StaffProblem } from './staff-problem.js';

const TYPING_MS = 250;

/** A contract as the gateway is asked about it. */
export type ContractWish = {
  readonly workspaceId: string;
  readonly plan: string;
  readonly validFrom: string;
  readonly monthlyPriceMinor: string;
  readonly seatsMin?: number;
  readonly periodMonths?: number[];
  readonly dueDays?: number;
};

/** What a contract would come to, priced by the gateway while it is filled in; undefined as long as something is missing. */
export function ContractPreview({ wish }: { readonly wish: ContractWish | undefined }): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money, day, count } = useStaffFormats();
  const text = wish === undefined ? '' : JSON.stringify(wish);
  const [asked] = useDebouncedValue(text, TYPING_MS);
  const query = useQuery({
    queryKey: ['contract-preview', asked],
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: () => taken(http.POST('/v1/contracts/preview', { body: JSON.parse(asked) as ContractWish })),
  });
  if (text === '') return <Text aria-live="polite">{t('contract.unread')}</Text>;
  if (query.isError) return <StaffProblem problem={asProblem(query.error)} />;
  if (query.data === undefined || wish === undefined) return <Text aria-live="polite">{t('contract.pricing')}</Text>;
  const { currency, seats, terms, replaced } = query.data;
  const isStale = query.isPlaceholderData || asked !== text;
  const priceText = (minor: string): string => t('contracts.price', { price: money(minor, currency) });
  return (
    <Stack gap="xs" className={isStale ? 'stale' : ''} aria-busy={isStale}>
      <BeforeAfter
        rows={[
          [
            t('contracts.newOrders', { plan: wish.plan }),
            replaced === null ? t('contracts.catalogue') : priceText(replaced.monthlyPriceMinor),
            t('contract.fromDay', { price: priceText(wish.monthlyPriceMinor), day: day(wish.validFrom) }),
          ],
        ]}
      />
      {terms.map(({ periodMonths, amountMinor }) => (
        <Text key={periodMonths} fw={600}>
          {t('contract.term', {
            count: seats,
            shown: count(seats),
            months: count(periodMonths),
            amount: money(amountMinor, currency),
          })}
        </Text>
      ))}
    </Stack>
  );
}
