import { Alert, Radio, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useFormats, useMe } from '../shell/me.js';
import type { DetailsForm } from '../details/details-form.js';
import { PayerForm } from '../details/payer-form.js';
import type { WayToPay } from './checkout-form.js';
import type { CheckoutProps } from './checkout-screen.js';
import { InstallmentsField } from './installments-field.js';
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
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('checkout.payTitle')}</ScreenTitle>
      <div className="columns">
        <PayerForm
          form={form}
          isRequired={details.taxpayer.isRequired}
          submit={t('checkout.toReview')}
          onSaved={onDone}
        >
          <Methods {...props} />
        </PayerForm>
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
      {way.way === 'card' || way.way === 'stored' ? (
        <InstallmentsField
          {...quote}
          value={way.installments}
          onChange={(installments) => onWay({ ...way, installments })}
        />
      ) : null}
    </Panel>
  );
}
