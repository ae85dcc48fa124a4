import { Alert, Button, Group, NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../parts/link-button.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useMe, useFormats } from '../shell/me.js';
import type { DetailsForm } from '../details/details-form.js';
import { InvoiceFields, TaxpayerFields } from '../details/payer-fields.js';
import { useSaveDetails } from '../details/use-details.js';
import { focusFirstFault } from '../parts/focus-first-fault.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import type { WayToPay } from './checkout-form.js';
import type { CheckoutProps } from './checkout-screen.js';
import { QuotePanel } from './quote-panel.js';

type PaymentStepProps = CheckoutProps & {
  readonly form: DetailsForm;
  readonly way: WayToPay;
  readonly onWay: (way: WayToPay) => void;
  readonly onDone: () => void;
};

/** How the order is paid, and whose details stand on it. */
export function PaymentStep(props: PaymentStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const { quote, details, form, onDone } = props;
  const { isRequired } = details.taxpayer;
  const { run, isRunning, problem } = useSaveDetails(form, isRequired, onDone);
  useEffect(() => {
    if (Object.keys(form.errors).length > 0) focusFirstFault();
  }, [form.errors]);
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('checkout.payTitle')}</ScreenTitle>
      <div className="columns">
        <form noValidate onSubmit={form.onSubmit(run)}>
          <Stack gap="lg">
            <Methods {...props} />
            {isRequired ? <TaxpayerFields form={form} /> : null}
            <InvoiceFields form={form} />
            {problem === undefined ? null : <ProblemNotice problem={problem} />}
            <Group>
              <Button type="submit" loading={isRunning}>
                {t('checkout.toReview')}
              </Button>
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

function Methods({ quote, billing, offers, way, onWay }: PaymentStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const names = useNames();
  const country = useFormats().country(useMe().workspace.country);
  const stored = billing.method;
  const ways: readonly { readonly value: WayToPay['way']; readonly label: string; readonly hint: string }[] = [
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
      <Radio.Group
        name="way"
        aria-label={t('checkout.method')}
        value={way.way}
        onChange={(next) => onWay({ ...way, way: next })}
      >
        <Stack gap="sm">
          {ways.map(({ value, label, hint }) => (
            <Radio key={value} value={value} label={label} description={hint} />
          ))}
        </Stack>
      </Radio.Group>
      {way.way === 'pix' ? <Alert color="blue">{t('checkout.pixRenewal')}</Alert> : null}
      {missing.length === 0 ? null : (
        <Text size="sm" c="dimmed">
          {missing.map(({ method }) => t(`checkout.missing.${method}`, { country })).join(' ')}
        </Text>
      )}
      <Installments quote={quote} way={way} onWay={onWay} />
    </Panel>
  );
}

/** Each number of parts as a whole sentence, with the first amount where it differs. */
function Installments({
  quote,
  way,
  onWay,
}: Pick<PaymentStepProps, 'quote' | 'way' | 'onWay'>): React.JSX.Element | null {
  const { t } = useTranslation();
  const { money, count } = useFormats();
  const { installments, currency } = quote;
  if (installments.length < 2 || (way.way !== 'card' && way.way !== 'stored')) return null;
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
      value={way.installments}
      onChange={(event) => onWay({ ...way, installments: event.currentTarget.value })}
    />
  );
}
