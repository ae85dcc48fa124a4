import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../parts/panel.js';
import type { DetailsForm } from './details-form.js';

const CPF_LENGTH = 11;

/** A number of a taxpayer with its customary mask: CPF up to eleven signs, CNPJ beyond. A CNPJ may hold letters. */
export function maskedTaxId(raw: string): string {
  const signs = raw
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, 14);
  const isPerson = signs.length <= CPF_LENGTH && /^\d*$/.test(signs);
  const cuts = isPerson ? ([3, 6, 9] as const) : ([2, 5, 8, 12] as const);
  const marks = isPerson ? ['.', '.', '-'] : ['.', '.', '/', '-'];
  return Array.from(signs).reduce((text, sign, index) => {
    const at = (cuts as readonly number[]).indexOf(index);
    return `${text}${at === -1 ? '' : (marks[at] ?? '')}${sign}`;
  }, '');
}

/** Who pays, for the tax office. */
export function TaxpayerFields({ form }: { readonly form: DetailsForm }): React.JSX.Element {
  const { t } = useTranslation();
  const taxId = form.getInputProps('taxpayer.taxId');
  const signs = form.values.taxpayer.taxId.replace(/[^0-9A-Z]/gi, '');
  const isPerson = signs.length <= CPF_LENGTH && /^\d*$/.test(signs);
  return (
    <Panel title={t('payer.taxpayer')}>
      <Stack gap="sm">
        <Text size="sm">{t('payer.taxpayerLead')}</Text>
        <TextInput
          label={t('payer.taxId')}
          description={signs === '' ? t('payer.taxIdHint') : t(isPerson ? 'payer.isPerson' : 'payer.isCompany')}
          required
          autoComplete="off"
          {...taxId}
          onChange={(event) => form.setFieldValue('taxpayer.taxId', maskedTaxId(event.currentTarget.value))}
        />
        <TextInput
          label={t(isPerson ? 'payer.fullName' : 'payer.legalName')}
          required
          autoComplete={isPerson ? 'name' : 'organization'}
          {...form.getInputProps('taxpayer.name')}
        />
        <TextInput
          label={t('payer.address')}
          required
          autoComplete="street-address"
          {...form.getInputProps('taxpayer.address')}
        />
        <TextInput
          label={t('payer.cityOptional')}
          autoComplete="address-level2"
          {...form.getInputProps('taxpayer.city')}
        />
        <TextInput
          label={t('payer.regionOptional')}
          maxLength={2}
          autoComplete="address-level1"
          {...form.getInputProps('taxpayer.region')}
        />
        <TextInput
          label={t('payer.postalCode')}
          required
          autoComplete="postal-code"
          {...form.getInputProps('taxpayer.postalCode')}
        />
        <TextInput
          label={t('payer.emailOptional')}
          type="email"
          autoComplete="email"
          {...form.getInputProps('taxpayer.email')}
        />
      </Stack>
    </Panel>
  );
}

/** What an invoice should carry, for those who want it. */
export function InvoiceFields({ form }: { readonly form: DetailsForm }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Panel title={t('payer.invoice')}>
      <Checkbox label={t('payer.wantsInvoice')} {...form.getInputProps('wantsInvoice', { type: 'checkbox' })} />
      {form.values.wantsInvoice ? (
        <Stack gap="sm">
          <TextInput
            label={t('payer.company')}
            autoComplete="organization"
            {...form.getInputProps('invoice.companyName')}
          />
          <TextInput label={t('payer.taxNumber')} {...form.getInputProps('invoice.taxNumber')} />
          <TextInput
            label={t('payer.address')}
            autoComplete="street-address"
            {...form.getInputProps('invoice.address')}
          />
          <TextInput label={t('payer.city')} autoComplete="address-level2" {...form.getInputProps('invoice.city')} />
          <TextInput
            label={t('payer.postalCode')}
            autoComplete="postal-code"
            {...form.getInputProps('invoice.postalCode')}
          />
          <TextInput
            label={t('payer.country')}
            description={t('payer.countryHint')}
            maxLength={2}
            autoComplete="country"
            {...form.getInputProps('invoice.country')}
          />
          <TextInput
            label={t('payer.invoiceEmail')}
            type="email"
            autoComplete="email"
            {...form.getInputProps('invoice.email')}
          />
        </Stack>
      ) : null}
    </Panel>
  );
}
