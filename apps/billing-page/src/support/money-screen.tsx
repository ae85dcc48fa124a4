import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { Panel } from '../parts/panel.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useKey } from './keyed.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats, useStaffMay } from './session.js';

/** Money that waits for a person: payments that banks took back, and refunds that did not arrive. */
export function MoneyScreen(): React.JSX.Element {
  const { t } = useTranslation('support');
  const mayDecide = useStaffMay('decide-chargebacks');
  const mayRefund = useStaffMay('refund');
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('places.money')}</ScreenTitle>
      {mayDecide || mayRefund ? null : <Text role="status">{t('money.notYours')}</Text>}
      {mayDecide ? <Chargebacks /> : null}
      {mayRefund ? <Refunds /> : null}
    </Stack>
  );
}

function Chargebacks(): React.JSX.Element {
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
  const [decision, setDecision] = useState<'keep' | 'close'>();
  const { run, isRunning, problem } = useActing(
    (wish: { readonly decision: 'keep' | 'close'; readonly reason: string }) =>
      taken(http.POST('/v1/chargebacks/{id}/decision', { params: { path: { id: one.id } }, body: wish })),
    () => setDecision(undefined),
  );
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
        {decision === undefined ? (
          <Group gap="xs">
            <Button variant="default" size="compact-sm" onClick={() => setDecision('keep')}>
              {t('chargebacks.keep.yes')}
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => setDecision('close')}>
              {t('chargebacks.close.yes')}
            </Button>
          </Group>
        ) : (
          <Reasoned
            yes={t(`chargebacks.${decision}.yes`)}
            isDanger={decision === 'close'}
            isRunning={isRunning}
            problem={problem}
            onYes={(reason) => run({ decision, reason })}
            onNo={() => setDecision(undefined)}
          >
            <Text>{t(`chargebacks.${decision}.means`)}</Text>
          </Reasoned>
        )}
      </Stack>
    </section>
  );
}

function Refunds(): React.JSX.Element {
  const { t } = useTranslation('support');
  const query = api.useQuery('get', '/v1/refunds', { params: { query: { needsPerson: 'true', limit: 50 } } });
  return (
    <Panel title={t('refunds.title')}>
      <Loaded query={query} shape={[90]}>
        {({ refunds }) => (
          <Stack>
            {refunds.length === 0 ? <Text role="status">{t('refunds.none')}</Text> : null}
            {refunds.map((one) => (
              <Refund key={one.id} {...one} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

type RefundProps = {
  readonly id: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly currency: string;
  readonly amountMinor: string;
  readonly reason: string;
  readonly failure: { readonly message: string } | null;
};

function Refund(one: RefundProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  const [isOpen, setOpen] = useState(false);
  const keyOf = useKey();
  const { run, isRunning, problem } = useActing(
    (reason: string) =>
      taken(
        http.POST('/v1/refunds/{id}/retry', {
          params: { path: { id: one.id }, header: { 'Idempotency-Key': keyOf(reason) } },
          body: { reason },
        }),
      ),
    () => setOpen(false),
  );
  return (
    <section className="entry" aria-label={t('refunds.one', { amount: money(one.amountMinor, one.currency) })}>
      <Stack gap="xs">
        <Text fw={600}>{money(one.amountMinor, one.currency)}</Text>
        <Text size="sm">{t('refunds.said', { reason: one.reason, provider: one.provider })}</Text>
        {one.failure === null ? null : <Text size="sm">{one.failure.message}</Text>}
        <Link to="/support/workspaces/$workspaceId" params={{ workspaceId: one.workspaceId }}>
          {t('money.toWorkspace')}
        </Link>
        {isOpen ? (
          <Reasoned
            yes={t('refunds.retry')}
            isRunning={isRunning}
            problem={problem}
            onYes={run}
            onNo={() => setOpen(false)}
          >
            <Text>{t('refunds.means', { amount: money(one.amountMinor, one.currency) })}</Text>
          </Reasoned>
        ) : (
          <Button variant="default" size="compact-sm" w="fit-content" onClick={() => setOpen(true)}>
            {t('refunds.retry')}
          </Button>
        )}
      </Stack>
    </section>
  );
}
