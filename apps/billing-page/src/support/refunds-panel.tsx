import { Button, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { Panel } from '../parts/panel.js';
import { BeforeAfter } from './before-after.js';
import { faultsIn } from './field-faults.js';
import { useKey } from './keyed.js';
import { isProven, proofOf, ProofFields, unproven } from './proof-fields.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats, useStaffMay } from './session.js';

/** Refunds that did not arrive: a person has the provider asked again, or says that the money was given in another way. */
export function RefundsPanel(): React.JSX.Element {
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
  const { t, i18n } = useTranslation('support');
  const { money } = useStaffFormats();
  const mayAct = useStaffMay('refund');
  const [open, setOpen] = useState<'retry' | 'outside'>();
  const close = (): void => setOpen(undefined);
  const key = `refunds.reasons.${one.reason}`;
  const reason = i18n.exists(key, { ns: 'support' }) ? t(key as 'refunds.reasons.goodwill') : one.reason;
  return (
    <section className="entry" aria-label={t('refunds.one', { amount: money(one.amountMinor, one.currency) })}>
      <Stack gap="xs">
        <Text fw={600}>{money(one.amountMinor, one.currency)}</Text>
        <Text size="sm">{t('refunds.said', { reason, provider: one.provider })}</Text>
        {one.failure === null ? null : <Text size="sm">{t('refunds.failed', { message: one.failure.message })}</Text>}
        <Link to="/support/workspaces/$workspaceId" params={{ workspaceId: one.workspaceId }}>
          {t('money.toWorkspace')}
        </Link>
        {open === 'retry' ? <RetryForm refund={one} onDone={close} /> : null}
        {open === 'outside' ? <OutsideForm refund={one} onDone={close} /> : null}
        {open === undefined && mayAct ? (
          <Group gap="xs">
            <Button variant="default" size="compact-sm" onClick={() => setOpen('retry')}>
              {t('refunds.retry')}
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => setOpen('outside')}>
              {t('outside.open')}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </section>
  );
}

type FormProps = { readonly refund: RefundProps; readonly onDone: () => void };

function RetryForm({ refund, onDone }: FormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  const keyOf = useKey();
  const { run, isRunning, problem } = useActing((reason: string) => {
    const params = { path: { id: refund.id }, header: { 'Idempotency-Key': keyOf(reason) } };
    return taken(http.POST('/v1/refunds/{id}/retry', { params, body: { reason } }));
  }, onDone);
  return (
    <Reasoned yes={t('refunds.retry')} isRunning={isRunning} problem={problem} onYes={run} onNo={onDone}>
      <BeforeAfter
        rows={[
          [
            t('refunds.one', { amount: money(refund.amountMinor, refund.currency) }),
            t('refunds.stands.failed'),
            t('refunds.stands.asked', { provider: refund.provider }),
          ],
        ]}
      />
      <Text size="sm">{t('refunds.once')}</Text>
    </Reasoned>
  );
}

/** A refund that was given in another way than through the provider, with its proof. */
function OutsideForm({ refund, onDone }: FormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  const [given, setGiven] = useState(() => unproven(refund.currency));
  const [isAsked, setAsked] = useState(false);
  const keyOf = useKey();
  const { run, isRunning, problem } = useActing((reason: string) => {
    const body = { ...proofOf(given), givenAt: new Date(given.at).toISOString(), reason };
    const params = { path: { id: refund.id }, header: { 'Idempotency-Key': keyOf(body) } };
    return taken(http.POST('/v1/refunds/{id}/given-outside', { params, body }));
  }, onDone);
  return (
    <Reasoned
      yes={t('outside.yes')}
      isRunning={isRunning}
      problem={problem}
      onYes={(reason) => {
        setAsked(true);
        if (isProven(given)) run(reason);
      }}
      onNo={onDone}
    >
      <BeforeAfter
        rows={[
          [
            t('refunds.one', { amount: money(refund.amountMinor, refund.currency) }),
            t('refunds.stands.failed'),
            t('refunds.stands.given'),
          ],
        ]}
      />
      <Text size="sm">{t('outside.means')}</Text>
      <ProofFields
        money={given}
        way="went"
        faultOf={faultsIn(problem, isAsked)}
        onChange={(change) => setGiven({ ...given, ...change })}
      />
    </Reasoned>
  );
}
