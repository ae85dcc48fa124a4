import { Alert, Button, Group, NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../parts/link-button.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useMe, useFormats } from '../shell/me.js';
import type { CheckoutForm, CheckoutValues } from './checkout-form.js';
import type { CheckoutProps } from './checkout-screen.js';
import { InvoiceFields, TaxpayerFields } from './payer-fields.js';
import { QuotePanel } from './quote-panel.js';

type PaymentStepProps = CheckoutProps & { readonly form: CheckoutForm; readonly onDone: () => void };

/** Moves the focus to the first field that has a fault, in the order of the page. */
export function focusFirstFault(): void {
  document.querySelector<HTMLElement>('form [aria-invalid="true"], form [data-invalid="true"]')?.focus();
}

/** How the order is paid, and whose details stand on it. */
export function PaymentStep(props: PaymentStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const { quote, offers, form, onDone } = props;
  useEffect(() => {
    if (Object.keys(form.errors).length > 0) focusFirstFault();
  }, [form.errors]);
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('checkout.payTitle')}</ScreenTitle>
      <div className="columns">
        <form noValidate onSubmit={form.onSubmit(onDone)}>
          <Stack gap="lg">
            <Methods {...props} />
            {offers.needsTaxpayer ? <TaxpayerFields form={form} /> : null}
            <InvoiceFields form={form} />
            <Group>
              <Button type="submit">{t('checkout.toReview')}</Button>
              <LinkButton to="/billing/plan" variant="subtle">
                {t('choose.leave')}
              </LinkButton>
            </Group>
          </Stack>
        </form>
        <QuotePanel quote={quote} isOld={false} isPricing={false} />
      </div>
    </Stack>
  );
}

function Methods({ quote, billing, offers, form }: PaymentStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const names = useNames();
  const { country } = useMe().workspace;
  const stored = billing.method;
  const ways: readonly { readonly value: CheckoutValues['way']; readonly label: string; readonly hint: string }[] = [
    ...(stored === null
      ? []
      : [{ value: 'stored' as const, label: names.method(stored), hint: t('checkout.storedHint') }]),
    ...offers.methods
      .filter(({ isAvailable }) => isAvailable)
      .map(({ method }) => ({
        value: method,
        label: t(`checkout.ways.${method}`),
        hint: t(`checkout.hints.${method}`),
      })),
  ];
  const missing = offers.methods.filter(({ isAvailable }) => !isAvailable);
  return (
    <Panel title={t('checkout.method')}>
      <Radio.Group name="way" aria-label={t('checkout.method')} {...form.getInputProps('way')}>
        <Stack gap="sm">
          {ways.map(({ value, label, hint }) => (
            <Radio key={value} value={value} label={label} description={hint} />
          ))}
        </Stack>
      </Radio.Group>
      {form.values.way === 'pix' ? <Alert color="blue">{t('checkout.pixRenewal')}</Alert> : null}
      {missing.length === 0 ? null : (
        <Text size="sm" c="dimmed">
          {missing.map(({ method }) => t(`checkout.missing.${method}`, { country })).join(' ')}
        </Text>
      )}
      <Installments quote={quote} form={form} />
    </Panel>
  );
}

/** Each number of parts as a whole sentence, with the first amount where it differs. */
function Installments({ quote, form }: Pick<PaymentStepProps, 'quote' | 'form'>): React.JSX.Element | null {
  const { t } = useTranslation();
  const { money, count } = useFormats();
  const { way } = form.values;
  const { installments, currency } = quote;
  if (installments.length < 2 || (way !== 'card' && way !== 'stored')) return null;
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
      {...form.getInputProps('installments')}
    />
  );
}
