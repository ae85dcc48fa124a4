import { NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUsage } from '../api/queries.js';
import { useNames } from '../parts/names.js';
import { useFaultText } from '../parts/fault-text.js';
import { useFormats } from '../shell/me.js';
import type { ChangeFieldsProps } from './change-fields.js';
import { CountField } from './count-field.js';
import { useLimitName } from './limits-list.js';

/** Which add-on, how many packages, for how long; and what the limit becomes. */
export function AddOnFields({ wish, offers, problem, onChange }: ChangeFieldsProps): React.JSX.Element {
  const { t } = useTranslation();
  const names = useNames();
  const faultOf = useFaultText(problem);
  const addOn = offers.addOns.find(({ id }) => id === wish.addOn);
  const packages = wish.packages ?? 1;
  return (
    <>
      <NativeSelect
        name="addOn"
        label={t('addOns.which')}
        data={offers.addOns.map(({ id, name }) => ({ value: id, label: name }))}
        value={wish.addOn ?? ''}
        error={faultOf('addOn')}
        onChange={(event) => onChange({ addOn: event.currentTarget.value })}
      />
      <CountField
        name="packages"
        label={t('addOns.packages')}
        value={packages}
        min={1}
        max={addOn?.packagesMax ?? 1}
        error={faultOf('packages')}
        onChange={(next) => onChange({ packages: next })}
      />
      <Radio.Group
        name="term"
        label={t('addOns.term')}
        value={String(wish.term ?? '')}
        error={faultOf('termMonths')}
        onChange={(term) => onChange({ term: Number(term) })}
      >
        <Stack gap="xs" mt="xs">
          {(addOn?.termMonths ?? []).map((months) => (
            <Radio key={months} value={String(months)} label={names.months(months)} />
          ))}
        </Stack>
      </Radio.Group>
      {addOn === undefined ? null : <Effect limit={addOn.limit} added={addOn.amount * packages} />}
    </>
  );
}

/** What the packages do to their limit, such as 1,250 → 6,250. */
function Effect({ limit, added }: { readonly limit: string; readonly added: number }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { count } = useFormats();
  const nameOf = useLimitName();
  const meter = useUsage().data?.meters.find((one) => one.meter === limit);
  if (meter === undefined || typeof meter.limit === 'string') return null;
  const { amount } = meter.limit;
  return (
    <Text fw={600}>
      {t('addOns.effect', {
        name: nameOf({ name: limit, label: meter.label }),
        from: count(amount),
        to: count(amount + added),
      })}
    </Text>
  );
}
