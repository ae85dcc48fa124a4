import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { faultsIn } from './field-faults.js';
import type { FaultOf } from './field-faults.js';
import { minorOf, placesOf } from './money-text.js';
import { ContractPreview } from './contract-preview.js';
import type { ContractWish } from './contract-preview.js';
import { Reasoned } from './reasoned.js';
import { useKey } from './keyed.js';
import { useWorkspace } from './workspace.js';

const PLAN = 'enterprise';
const SEATS_MAX = 10_000;
const DUE_DAYS_MAX = 365;
const MONTHS = /^\d{1,3}(?: *, *\d{1,3})*$/;

type ContractFormProps = {
  readonly request: { readonly id: string; readonly workspaceId: string; readonly seats: number | null };
  readonly onDone: () => void;
};

type Terms = {
  readonly plan: string;
  readonly typed: string;
  readonly seatsMin: number | undefined;
  readonly months: string;
  readonly dueDays: number | undefined;
  readonly validFrom: string;
};

/** The contract that came of a wish: a price of its own for one workspace, under which it can order like everybody else. */
export function ContractForm({ request, onDone }: ContractFormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const currency = useWorkspace(request.workspaceId).data?.currency ?? 'USD';
  const [terms, setTerms] = useState<Terms>(() => ({
    ...{ plan: PLAN, typed: '', seatsMin: request.seats ?? undefined, months: '12, 24', dueDays: undefined },
    validFrom: new Date().toISOString().slice(0, 'YYYY-MM-DD'.length),
  }));
  const [isAsked, setAsked] = useState(false);
  const keyOf = useKey();
  const priceMinor = minorOf(terms.typed, placesOf(currency));
  const { run, isRunning, problem } = useActing((reason: string) => {
    const body = { ...wishOf(request, terms, priceMinor ?? ''), requestId: request.id, reason };
    const params = { header: { 'Idempotency-Key': keyOf(body) } };
    return taken(http.POST('/v1/contracts', { params, body }));
  }, onDone);
  const isWhole = priceMinor !== undefined && areMonths(terms) && terms.plan.trim() !== '' && terms.validFrom !== '';
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
      <TermsFields
        terms={terms}
        currency={currency}
        faultOf={faultsIn(problem, isAsked)}
        onChange={(change) => setTerms({ ...terms, ...change })}
      />
      <ContractPreview wish={isWhole ? wishOf(request, terms, priceMinor) : undefined} />
    </Reasoned>
  );
}

const areMonths = ({ months }: Terms): boolean => months.trim() === '' || MONTHS.test(months.trim());

function wishOf(request: ContractFormProps['request'], terms: Terms, monthlyPriceMinor: string): ContractWish {
  const { plan, seatsMin, months, dueDays, validFrom } = terms;
  return {
    ...{ workspaceId: request.workspaceId, plan: plan.trim(), validFrom },
    monthlyPriceMinor,
    ...(seatsMin === undefined ? {} : { seatsMin }),
    ...(months.trim() === '' ? {} : { periodMonths: months.split(',').map(Number) }),
    ...(dueDays === undefined ? {} : { dueDays }),
  };
}

type TermsFieldsProps = {
  readonly terms: Terms;
  readonly currency: string;
  readonly faultOf: FaultOf;
  readonly onChange: (change: Partial<Terms>) => void;
};

function TermsFields({ terms, currency, faultOf, onChange }: TermsFieldsProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { plan, typed, seatsMin, months, dueDays, validFrom } = terms;
  const hasPrice = minorOf(typed, placesOf(currency)) !== undefined;
  return (
    <>
      <TextInput
        label={t('contract.plan')}
        maxLength={40}
        value={plan}
        error={faultOf(plan.trim() !== '', 'plan', t('contract.planFault'))}
        onChange={(event) => onChange({ plan: event.currentTarget.value })}
      />
      <TextInput
        label={t('contract.price', { currency })}
        inputMode="decimal"
        value={typed}
        error={faultOf(hasPrice, 'monthlyPriceMinor', t('amountFault'))}
        onChange={(event) => onChange({ typed: event.currentTarget.value })}
      />
      <NumberInput
        label={t('contract.seatsMin')}
        min={1}
        max={SEATS_MAX}
        allowDecimal={false}
        value={seatsMin ?? ''}
        error={faultOf(true, 'seatsMin', t('contract.seatsFault'))}
        onChange={(next) => onChange({ seatsMin: typeof next === 'number' ? next : undefined })}
      />
      <TextInput
        label={t('contract.months')}
        description={t('contract.monthsHint')}
        value={months}
        error={faultOf(areMonths(terms), 'periodMonths', t('contract.monthsFault'))}
        onChange={(event) => onChange({ months: event.currentTarget.value })}
      />
      <NumberInput
        label={t('contract.due')}
        description={t('contract.dueHint')}
        min={1}
        max={DUE_DAYS_MAX}
        allowDecimal={false}
        value={dueDays ?? ''}
        error={faultOf(true, 'dueDays', t('contract.dueFault'))}
        onChange={(next) => onChange({ dueDays: typeof next === 'number' ? next : undefined })}
      />
      <TextInput
        type="date"
        label={t('contract.from')}
        value={validFrom}
        error={faultOf(validFrom !== '', 'validFrom', t('contract.fromFault'))}
        onChange={(event) => onChange({ validFrom: event.currentTarget.value })}
      />
    </>
  );
}
