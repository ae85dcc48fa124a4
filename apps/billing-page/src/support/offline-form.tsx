import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { BeforeAfter } from './before-after.js';
import { faultsIn } from './field-faults.js';
import { useKey } from './keyed.js';
import { isProven, proofOf, ProofFields, unproven } from './proof-fields.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats } from './session.js';

type OfflineFormProps = {
  readonly order: {
    readonly id: string;
    readonly currency: string;
    readonly amountMinor: string;
    readonly kindText: string;
    readonly statusText: string;
  };
  readonly onDone: () => void;
};

/** An order that was paid outside of every provider, with its proof. */
export function OfflineForm({ order, onDone }: OfflineFormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  const [payment, setPayment] = useState(() => unproven(order.currency));
  const [isAsked, setAsked] = useState(false);
  const keyOf = useKey();
  const { run, isRunning, problem } = useActing((reason: string) => {
    const body = { ...proofOf(payment), paidAt: new Date(payment.at).toISOString(), reason };
    const params = { path: { id: order.id }, header: { 'Idempotency-Key': keyOf(body) } };
    return taken(http.POST('/v1/orders/{id}/offline-payments', { params, body }));
  }, onDone);
  const amount = money(order.amountMinor, order.currency);
  return (
    <Reasoned
      yes={t('offline.yes')}
      isRunning={isRunning}
      problem={problem}
      onYes={(reason) => {
        setAsked(true);
        if (isProven(payment)) run(reason);
      }}
      onNo={onDone}
    >
      <BeforeAfter
        rows={[
          [t('offline.order'), order.statusText, t('offline.paid')],
          [t('offline.due'), amount, money('0', order.currency)],
          [order.kindText, t('offline.notGiven'), t('offline.given')],
        ]}
      />
      <ProofFields
        money={payment}
        way="came"
        faultOf={faultsIn(problem, isAsked)}
        onChange={(change) => setPayment({ ...payment, ...change })}
      />
    </Reasoned>
  );
}
