import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../api/types.js';
import { useFormats } from '../shell/me.js';

type InstallmentsFieldProps = Pick<Quote, 'installments' | 'currency'> & {
  /** The number of parts that is chosen. */
  readonly value: string;
  readonly onChange: (parts: string) => void;
};

/** Each number of parts as a whole sentence, with the first amount where it differs; nothing where there is no choice. */
export function InstallmentsField({
  installments,
  currency,
  value,
  onChange,
}: InstallmentsFieldProps): React.JSX.Element | null {
  const { t } = useTranslation();
  const { money, count } = useFormats();
  if (installments.length < 2) return null;
  const sentenceOf = (parts: number, amountsMinor: readonly string[]): string => {
    const [first = '0', second = first] = amountsMinor;
    const values = { parts: count(parts), amount: money(second, currency), first: money(first, currency) };
    if (parts === 1) return t('checkout.atOnce', { amount: values.first });
    return t(first === second ? 'checkout.parts' : 'checkout.partsFirst', values);
  };
  return (
    <NativeSelect
      name="installments"
      label={t('checkout.installments')}
      data={installments.map(({ count: parts, amountsMinor }) => ({
        value: String(parts),
        label: sentenceOf(parts, amountsMinor),
      }))}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
