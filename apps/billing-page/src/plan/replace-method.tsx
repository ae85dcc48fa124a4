import { Alert, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { useMe } from '../shell/me.js';

const route = getRouteApi('/billing/plan');
const LOOK_MS = 1_000;

/** A new method in the place of the stored one: typed in at the provider, brought back as a token. Nothing is charged. */
export function ReplaceMethod({ page }: { readonly page: string }): React.JSX.Element {
  const { t } = useTranslation();
  const { action, token, setup } = route.useSearch();
  if (token !== undefined && setup !== undefined) return <Replacing token={token} setup={setup} />;
  const back = new URL(`/billing/plan?action=update-method&setup=${crypto.randomUUID()}`, window.location.origin);
  return (
    <>
      {action === 'update-method' ? <Text>{t('method.replaceLead')}</Text> : null}
      <Group>
        <Button component="a" href={`${page}?return_url=${encodeURIComponent(back.href)}`} variant="default">
          {t('method.replace')}
        </Button>
      </Group>
    </>
  );
}

/** The key follows from the way there and back, so a reload stores it once. */
function Replacing({ token, setup }: { readonly token: string; readonly setup: string }): React.JSX.Element {
  const { t } = useTranslation();
  const { id } = useMe().workspace;
  const { run, problem, result } = useActing(() => {
    const params = { path: { id }, header: { 'Idempotency-Key': `page-method-${setup}` } };
    return taken(http.POST('/v1/workspaces/{id}/payment-methods', { params, body: { token } }));
  });
  useEffect(() => {
    run(undefined);
    // Once for each way there and back; what is repeated meanwhile is the same request.
  }, [setup]);
  if (problem !== undefined) return <ProblemNotice problem={problem} />;
  if (result === undefined) return <Text role="status">{t('method.replacing')}</Text>;
  return <Outcome setupId={result.id} />;
}

function Outcome({ setupId }: { readonly setupId: string }): React.JSX.Element {
  const { t } = useTranslation();
  const { id } = useMe().workspace;
  const navigate = route.useNavigate();
  const { data } = api.useQuery(
    'get',
    '/v1/workspaces/{id}/payment-methods/setups/{setupId}',
    { params: { path: { id, setupId } } },
    {
      refetchInterval: ({ state }) =>
        state.data?.status === 'submitting' || state.data === undefined ? LOOK_MS : false,
    },
  );
  const status = data?.status ?? 'submitting';
  const queries = useQueryClient();
  // The method that is shown beside this is another one now.
  useEffect(() => {
    if (status !== 'submitting') void queries.invalidateQueries();
  }, [queries, status]);
  if (status === 'submitting') return <Text role="status">{t('method.replacing')}</Text>;
  return (
    <Alert color={status === 'stored' ? 'green' : 'red'} role="status" title={t(`method.outcomes.${status}`)}>
      <Text size="sm">{t('problemNotice.noMoney')}</Text>
      <Group mt="sm">
        <Button variant="default" size="xs" onClick={() => void navigate({ search: {}, replace: true })}>
          {t('method.done')}
        </Button>
      </Group>
    </Alert>
  );
}
