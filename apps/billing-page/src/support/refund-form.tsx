import { Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { faultsIn } from './field-faults.js';
import { Loaded } from '../parts/loaded.js';
import { useKey } from './keyed.js';
import { minorOf, placesOf } from './money-text.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats } from './session.js';

type What = 'all-left' | 'unused-days' | 'amount';
type Refundable = {
  readonly currency: string;
  readonly payments: readonly { readonly isSale: boolean; readonly leftMinor: string }[];
  readonly unusedDays: { readonly leftDays: number; readonly wholeDays: number; readonly amountMinor: string } | null;
  readonly refusal: { readonly code: string; readonly found: string; readonly wanted: string } | null;
};
type RefundFormProps = { readonly orderId: string; readonly onDone: () => void };

/** Money of an order that goes back out of goodwill: how much could, how much will, and why. */
export function RefundForm({ orderId, onDone }: RefundFormProps): React.JSX.Element {
  const query = api.useQuery('get', '/v1/orders/{id}/refundable', { params: { path: { id: orderId } } });
  return (
    <Loaded query={query} shape={[160]}>
      {(refundable) => <Filled orderId={orderId} refundable={refundable} onDone={onDone} />}
    </Loaded>
  );
}

type FilledProps = RefundFormProps & { readonly refundable: Refundable };

function Filled({ orderId, refundable, onDone }: FilledProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  const { currency, unusedDays, refusal } = refundable;
  const [what, setWhat] = useState<What>('all-left');
  const [typed, setTyped] = useState('');
  const [isAsked, setAsked] = useState(false);
  const keyOf = useKey();
  const amountMinor = minorOf(typed, placesOf(currency));
  const { run, isRunning, problem } = useActing((reason: string) => {
    const amount = what === 'amount' && amountMinor !== undefined ? { amountMinor, currency } : {};
    const body = { subscription: 'keep' as const, what, ...amount, reason };
    const params = { path: { id: orderId }, header: { 'Idempotency-Key': keyOf(body) } };
    return taken(http.POST('/v1/orders/{id}/refunds', { params, body }));
  }, onDone);
  if (refusal !== null) return <Text role="status">{t('refund.none', refusal)}</Text>;
  const choices = { 'all-left': leftOf(refundable), 'unused-days': unusedDays?.amountMinor, amount: amountMinor };
  const shownMinor = choices[what];
  const faultOf = faultsIn(problem, isAsked);
  const amountText = t(amountMinor === undefined ? 'amountFault' : 'refund.tooMuch');
  return (
    <Reasoned
      yes={t('refund.yes')}
      isDanger
      isRunning={isRunning}
      problem={problem}
      onYes={(reason) => {
        setAsked(true);
        if (shownMinor !== undefined) run(reason);
      }}
      onNo={onDone}
    >
      <HowMuch refundable={refundable} what={what} onChange={setWhat} />
      {what === 'amount' ? (
        <TextInput
          name="amount"
          label={t('refund.amount', { currency })}
          inputMode="decimal"
          value={typed}
          error={faultOf(amountMinor !== undefined, 'amountMinor', amountText)}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : null}
      <Text fw={600} aria-live="polite">
        {shownMinor === undefined ? t('refund.unread') : t('refund.willGo', { amount: money(shownMinor, currency) })}
      </Text>
      <Text size="sm">{t('refund.keeps')}</Text>
    </Reasoned>
  );
}

const leftOf = ({ payments }: Refundable): string => payments.find(({ isSale }) => isSale)?.leftMinor ?? '0';

type HowMuchProps = {
  readonly refundable: Refundable;
  readonly what: What;
  readonly onChange: (what: What) => void;
};

function HowMuch({ refundable, what, onChange }: HowMuchProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money, count } = useStaffFormats();
  const { currency, unusedDays } = refundable;
  const left = money(leftOf(refundable), currency);
  return (
    <Radio.Group
      label={t('refund.what')}
      description={t('refund.left', { amount: left })}
      value={what}
      onChange={(value) => onChange(value)}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="all-left" label={t('refund.all', { amount: left })} />
        {unusedDays === null ? null : (
          <Radio
            value="unused-days"
            label={t('refund.unused', {
              amount: money(unusedDays.amountMinor, currency),
              left: count(unusedDays.leftDays),
              whole: count(unusedDays.wholeDays),
            })}
          />
        )}
        <Radio value="amount" label={t('refund.some')} />
      </Stack>
    </Radio.Group>
  );
}
