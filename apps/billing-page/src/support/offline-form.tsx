import { NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { faultsOf } from '../api/problem.js';
import { useKey } from './keyed.js';
import { minorOf, placesOf } from './money-text.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats } from './session.js';

const PROOFS = ['bank-transfer', 'receipt', 'other'] as const;

type OfflineFormProps = {
  readonly order: { readonly id: string; readonly currency: string; readonly amountMinor: string };
  readonly onDone: () => void;
};

/** An order that was paid outside of every provider, with its proof. */
export function OfflineForm({ order, onDone }: OfflineFormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  const [currency, setCurrency] = useState(order.currency);
  const [typed, setTyped] = useState('');
  const [kind, setKind] = useState<(typeof PROOFS)[number]>('bank-transfer');
  const [reference, setReference] = useState('');
  const [paidAt, setPaidAt] = useState('');
  const [isAsked, setAsked] = useState(false);
  const keyOf = useKey();
  const isCurrency = /^[A-Z]{3}$/.test(currency);
  const amountMinor = isCurrency ? minorOf(typed, placesOf(currency)) : undefined;
  const { run, isRunning, problem } = useActing((reason: string) => {
    const body = {
      ...{ amountMinor: amountMinor ?? '', currency, reason },
      ...{ proof: { kind, reference: reference.trim() }, paidAt: new Date(paidAt).toISOString() },
    };
    return taken(
      http.POST('/v1/orders/{id}/offline-payments', {
        params: { path: { id: order.id }, header: { 'Idempotency-Key': keyOf(body) } },
        body,
      }),
    );
  }, onDone);
  const refused = new Set(problem === undefined ? [] : faultsOf(problem).map(({ field }) => field));
  const faultOf = (isRight: boolean, field: string, text: string): string | undefined =>
    (isAsked && !isRight) || refused.has(field) ? text : undefined;
  const isWhole = amountMinor !== undefined && reference.trim() !== '' && paidAt !== '';
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
      <TextInput
        label={t('offline.currency')}
        description={t('offline.currencyHint')}
        maxLength={3}
        value={currency}
        error={faultOf(isCurrency, 'currency', t('offline.currencyFault'))}
        onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
      />
      <TextInput
        label={t('offline.amount')}
        inputMode="decimal"
        value={typed}
        error={faultOf(amountMinor !== undefined, 'amountMinor', t('amountFault'))}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('offline.proof')}
        data={PROOFS.map((value) => ({ value, label: t(`offline.proofs.${value}`) }))}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as (typeof PROOFS)[number])}
      />
      <TextInput
        label={t('offline.reference')}
        description={t('offline.referenceHint')}
        maxLength={120}
        value={reference}
        error={faultOf(reference.trim() !== '', 'proof.reference', t('offline.referenceFault'))}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t('offline.paidAt')}
        value={paidAt}
        error={faultOf(paidAt !== '', 'paidAt', t('offline.paidAtFault'))}
        onChange={(event) => setPaidAt(event.currentTarget.value)}
      />
    </Reasoned>
  );
}
