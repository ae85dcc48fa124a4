import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FaultOf } from './field-faults.js';
import { minorOf, placesOf } from './money-text.js';

const PROOFS = ['bank-transfer', 'receipt', 'other'] as const;

/** Money that went on its way outside of every provider, as it is filled in. */
export type Proven = {
  readonly currency: string;
  readonly typed: string;
  readonly kind: (typeof PROOFS)[number];
  readonly reference: string;
  /** By the clock of whoever fills it in. */
  readonly at: string;
};

/** A form that nobody has filled in. */
export const unproven = (currency: string): Proven => ({
  ...{ currency, typed: '', kind: 'bank-transfer', reference: '', at: '' },
});

const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);

/** The amount in minor units as text; undefined while it is none. */
export const amountOf = ({ currency, typed }: Proven): string | undefined =>
  isCurrency(currency) ? minorOf(typed, placesOf(currency)) : undefined;

/** Whether everything is filled in. */
export const isProven = (money: Proven): boolean =>
  amountOf(money) !== undefined && money.reference.trim() !== '' && money.at !== '';

/** What the API asks for of it, but for the moment, which has a name of its own each time. */
export const proofOf = ({ currency, kind, reference, ...rest }: Proven) => ({
  amountMinor: amountOf({ currency, kind, reference, ...rest }) ?? '',
  currency,
  proof: { kind, reference: reference.trim() },
});

type ProofFieldsProps = {
  readonly money: Proven;
  /** Which way the money went, and what the API calls the moment. */
  readonly way: 'came' | 'went';
  readonly faultOf: FaultOf;
  readonly onChange: (change: Partial<Proven>) => void;
};

/** What went on its way outside, when, and what proves it. */
export function ProofFields({ money, way, faultOf, onChange }: ProofFieldsProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { currency, typed, kind, reference, at } = money;
  return (
    <>
      <TextInput
        label={t(`proof.${way}.currency`)}
        description={t('proof.currencyHint')}
        maxLength={3}
        value={currency}
        error={faultOf(isCurrency(currency), 'currency', t('proof.currencyFault'))}
        onChange={(event) => onChange({ currency: event.currentTarget.value.toUpperCase() })}
      />
      <TextInput
        label={t(`proof.${way}.amount`)}
        inputMode="decimal"
        value={typed}
        error={faultOf(amountOf(money) !== undefined, 'amountMinor', t('amountFault'))}
        onChange={(event) => onChange({ typed: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('proof.kind')}
        data={PROOFS.map((value) => ({ value, label: t(`proof.kinds.${value}`) }))}
        value={kind}
        onChange={(event) => onChange({ kind: event.currentTarget.value as Proven['kind'] })}
      />
      <TextInput
        label={t('proof.reference')}
        description={t('proof.referenceHint')}
        maxLength={120}
        value={reference}
        error={faultOf(reference.trim() !== '', 'proof.reference', t('proof.referenceFault'))}
        onChange={(event) => onChange({ reference: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={t(`proof.${way}.at`)}
        value={at}
        error={faultOf(at !== '', way === 'came' ? 'paidAt' : 'givenAt', t('proof.atFault'))}
        onChange={(event) => onChange({ at: event.currentTarget.value })}
      />
    </>
  );
}
