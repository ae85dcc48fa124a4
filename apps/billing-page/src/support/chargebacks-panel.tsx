import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { Panel } from '../parts/panel.js';
import { BeforeAfter } from './before-after.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats, useStaffMay } from './session.js';

type Decision = 'keep' | 'close';

/** Payments that banks took back, about whose workspaces nobody has decided. */
export function ChargebacksPanel(): React.JSX.Element {
  const { t } = useTranslation('support');
  const query = api.useQuery('get', '/v1/chargebacks', { params: { query: { undecided: 'true', limit: 50 } } });
  return (
    <Panel title={t('chargebacks.title')}>
      <Loaded query={query} shape={[90]}>
        {({ chargebacks }) => (
          <Stack>
            {chargebacks.length === 0 ? <Text role="status">{t('chargebacks.none')}</Text> : null}
            {chargebacks.map((one) => (
              <Chargeback key={one.id} {...one} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

type ChargebackProps = {
  readonly id: string;
  readonly workspaceId: string;
  readonly currency: string;
  readonly amountMinor: string;
  readonly reason: string;
  readonly status: string;
  readonly createdAt: string;
};

function Chargeback(one: ChargebackProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money, instant } = useStaffFormats();
  const mayAct = useStaffMay('decide-chargebacks');
  const [decision, setDecision] = useState<Decision>();
  return (
    <section className="entry" aria-label={t('chargebacks.one', { amount: money(one.amountMinor, one.currency) })}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>{money(one.amountMinor, one.currency)}</Text>
          <Badge variant="light">{t(`chargebacks.states.${one.status}` as 'chargebacks.states.open')}</Badge>
        </Group>
        <Text size="sm">{t('chargebacks.said', { reason: one.reason, at: instant(one.createdAt) })}</Text>
        <Link to="/support/workspaces/$workspaceId" params={{ workspaceId: one.workspaceId }}>
          {t('money.toWorkspace')}
        </Link>
        {decision === undefined ? null : (
          <DecisionForm chargeback={one} decision={decision} onDone={() => setDecision(undefined)} />
        )}
        {decision === undefined && mayAct ? (
          <Group gap="xs">
            <Button variant="default" size="compact-sm" onClick={() => setDecision('keep')}>
              {t('chargebacks.keep.yes')}
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => setDecision('close')}>
              {t('chargebacks.close.yes')}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </section>
  );
}

type DecisionFormProps = {
  readonly chargeback: ChargebackProps;
  readonly decision: Decision;
  readonly onDone: () => void;
};

/** What the decision comes to for the subscription as it stands now. */
function DecisionForm({ chargeback, decision, onDone }: DecisionFormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { count } = useStaffFormats();
  const { id, workspaceId } = chargeback;
  const billing = api.useQuery('get', '/v1/workspaces/{id}/billing', { params: { path: { id: workspaceId } } });
  const { run, isRunning, problem } = useActing(
    (reason: string) =>
      taken(http.POST('/v1/chargebacks/{id}/decision', { params: { path: { id } }, body: { decision, reason } })),
    onDone,
  );
  const { status = 'none', subscription = null } = billing.data ?? {};
  const isClosing = decision === 'close' && subscription !== null;
  const seats = count(subscription?.seats ?? 0);
  const standing = t(`status.${status}`);
  return (
    <Reasoned
      yes={t(`chargebacks.${decision}.yes`)}
      isDanger={decision === 'close'}
      isRunning={isRunning}
      isReady={billing.isSuccess}
      problem={problem}
      onYes={run}
      onNo={onDone}
    >
      <Loaded query={billing} shape={[60]}>
        {() => (
          <BeforeAfter
            rows={[
              [t('workspace.standing'), standing, isClosing ? t('status.closed') : standing],
              [t('workspace.seats'), seats, isClosing ? count(0) : seats],
              [t('chargebacks.waits'), t('chargebacks.yes'), t('chargebacks.no')],
            ]}
          />
        )}
      </Loaded>
      <Text size="sm">{t(`chargebacks.${decision}.means`)}</Text>
    </Reasoned>
  );
}
