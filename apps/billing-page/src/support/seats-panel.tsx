import { Button, Checkbox, NumberInput, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { asProblem } from '../api/problem.js';
import { Panel } from '../parts/panel.js';
import { useKey } from './keyed.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats, useStaffMay } from './session.js';
import { StaffProblem } from './staff-problem.js';

type SeatsPanelProps = { readonly workspaceId: string; readonly seats: number };
type Wish = { readonly seats: number; readonly quoteId: string | undefined; readonly reason: string };

/** Fewer seats in the middle of a term: with the unused days given back, or without. */
export function SeatsPanel({ workspaceId, seats }: SeatsPanelProps): React.JSX.Element | null {
  const { t } = useTranslation('support');
  const mayAct = useStaffMay('reduce-seats');
  const [isOpen, setOpen] = useState(false);
  if (!mayAct || seats < 2) return null;
  return (
    <Panel title={t('seats.title')}>
      {isOpen ? (
        <SeatsForm workspaceId={workspaceId} seats={seats} onDone={() => setOpen(false)} />
      ) : (
        <Button variant="default" w="fit-content" onClick={() => setOpen(true)}>
          {t('seats.open')}
        </Button>
      )}
    </Panel>
  );
}

type SeatsFormProps = SeatsPanelProps & { readonly onDone: () => void };

/** What the seats that go are worth; asked anew whenever their number changes. */
function useRefundQuote(workspaceId: string, seats: number, isEnabled: boolean) {
  return useQuery({
    queryKey: ['refund-quote', workspaceId, seats],
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    queryFn: () => taken(http.POST('/v1/quotes', { body: { kind: 'refund', workspaceId, seats } })),
  });
}

function SeatsForm({ workspaceId, seats, onDone }: SeatsFormProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { count } = useStaffFormats();
  const [left, setLeft] = useState(seats - 1);
  const [isRefunded, setRefunded] = useState(true);
  const keyOf = useKey();
  const quote = useRefundQuote(workspaceId, seats - left, isRefunded);
  const { run, isRunning, problem } = useActing(({ seats: remaining, quoteId, reason }: Wish) => {
    const refund = quoteId === undefined ? { refund: 'none' as const } : { refund: 'rest' as const, quoteId };
    const body = { seats: remaining, reason, ...refund };
    const params = { path: { id: workspaceId }, header: { 'Idempotency-Key': keyOf(body) } };
    return taken(http.POST('/v1/workspaces/{id}/seat-reductions', { params, body }));
  }, onDone);
  const isReady = !isRefunded || (quote.isSuccess && !quote.isPlaceholderData);
  return (
    <Reasoned
      yes={t('seats.yes', { count: left, shown: count(left) })}
      isDanger
      isRunning={isRunning}
      isReady={isReady}
      problem={problem}
      onYes={(reason) => run({ seats: left, quoteId: isRefunded ? quote.data?.id : undefined, reason })}
      onNo={onDone}
    >
      <NumberInput
        label={t('seats.left')}
        description={t('seats.now', { count: seats, shown: count(seats) })}
        min={1}
        max={seats - 1}
        value={left}
        allowDecimal={false}
        allowNegative={false}
        onChange={(next) => {
          if (typeof next === 'number' && next >= 1 && next < seats) setLeft(next);
        }}
      />
      <Checkbox
        label={t('seats.refund')}
        checked={isRefunded}
        onChange={(event) => setRefunded(event.currentTarget.checked)}
      />
      <div aria-live="polite" className={isReady ? undefined : 'stale'}>
        {isRefunded ? <GoesBack quote={quote.data} /> : <Text>{t('seats.noRefund')}</Text>}
      </div>
      {isRefunded && quote.isError ? <StaffProblem problem={asProblem(quote.error)} /> : null}
    </Reasoned>
  );
}

type GoesBackProps = { readonly quote: { readonly amountMinor: string; readonly currency: string } | undefined };

function GoesBack({ quote }: GoesBackProps): React.JSX.Element | null {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  if (quote === undefined) return null;
  return <Text fw={600}>{t('seats.back', { amount: money(positive(quote.amountMinor), quote.currency) })}</Text>;
}

/** Refund quotes say what is charged, which is below nothing; people read what comes back. */
const positive = (amountMinor: string): string => amountMinor.replace(/^-/, '');
