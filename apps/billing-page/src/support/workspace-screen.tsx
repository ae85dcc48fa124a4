import { Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import type { Billing } from '../api/types.js';
import { LinkButton } from '../parts/link-button.js';
import { Loaded } from '../parts/loaded.js';
import { Facts, Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { ActionsPanel } from './actions-panel.js';
import { ContractsPanel } from './contracts-panel.js';
import { SeatsPanel } from './seats-panel.js';
import { OrdersPanel } from './orders-panel.js';
import { useStaffFormats } from './session.js';
import { useWorkspace } from './workspace.js';
import type { SupportedWorkspace } from './workspace.js';
import { WorkList } from './work-list.js';

const route = getRouteApi('/support/workspaces/$workspaceId');

/** A workspace as staff see it: what it has, what was ordered, what staff did before, and what they can do now. */
export function WorkspaceScreen(): React.JSX.Element {
  const { workspaceId } = route.useParams();
  const found = useWorkspace(workspaceId);
  return (
    <Loaded query={found} shape={[40, 160, 200]}>
      {(workspace) => <Standing workspace={workspace} />}
    </Loaded>
  );
}

function Standing({ workspace }: { readonly workspace: SupportedWorkspace }): React.JSX.Element {
  const { t } = useTranslation('support');
  const params = { workspaceId: workspace.id };
  const query = api.useQuery('get', '/v1/workspaces/{id}/billing', { params: { path: { id: workspace.id } } });
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <ScreenTitle>{workspace.name}</ScreenTitle>
        <LinkButton to="/support/workspaces/$workspaceId/page" params={params} variant="default">
          {t('workspace.seePage')}
        </LinkButton>
      </Group>
      <Loaded query={query} shape={[160]}>
        {(billing) => (
          <>
            <StandingPanel workspace={workspace} billing={billing} />
            {billing.subscription === null || billing.status === 'closed' ? null : (
              <SeatsPanel workspaceId={workspace.id} seats={billing.subscription.seats} />
            )}
          </>
        )}
      </Loaded>
      <OrdersPanel workspace={workspace} />
      <ContractsPanel workspaceId={workspace.id} />
      <Panel title={t('workspace.work')}>
        <WorkList workspaceId={workspace.id} state="dead" />
      </Panel>
      <ActionsPanel workspaceId={workspace.id} timeZone={workspace.timeZone} />
    </Stack>
  );
}

function StandingPanel({
  workspace,
  billing,
}: {
  readonly workspace: SupportedWorkspace;
  readonly billing: Billing;
}): React.JSX.Element {
  const { t } = useTranslation('support');
  const { day, count, country } = useStaffFormats(workspace.timeZone);
  const { subscription, status } = billing;
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(workspace.id).then(() => setCopied(true));
  };
  return (
    <Panel
      className="wide"
      title={t('workspace.standing')}
      aside={<Badge variant="light">{t(`status.${status}`)}</Badge>}
    >
      <Facts
        facts={[
          [t('workspace.country'), `${country(workspace.country)} · ${workspace.currency}`],
          [t('workspace.zone'), workspace.timeZone.replaceAll('_', ' ')],
          [t('workspace.address'), workspace.billingEmail ?? '–'],
          ...(subscription === null
            ? []
            : ([
                [t('workspace.plan'), subscription.planName],
                [t('workspace.seats'), count(subscription.seats)],
                [t('workspace.term'), `${day(subscription.startsOn)} – ${day(subscription.endsOn)}`],
                [t('workspace.renewal'), t(subscription.autoRenewal.on ? 'workspace.on' : 'workspace.off')],
              ] as const)),
        ]}
      />
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t('workspace.id')}
        </Text>
        <Code>{workspace.id}</Code>
        <Button size="compact-xs" variant="default" onClick={copy}>
          {t(isCopied ? 'workspace.copied' : 'workspace.copy')}
        </Button>
      </Group>
    </Panel>
  );
}
