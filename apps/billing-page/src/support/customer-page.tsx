import { Alert, Group, Text } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, getRouteApi, RouterProvider, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../parts/link-button.js';
import { Loaded } from '../parts/loaded.js';
import { meQuery } from '../shell/me.js';
import type { Me } from '../shell/me.js';
import { FailedScreen } from '../shell/failed-screen.js';
import { useStaff } from './session.js';
import { useWorkspace } from './workspace.js';
import type { SupportedWorkspace } from './workspace.js';

const route = getRouteApi('/support/workspaces/$workspaceId/page');

/** The billing page of a workspace as its admin sees it, where nothing can be changed. */
export function CustomerPage(): React.JSX.Element {
  const found = useWorkspace(route.useParams().workspaceId);
  return <Loaded query={found}>{(workspace) => <Shown workspace={workspace} />}</Loaded>;
}

/** What a reader of the page may do: look. */
const READ_ONLY = ['read-billing', 'see-invoices', 'see-details'];

function Shown({ workspace }: { readonly workspace: SupportedWorkspace }): React.JSX.Element {
  const { t } = useTranslation('support');
  const { person } = useStaff();
  const { routeTree } = useRouter();
  const { queries, router } = useMemo(() => {
    const me: Me = {
      workspace,
      person: { id: 'support', name: person.name, email: null },
      ...{ role: 'workspace-admin', may: READ_ONLY, returnUrl: null },
    };
    const kept = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: false } } });
    kept.setQueryDefaults(meQuery.queryKey, { staleTime: Infinity, gcTime: Infinity });
    kept.setQueryData(meQuery.queryKey, me);
    return {
      queries: kept,
      // The same screens, with addresses of their own: what is opened here is not opened in the window.
      router: createRouter({
        routeTree,
        history: createMemoryHistory({ initialEntries: ['/billing/plan'] }),
        defaultErrorComponent: FailedScreen,
      }),
    };
  }, [workspace, person.name, routeTree]);
  return (
    <>
      <Alert color="yellow" role="region" aria-label={t('page.label')}>
        <Group justify="space-between">
          <Text>{t('page.readOnly', { name: workspace.name })}</Text>
          <LinkButton
            to="/support/workspaces/$workspaceId"
            params={{ workspaceId: workspace.id }}
            size="compact-sm"
            variant="default"
          >
            {t('page.back')}
          </LinkButton>
        </Group>
      </Alert>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </>
  );
}
