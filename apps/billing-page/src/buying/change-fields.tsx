import { NativeSelect, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/problem.js';
import type { Billing, Offers } from '../api/types.js';
import { useFaultText } from '../parts/fault-text.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { AddOnFields } from './add-on-fields.js';
import { CountField } from './count-field.js';
import { LimitsList } from './limits-list.js';
import { LossNotice } from './loss-notice.js';
import { PeriodPicker } from './period-picker.js';
import type { ChangeSearch } from './wish.js';

/** What the fields of a choice work with. */
export type ChangeFieldsProps = {
  readonly wish: ChangeSearch;
  readonly billing: Billing;
  readonly offers: Offers;
  readonly problem: Problem | undefined;
  readonly onChange: (next: Partial<ChangeSearch>) => void;
};

/** The fields that belong to a kind of change. */
export function ChangeFields(props: ChangeFieldsProps): React.JSX.Element {
  const { t } = useTranslation();
  const { kind } = props.wish;
  return (
    <Panel title={t('choose.yours')}>
      <Stack gap="lg">
        <Text>{t(`choose.leads.${kind}`)}</Text>
        {kind === 'add-on' ? <AddOnFields {...props} /> : null}
        {kind === 'purchase' || kind === 'upgrade' || kind === 'scheduled-change' ? <PlanField {...props} /> : null}
        {kind === 'add-on' || kind === 'renewal' || kind === 'extension' ? null : <SeatsField {...props} />}
        {kind === 'purchase' || kind === 'extension' || kind === 'scheduled-change' ? <PeriodField {...props} /> : null}
        {kind === 'add-on' ? null : <ChosenPlan {...props} />}
        {kind === 'scheduled-change' ? <LossNotice {...props} /> : null}
      </Stack>
    </Panel>
  );
}

/** The plan that a choice is about. */
const planOf = ({ wish, billing, offers }: ChangeFieldsProps): Offers['plans'][number] | undefined =>
  offers.plans.find(({ id }) => id === (wish.plan ?? billing.subscription?.plan));

function PlanField(props: ChangeFieldsProps): React.JSX.Element {
  const { t } = useTranslation();
  const faultOf = useFaultText(props.problem);
  const { wish, offers, onChange } = props;
  const isOffered = ({ move }: Offers['plans'][number]): boolean =>
    wish.kind === 'upgrade' ? move === 'upgrade' : move !== 'on-request' && move !== 'not-sold';
  const data = offers.plans.filter(isOffered).map(({ id, name, move }) => ({
    value: id,
    label: move === 'current' ? t('choose.currentPlan', { plan: name }) : name,
  }));
  return (
    <NativeSelect
      name="plan"
      label={t('choose.plan')}
      data={data}
      value={wish.plan ?? ''}
      error={faultOf('plan')}
      onChange={(event) => onChange({ plan: event.currentTarget.value })}
    />
  );
}

function SeatsField({ wish, billing, offers, problem, onChange }: ChangeFieldsProps): React.JSX.Element {
  const { t } = useTranslation();
  const { count } = useFormats();
  const faultOf = useFaultText(problem);
  const paid = billing.subscription?.seats ?? 0;
  const { kind } = wish;
  const [min, hint] =
    kind === 'add-seats'
      ? [paid + 1, t('choose.seatsAdding', { paid: count(paid), added: count(Math.max(0, (wish.seats ?? 0) - paid)) })]
      : kind === 'upgrade'
        ? [paid, t('choose.seatsPaid', { paid: count(paid) })]
        : [Math.max(offers.seats.min, billing.seatsInUse), t('choose.seatsInUse', { used: count(billing.seatsInUse) })];
  return (
    <CountField
      name="seats"
      label={t(kind === 'scheduled-change' ? 'choose.seatsNext' : 'choose.seats')}
      value={wish.seats ?? min}
      min={min}
      max={offers.seats.max}
      hint={hint}
      error={faultOf('seats')}
      onChange={(seats) => onChange({ seats })}
    />
  );
}

function PeriodField(props: ChangeFieldsProps): React.JSX.Element | null {
  const { t } = useTranslation();
  const { wish, offers, onChange } = props;
  const plan = planOf(props);
  if (plan === undefined) return null;
  return (
    <PeriodPicker
      label={t(wish.kind === 'scheduled-change' ? 'choose.periodNext' : 'choose.period')}
      prices={plan.prices}
      currency={offers.currency}
      value={wish.period}
      onChange={(period) => onChange({ period })}
    />
  );
}

/** What the plan allows with these seats; it follows the seats as they are chosen. */
function ChosenPlan(props: ChangeFieldsProps): React.JSX.Element | null {
  const { t } = useTranslation();
  const names = useNames();
  const plan = planOf(props);
  if (plan === undefined) return null;
  const { asked } = props.offers.seats;
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {t('choose.allows', { plan: plan.name, seats: names.seats(asked) })}
      </Text>
      <LimitsList plan={plan} limits={props.offers.limits} />
    </div>
  );
}
