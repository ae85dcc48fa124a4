import { NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { faultsIn } from './field-faults.js';
import type { FaultOf } from './field-faults.js';
import { useKey } from './keyed.js';
import { minorOf, placesOf } from './money-text.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats } from './session.js';

const PROOFS = ['bank-transfer', 'receipt', 'other'] as const;

type OfflineFormProps = {
  readonly order: { readonly id: string; readonly currency: string; readonly amountMinor: string };
  readonly onDone: () => void;
};

type Payment = {
  readonly currency: string;
  readonly typed: string;
  readonly kind: (typeof PROOFS)[number];
  readonly reference: string;
  /** By the clock of whoever fills it in. */
  readonly paidAt: string;
};

/** An order that was paid outside of every provider, with its proof. */
export function OfflineForm({ order, onDone }: OfflineFormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  const [payment, setPayment] = useState<Payment>({
    ...{ currency: order.currency, typed: '', kind: 'bank-transfer', reference: '', paidAt: '' },
  });
  const [isAsked, setAsked] = useState(false);
  const keyOf = useKey();
  const amountMinor = amountOf(payment);
  const { run, isRunning, problem } = useActing((reason: string) => {
    const { currency, kind, reference, paidAt } = payment;
    const body = {
      ...{ amountMinor: amountMinor ?? '', currency, reason },
      ...{ proof: { kind, reference: reference.trim() }, paidAt: new Date(paidAt).toISOString() },
    };
    const params = { path: { id: order.id }, header: { 'Idempotency-Key': keyOf(body) } };
    return taken(http.POST('/v1/orders/{id}/offline-payments', { params, body }));
  }, onDone);
  const isWhole = amountMinor !== undefined && payment.reference.trim() !== '' && payment.paidAt !== '';
  return (
    <Reasoned
      yes={t('offline.yes')}
      isRunning={isRunning}
      problem={problem}
      onYes={(reason) => {
        setAsked(true);
        if (isWhole) run(reason);
      }}
      onNo={onDone}
    >
      <Text fw={600}>{t('offline.means', { amount: money(order.amountMinor, order.currency) })}</Text>
      <PaymentFields
        payment={payment}
        faultOf={faultsIn(problem, isAsked)}
        onChange={(change) => setPayment({ ...payment, ...change })}
      />
    </Reasoned>
  );
}

const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);
const amountOf = ({ currency, typed }: Payment): string | undefined =>
  isCurrency(currency) ? minorOf(typed, placesOf(currency)) : undefined;

type PaymentFieldsProps = {
  readonly payment: Payment;
  readonly faultOf: FaultOf;
  readonly onChange: (change: Partial<Payment>) => void;
};

function PaymentFields({ payment, faultOf, onChange }: PaymentFieldsProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { currency, typed, kind, reference, paidAt } = payment;
  return (
    <>
      <TextInput
        label={t('offline.currency')}
        description={t('offline.currencyHint')}
        maxLength={3}
        value={currency}
        error={faultOf(isCurrency(currency), 'currency', t('offline.currencyFault'))}
        onChange={(event) => onChange({ currency: event.currentTarget.value.toUpperCase() })}
      />
      <TextInput
        label={t('offline.amount')}
        inputMode="decimal"
        value={typed}
        error={faultOf(amountOf(payment) !== undefined, 'amountMinor', t('amountFault'))}
        onChange={(event) => onChange({ typed: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('offline.proof')}
        data={PROOFS.map((value) => ({ value, label: t(`offline.proofs.${value}`) }))}
        value={kind}
        onChange={(event) => onChange({ kind: event.currentTarget.value as Payment['kind'] })}
      />
      <TextInput
        label={t('offline.reference')}
        description={t('offline.referenceHint')}
        maxLength={120}
        value={reference}
        error={faultOf(reference.trim() !== '', 'proof.reference', t('offline.referenceFault'))}
        onChange={(event) => onChange({ reference: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={t('offline.paidAt')}
        value={paidAt}
        error={faultOf(paidAt !== '', 'paidAt', t('offline.paidAtFault'))}
        onChange={(event) => onChange({ paidAt: event.currentTarget.value })}
      />
    </>
  );
}
