import { Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useStaffFormats } from './session.js';

const route = getRouteApi('/support');

/** Where work begins: a workspace is found by whatever a customer says of it. */
export function FindScreen(): React.JSX.Element {
  const { t } = useTranslation('support');
  const { q = '' } = route.useSearch();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('find.title')}</ScreenTitle>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const search = typed.trim();
          void navigate({ to: '/support', search: search === '' ? {} : { q: search } });
        }}
      >
        <Group align="end">
          <TextInput
            type="search"
            name="search"
            label={t('find.label')}
            description={t('find.hint')}
            maxLength={200}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            flex="1 1 16rem"
          />
          <Button type="submit">{t('find.go')}</Button>
        </Group>
      </form>
      {q === '' ? <Text c="dimmed">{t('find.start')}</Text> : <Found search={q} />}
    </Stack>
  );
}

function Found({ search }: { readonly search: string }): React.JSX.Element {
  const { t } = useTranslation('support');
  const { day, count, country: countryName } = useStaffFormats();
  const query = api.useQuery(
    'get',
    '/v1/support/workspaces',
    { params: { query: { search, limit: 25 } } },
    { placeholderData: keepPreviousData },
  );
  return (
    <Loaded query={query} shape={[40, 40, 40]}>
      {({ workspaces }) =>
        workspaces.length === 0 ? (
          <Text role="status">{t('find.none', { search })}</Text>
        ) : (
          <table className="list">
            <caption className="quiet">{t('find.found', { count: workspaces.length })}</caption>
            <thead>
              <tr>
                <th>{t('find.name')}</th>
                <th>{t('find.country')}</th>
                <th>{t('find.address')}</th>
                <th>{t('find.subscription')}</th>
              </tr>
            </thead>
            <tbody>
              {workspaces.map(({ id, name, country, billingEmail, isTest, subscription }) => (
                <tr key={id}>
                  <td data-label={t('find.name')}>
                    <Group gap="xs">
                      <Link to="/support/workspaces/$workspaceId" params={{ workspaceId: id }}>
                        {name}
                      </Link>
                      {isTest ? <Badge variant="default">{t('find.test')}</Badge> : null}
                    </Group>
                  </td>
                  <td data-label={t('find.country')}>{countryName(country)}</td>
                  <td data-label={t('find.address')}>{billingEmail ?? '–'}</td>
                  <td data-label={t('find.subscription')}>
                    {subscription === null
                      ? t('find.noSubscription')
                      : t('find.holds', {
                          plan: subscription.plan,
                          seats: count(subscription.seats),
                          status: t(`status.${subscription.status}` as 'status.active'),
                          day: day(subscription.endsOn),
                        })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Loaded>
  );
}
