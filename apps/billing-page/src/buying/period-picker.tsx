import { Badge, Group, Radio, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PlanOffer } from '../api/types.js';
import { useNames } from '../parts/names.js';
import { useFormats } from '../shell/me.js';

type PeriodPickerProps = {
  readonly prices: PlanOffer['prices'];
  readonly currency: string;
  readonly value: number | undefined;
  readonly onChange: (months: number) => void;
  readonly label: string;
};

/** The terms that are sold, with what each comes to for a seat and month, and what it saves. */
export function PeriodPicker({ prices, currency, value, onChange, label }: PeriodPickerProps): React.JSX.Element {
  const { t } = useTranslation();
  const { money, percent } = useFormats();
  const names = useNames();
  return (
    <Radio.Group
      label={label}
      name="period"
      value={value === undefined ? null : String(value)}
      onChange={(months) => onChange(Number(months))}
    >
      <Stack gap="xs" mt="xs">
        {prices.map(({ periodMonths, percentOff, perMonthMinor }) => (
          <Radio.Card key={periodMonths} value={String(periodMonths)} p="sm" aria-label={names.months(periodMonths)}>
            <Group wrap="nowrap" align="center">
              <Radio.Indicator />
              <div>
                <Group gap="xs">
                  <Text fw={600}>{names.months(periodMonths)}</Text>
                  {percentOff === 0 ? null : (
                    <Badge color="green" variant="light">
                      {t('choose.save', { percent: percent(percentOff) })}
                    </Badge>
                  )}
                </Group>
                <Text size="sm" c="dimmed" className="number">
                  {t('choose.perSeatAndMonth', { amount: money(perMonthMinor, currency) })}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}
