import { useTranslation } from 'react-i18next';
import { useFormats } from '../shell/me.js';

type NamedMethod = { readonly method: string; readonly brand?: string; readonly last4?: string };

/** Brands as their owners write them. */
const BRANDS: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  elo: 'Elo',
  hipercard: 'Hipercard',
};

/** How things are named in a sentence, in the language that is spoken. */
export function useNames(): {
  readonly method: (method: NamedMethod) => string;
  readonly months: (months: number) => string;
  readonly seats: (seats: number) => string;
  readonly days: (days: number) => string;
  readonly kind: (kind: string) => string;
} {
  const { t, i18n } = useTranslation();
  const { count } = useFormats();
  const counted = (key: 'counts.months' | 'counts.seats' | 'counts.days', value: number): string =>
    t(key, { count: value, shown: count(value) });
  return {
    method: ({ method, brand, last4 }) => {
      if (method === 'card' && last4 !== undefined && last4 !== '')
        return t('methods.cardEnding', { brand: BRANDS[brand ?? ''] ?? brand ?? '', last4 });
      return i18n.exists(`methods.${method}`) ? t(`methods.${method}` as 'methods.card') : method;
    },
    months: (months) => counted('counts.months', months),
    seats: (seats) => counted('counts.seats', seats),
    days: (days) => counted('counts.days', days),
    kind: (kind) => (i18n.exists(`orderKinds.${kind}`) ? t(`orderKinds.${kind}` as 'orderKinds.purchase') : kind),
  };
}
