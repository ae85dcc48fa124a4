import { Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useBilling, useOffers } from '../api/queries.js';
import type { Billing, Offers } from '../api/types.js';
import { Loaded } from '../parts/loaded.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { CountField } from './count-field.js';
import { PeriodPicker } from './period-picker.js';
import { PlanCard } from './plan-card.js';

const route = getRouteApi('/billing/plans');

/** Plans side by side, the present one marked; seats and period say what each comes to. */
export function PlansScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const { seats } = route.useSearch();
  const billing = useBilling();
  const offers = useOffers(seats);
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('choose.plansTitle')}</ScreenTitle>
      <Loaded query={offers} shape={[90, 320]}>
        {(found) => (
          <Loaded query={billing} shape={[320]}>
            {(standing) => <Plans offers={found} billing={standing} />}
          </Loaded>
        )}
      </Loaded>
    </Stack>
  );
}

function Plans({ offers, billing }: { readonly offers: Offers; readonly billing: Billing }): React.JSX.Element {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isFirst = billing.subscription === null;
  const priced = offers.plans.find(({ prices }) => prices.length > 0);
  const period = search.period ?? billing.subscription?.periodMonths ?? priced?.prices.at(-2)?.periodMonths;
  const seats = search.seats ?? offers.seats.asked;
  const move = (next: { seats?: number; period?: number }): void =>
    void navigate({ search: { ...search, ...next }, replace: true, resetScroll: false });
  const least = Math.max(offers.seats.min, isFirst ? offers.seats.inUse : (offers.seats.paid ?? 1));
  return (
    <>
      <Text>{t(isFirst ? 'choose.plansLead' : 'choose.upgradeLead')}</Text>
      <CountField
        name="seats"
        label={t('choose.seats')}
        hint={t('choose.seatsHint')}
        value={seats}
        min={least}
        max={offers.seats.max}
        onChange={(next) => move({ seats: next })}
      />
      {isFirst && priced !== undefined ? (
        <PeriodPicker
          label={t('choose.period')}
          prices={priced.prices}
          currency={offers.currency}
          value={period}
          onChange={(next) => move({ period: next })}
        />
      ) : null}
      <div className="cards">
        {offers.plans.map((plan, index) => (
          <PlanCard
            key={plan.id}
            plan={plan}
            before={offers.plans[index - 1]}
            offers={offers}
            period={period}
            seats={seats}
            isFirst={isFirst}
          />
        ))}
      </div>
      <Text size="sm" c="dimmed">
        {t('choose.onePlan')}
      </Text>
    </>
  );
}
