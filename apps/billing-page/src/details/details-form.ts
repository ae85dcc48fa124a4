import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { faultsOf } from '../api/problem.js';
import type { Problem } from '../api/problem.js';
import type { Details } from './use-details.js';

type TaxpayerFields = Readonly<
  Record<'taxId' | 'name' | 'email' | 'address' | 'city' | 'region' | 'postalCode', string>
>;
type InvoiceFields = Readonly<
  Record<'companyName' | 'taxNumber' | 'address' | 'city' | 'postalCode' | 'country' | 'email', string>
>;

/** Whom orders bill: for the tax office, and on invoices for those who want it. */
export type DetailsValues = {
  readonly taxpayer: TaxpayerFields;
  readonly wantsInvoice: boolean;
  readonly invoice: InvoiceFields;
};
export type DetailsForm = UseFormReturnType<DetailsValues>;

const noTaxpayer: TaxpayerFields = {
  taxId: '',
  name: '',
  email: '',
  address: '',
  city: '',
  region: '',
  postalCode: '',
};
const noInvoice: InvoiceFields = {
  ...{ companyName: '', taxNumber: '', address: '', city: '', postalCode: '', country: '', email: '' },
};

type Stored = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is stored, as fields: lines of an address become one. */
function filled<T extends Readonly<Record<string, string>>>(empty: T, stored: Stored | null): T {
  if (stored === null) return empty;
  const { addressLines, ...rest } = stored;
  const lines = Array.isArray(addressLines) ? { address: addressLines.join(', ') } : {};
  const known = Object.entries({ ...rest, ...lines }).filter(
    ([name, value]) => name in empty && typeof value === 'string',
  );
  return { ...empty, ...(Object.fromEntries(known) as Partial<T>) };
}

/** Only what was filled in. */
export function given<T extends Readonly<Record<string, string>>>(fields: T): Partial<T> {
  const entries = Object.entries(fields).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]]));
  return Object.fromEntries(entries) as Partial<T>;
}

/** A form that begins with what is stored; what was typed stays, whatever is refused. */
export function useDetailsForm({ taxpayer, invoice }: Details): DetailsForm {
  const { t } = useTranslation();
  const { isRequired } = taxpayer;
  const missing = (text: string): string | null => (isRequired && text.trim() === '' ? t('faults.missing') : null);
  return useForm<DetailsValues>({
    initialValues: {
      taxpayer: filled(noTaxpayer, taxpayer.details as Stored | null),
      wantsInvoice: invoice.details !== null && Object.keys(invoice.details).length > 0,
      invoice: filled(noInvoice, invoice.details as Stored | null),
    },
    validate: { taxpayer: { taxId: missing, name: missing, address: missing, postalCode: missing } },
  });
}

/** The faults of a refusal at the fields of a part of the form, in the language that is spoken. */
export function useFaultsAt(): (part: 'taxpayer' | 'invoice', problem: Problem) => Record<string, string> {
  const { t, i18n } = useTranslation();
  return (part, problem) =>
    Object.fromEntries(
      faultsOf(problem).map(({ field, code }) => {
        const name = fieldOf(field);
        const own = `faults.${name}`;
        const text =
          code === 'field_missing' ? t('faults.missing') : i18n.exists(own) ? t(own as 'faults.any') : t('faults.any');
        return [`${part}.${name}`, text];
      }),
    );
}

const fieldOf = (field: string): string => {
  const last =
    field
      .replace(/\.\d+$/, '')
      .split('.')
      .at(-1) ?? '';
  return last === 'addressLines' ? 'address' : last === 'personName' ? 'companyName' : last;
};
