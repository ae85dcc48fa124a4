import { NumberInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { faultsOf } from '../api/problem.js';
import { minorOf, placesOf } from './money-text.js';
import { Reasoned } from './reasoned.js';
import { useKey } from './keyed.js';
import { useStaffFormats } from './session.js';
import { useWorkspace } from './workspace.js';

const PLAN = 'enterprise';
const SEATS_MAX = 10_000;
const MONTHS = /^\d{1,3}(?: *, *\d{1,3})*$/;

type ContractFormProps = {
  readonly request: { readonly id: string; readonly workspaceId: string; readonly seats: number | null };
  readonly onDone: () => void;
};

/** The contract that came of a wish: a price of its own for one workspace, under which it can order like everybody else. */
export function ContractForm({ request, onDone }: ContractFormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money, day } = useStaffFormats();
  const currency = useWorkspace(request.workspaceId).data?.currency ?? 'USD';
  const [plan, setPlan] = useState(PLAN);
  const [typed, setTyped] = useState('');
  const [seatsMin, setSeatsMin] = useState<number | undefined>(request.seats ?? undefined);
  const [months, setMonths] = useState('12, 24');
  const [validFrom, setValidFrom] = useState(() => new Date().toISOString().slice(0, 'YYYY-MM-DD'.length));
  const [isAsked, setAsked] = useState(false);
  const keyOf = useKey();
  const monthlyPriceMinor = minorOf(typed, placesOf(currency));
  const areMonths = months.trim() === '' || MONTHS.test(months.trim());
  const { run, isRunning, problem } = useActing((reason: string) => {
    const body = {
      ...{ workspaceId: request.workspaceId, requestId: request.id, plan: plan.trim(), validFrom, reason },
      monthlyPriceMinor: monthlyPriceMinor ?? '',
      ...(seatsMin === undefined ? {} : { seatsMin }),
      ...(months.trim() === '' ? {} : { periodMonths: months.split(',').map(Number) }),
    };
    return taken(
      http.POST('/v1/contracts', { params: { header: { 'Idempotency-Key': keyOf(body) } }, body: body as never }),
    );
  }, onDone);
  const refused = new Set(problem === undefined ? [] : faultsOf(problem).map(({ field }) => field));
  const faultOf = (isRight: boolean, field: string, text: string): string | undefined =>
    (isAsked && !isRight) || refused.has(field) ? text : undefined;
  const isWhole = monthlyPriceMinor !== undefined && areMonths && plan.trim() !== '' && validFrom !== '';
  return (
    <Reasoned
      yes={t('contract.yes')}
      isRunning={isRunning}
      problem={problem}
      onYes={(reason) => {
        setAsked(true);
        if (isWhole) run(reason);
      }}
      onNo={onDone}
    >
      <TextInput
        label={t('contract.plan')}
        maxLength={40}
        value={plan}
        error={faultOf(plan.trim() !== '', 'plan', t('contract.planFault'))}
        onChange={(event) => setPlan(event.currentTarget.value)}
      />
      <TextInput
        label={t('contract.price', { currency })}
        inputMode="decimal"
        value={typed}
        error={faultOf(monthlyPriceMinor !== undefined, 'monthlyPriceMinor', t('amountFault'))}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <NumberInput
        label={t('contract.seatsMin')}
        min={1}
        max={SEATS_MAX}
        allowDecimal={false}
        value={seatsMin ?? ''}
        error={faultOf(true, 'seatsMin', t('contract.seatsFault'))}
        onChange={(next) => setSeatsMin(typeof next === 'number' ? next : undefined)}
      />
      <TextInput
        label={t('contract.months')}
        description={t('contract.monthsHint')}
        value={months}
        error={faultOf(areMonths, 'periodMonths', t('contract.monthsFault'))}
        onChange={(event) => setMonths(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t('contract.from')}
        value={validFrom}
        error={faultOf(validFrom !== '', 'validFrom', t('contract.fromFault'))}
        onChange={(event) => setValidFrom(event.currentTarget.value)}
      />
      <Text fw={600} aria-live="polite">
        {monthlyPriceMinor === undefined || validFrom === ''
          ? t('contract.unread')
          : t('contract.preview', { price: money(monthlyPriceMinor, currency), day: day(validFrom), plan })}
      </Text>
    </Reasoned>
  );
}
