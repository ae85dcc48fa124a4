import { Badge, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { BeforeAfter } from './before-after.js';
import { ContractForm } from './contract-form.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats, useStaffMay } from './session.js';

const STATES = ['new', 'contacted', 'won', 'lost'] as const;
type State = (typeof STATES)[number];

/** Where each state may lead to; the gateway decides. */
const NEXT: Readonly<Record<State, readonly State[]>> = {
  new: ['contacted', 'lost'],
  contacted: ['won', 'lost'],
  won: [],
  lost: ['contacted'],
};

type EnterpriseRequest = {
  readonly id: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly contact: {
    readonly name: string;
    readonly email: string;
    readonly phone?: string;
    readonly company?: string;
  };
  readonly seats: number | null;
  readonly message: string | null;
  readonly status: State;
  readonly createdAt: string;
};

/** The wishes for a contract, by where they stand, and what comes of them. */
export function EnterpriseScreen(): React.JSX.Element {
  const { t } = useTranslation('support');
  const [state, setState] = useState<State>('new');
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('places.enterprise')}</ScreenTitle>
      <SegmentedControl
        aria-label={t('enterprise.state')}
        className="states"
        value={state}
        data={STATES.map((value) => ({ value, label: t(`enterprise.states.${value}`) }))}
        onChange={(value) => setState(value)}
      />
      <Requests key={state} state={state} />
    </Stack>
  );
}

function Requests({ state }: { readonly state: State }): React.JSX.Element {
  const { t } = useTranslation('support');
  const [cursor, setCursor] = useState<string>();
  const query = api.useQuery('get', '/v1/enterprise-requests', {
    params: { query: { state, limit: '20', ...(cursor === undefined ? {} : { cursor }) } },
  });
  return (
    <Loaded query={query} shape={[120, 120]}>
      {({ items, nextCursor }) => (
        <Stack>
          {items.length === 0 ? <Text role="status">{t('enterprise.none')}</Text> : null}
          {items.map((request) => (
            <RequestEntry key={request.id} request={request as EnterpriseRequest} />
          ))}
          {nextCursor === null ? null : (
            <Button variant="default" onClick={() => setCursor(nextCursor)}>
              {t('more')}
            </Button>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function RequestEntry({ request }: { readonly request: EnterpriseRequest }): React.JSX.Element {
  const { t } = useTranslation('support');
  const { instant, count } = useStaffFormats();
  const mayAct = useStaffMay('manage-contracts');
  const [open, setOpen] = useState<State | 'contract'>();
  const close = (): void => setOpen(undefined);
  const { contact, seats, message, status } = request;
  return (
    <section className="entry" aria-label={t('enterprise.one', { name: request.workspaceName })}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Link to="/support/workspaces/$workspaceId" params={{ workspaceId: request.workspaceId }}>
            {request.workspaceName}
          </Link>
          <Badge variant="light">{t(`enterprise.states.${status}`)}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {t('enterprise.asked', { at: instant(request.createdAt) })}
          {seats === null ? '' : ` · ${t('enterprise.seats', { count: seats, shown: count(seats) })}`}
        </Text>
        <Text size="sm">
          {[contact.name, contact.email, contact.phone, contact.company].filter((one) => one !== undefined).join(' · ')}
        </Text>
        {message === null ? null : <Text className="said">{message}</Text>}
        {open === 'contract' ? <ContractForm request={request} onDone={close} /> : null}
        {open !== undefined && open !== 'contract' ? <Move request={request} to={open} onDone={close} /> : null}
        {open === undefined && mayAct ? (
          <Group gap="xs">
            {NEXT[status].map((to) => (
              <Button key={to} variant="default" size="compact-sm" onClick={() => setOpen(to)}>
                {t(`enterprise.moves.${to}` as 'enterprise.moves.won')}
              </Button>
            ))}
            {status === 'contacted' || status === 'won' ? (
              <Button variant="default" size="compact-sm" onClick={() => setOpen('contract')}>
                {t('contract.open')}
              </Button>
            ) : null}
          </Group>
        ) : null}
      </Stack>
    </section>
  );
}

type MoveProps = { readonly request: EnterpriseRequest; readonly to: State; readonly onDone: () => void };

/** Where the request will stand, beside what its workspace has now. */
function Move({ request, to, onDone }: MoveProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { count, day } = useStaffFormats();
  const { id, workspaceId, status } = request;
  const billing = api.useQuery('get', '/v1/workspaces/{id}/billing', { params: { path: { id: workspaceId } } });
  const contracts = api.useQuery('get', '/v1/contracts', { params: { query: { workspaceId } } });
  const { run, isRunning, problem } = useActing(
    (reason: string) =>
      taken(http.POST('/v1/enterprise-requests/{id}/moves', { params: { path: { id } }, body: { to, reason } })),
    onDone,
  );
  const { subscription = null } = billing.data ?? {};
  const held =
    subscription === null
      ? t('find.noSubscription')
      : t('enterprise.holds', {
          plan: subscription.planName,
          seats: count(subscription.seats),
          day: day(subscription.endsOn),
        });
  const inForce = count(contracts.data?.items.filter(({ withdrawnAt }) => withdrawnAt === null).length ?? 0);
  return (
    <Reasoned
      yes={t(`enterprise.moves.${to}` as 'enterprise.moves.won')}
      isRunning={isRunning}
      isReady={billing.isSuccess && contracts.isSuccess}
      problem={problem}
      onYes={run}
      onNo={onDone}
    >
      <Loaded query={billing} shape={[60]}>
        {() => (
          <BeforeAfter
            rows={[
              [t('enterprise.request'), t(`enterprise.states.${status}`), t(`enterprise.states.${to}`)],
              [t('find.subscription'), held, held],
              [t('contracts.title'), inForce, inForce],
            ]}
          />
        )}
      </Loaded>
      <Text size="sm">{t(`enterprise.means.${to}` as 'enterprise.means.won')}</Text>
    </Reasoned>
  );
}
