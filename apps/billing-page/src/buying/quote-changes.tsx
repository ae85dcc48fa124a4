import { List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useOffers } from '../api/queries.js';
import type { Quote } from '../api/types.js';
import { useNames } from '../parts/names.js';
import { useFormats } from '../shell/me.js';

type Change = Quote['changes'][number];

/** What will be different, and when. */
export function QuoteChanges({ changes }: { readonly changes: readonly Change[] }): React.JSX.Element | null {
  const { t } = useTranslation();
  const tell = useTold();
  const told = changes.flatMap((change) => tell(change) ?? []);
  if (told.length === 0) return null;
  return (
    <Stack gap={4}>
      <Text fw={600} size="sm">
        {t('changes.title')}
      </Text>
      <List size="sm" spacing={2}>
        {told.map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
    </Stack>
  );
}

function useTold(): (change: Change) => string | undefined {
  const { t } = useTranslation();
  const { day, count } = useFormats();
  const names = useNames();
  const offers = useOffers().data;
  const nameOf = (id: string | null): string =>
    [...(offers?.plans ?? []), ...(offers?.addOns ?? [])].find((one) => one.id === id)?.name ?? id ?? '';
  const valueOf = (what: Change['what'], value: string): string => {
    if (what === 'plan' || what === 'add-on') return nameOf(value);
    if (what === 'end') return day(value);
    if (what === 'period') return names.months(Number(value));
    return what === 'seats' ? count(Number(value)) : value;
  };
  return ({ on, what, from, to }) => {
    if (what === 'price-list') return undefined;
    const when =
      on === 'payment' || on === 'confirmation' ? t(`changes.on_${on}`) : t('changes.on_day', { day: day(on) });
    const values = { when, from: from === null ? '' : valueOf(what, from), to: to === null ? '' : valueOf(what, to) };
    if (to === null) return t('changes.gone', { ...values, what: t(`changes.what.${what}`) });
    return from === null
      ? t('changes.new', { ...values, what: t(`changes.what.${what}`) })
      : t('changes.moved', { ...values, what: t(`changes.what.${what}`) });
  };
}
