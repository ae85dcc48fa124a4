import { Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useOffers } from '../api/queries.js';
import type { AddOnOffer, Offers } from '../api/types.js';
import { useLimitName } from '../buying/limits-list.js';
import { LinkButton } from '../parts/link-button.js';
import { Loaded } from '../parts/loaded.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useFormats, useMe } from '../shell/me.js';
import { useMay } from '../shell/may.js';

type Owned = { readonly addOn: string; readonly packages: number; readonly amount: number; readonly endsOn: string };

/** The second tab: what is owned first, then what can be had. */
export function AddOnsScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const offers = useOffers();
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('tabs.addOns')}</ScreenTitle>
      <Loaded query={offers} shape={[120, 260]}>
        {(found) => (
          <>
            <OwnedAddOns offers={found} />
            <Catalogue offers={found} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function OwnedAddOns({ offers }: { readonly offers: Offers }): React.JSX.Element {
  const { t } = useTranslation();
  const { day, count } = useFormats();
  const { id } = useMe().workspace;
  const { data } = api.useQuery(
    'get',
    '/v1/workspaces/{id}/subscription',
    { params: { path: { id } } },
    { retry: false },
  );
  const owned = (data?.addOns ?? []) as unknown as readonly Owned[];
  const nameOf = (addOn: string): string => offers.addOns.find((one) => one.id === addOn)?.name ?? addOn;
  return (
    <Panel title={t('addOns.owned')}>
      {owned.length === 0 ? <Text>{t('addOns.ownedNone')}</Text> : null}
      <dl className="pairs">
        {owned.map(({ addOn, packages, endsOn }) => (
          <div key={`${addOn}${endsOn}`} style={{ display: 'contents' }}>
            <dt>{t('addOns.ownedName', { name: nameOf(addOn), packages: count(packages) })}</dt>
            <dd>{t('addOns.ownedUntil', { day: day(endsOn) })}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Catalogue({ offers }: { readonly offers: Offers }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" component="section" aria-label={t('addOns.catalogue')}>
      <Title order={2} size="h3">
        {t('addOns.catalogue')}
      </Title>
      <div className="cards">
        {offers.addOns.map((addOn) => (
          <AddOnCard key={addOn.id} addOn={addOn} offers={offers} />
        ))}
      </div>
      <Text size="sm" c="dimmed">
        {t('addOns.rules')}
      </Text>
    </Stack>
  );
}

function AddOnCard({ addOn, offers }: { readonly addOn: AddOnOffer; readonly offers: Offers }): React.JSX.Element {
  const { t } = useTranslation();
  const { money, count } = useFormats();
  const names = useNames();
  const nameOf = useLimitName();
  const mayBuy = useMay('buy');
  const { id, name, limit, amount, termMonths, monthlyMinor, bar } = addOn;
  const label = offers.limits.find((one) => one.name === limit)?.label ?? limit;
  const [least = 1] = termMonths;
  return (
    <Paper component="article" withBorder p="lg" aria-label={name}>
      <Stack gap="sm">
        <Title order={3} size="h4">
          {name}
        </Title>
        {monthlyMinor === null ? null : (
          <Text className="number">{t('addOns.price', { amount: money(monthlyMinor, offers.currency) })}</Text>
        )}
        <Text size="sm">{t('addOns.adds', { amount: count(amount), name: nameOf({ name: limit, label }) })}</Text>
        <Text size="sm">{t('addOns.least', { months: names.months(least) })}</Text>
        {bar === null && mayBuy ? (
          <LinkButton to="/billing/change" search={{ kind: 'add-on', addOn: id }}>
            {t('addOns.buy')}
          </LinkButton>
        ) : (
          <Text size="sm" c="dimmed">
            {t(bar === null ? 'plan.needsAdmin' : `addOns.bars.${bar}`)}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
