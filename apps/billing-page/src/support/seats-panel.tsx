import { Button, Checkbox, NumberInput, Stack, Text } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
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

function SeatsForm({
  workspaceId,
  seats,
  onDone,
}: SeatsPanelProps & { readonly onDone: () => void }): React.JSX.Element {
  const { t } = useTranslation('support');
  const { money, count } = useStaffFormats();
  const [left, setLeft] = useState(seats - 1);
  const [isRefunded, setRefunded] = useState(true);
  const keyOf = useKey();
  const quote = useQuery({
    queryKey: ['refund-quote', workspaceId, seats, left],
    enabled: isRefunded,
    placeholderData: keepPreviousData,
    queryFn: () => taken(http.POST('/v1/quotes', { body: { kind: 'refund', workspaceId, seats: seats - left } })),
  });
  const { run, isRunning, problem } = useActing(
    ({ seats: remaining, quoteId, reason }: Wish) =>
      taken(
        http.POST('/v1/workspaces/{id}/seat-reductions', {
          params: {
            path: { id: workspaceId },
            header: { 'Idempotency-Key': keyOf([remaining, quoteId, reason]) },
          },
          body: {
            seats: remaining,
            reason,
            refund: quoteId === undefined ? 'none' : 'rest',
            ...(quoteId === undefined ? {} : { quoteId }),
          },
        }),
      ),
    onDone,
  );
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
      <Stack gap="sm">
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
          {isRefunded && quote.data !== undefined ? (
            <Text fw={600}>
              {t('seats.back', { amount: money(positive(quote.data.amountMinor), quote.data.currency) })}
            </Text>
          ) : null}
          {isRefunded ? null : <Text>{t('seats.noRefund')}</Text>}
        </div>
        {isRefunded && quote.isError ? <StaffProblem problem={asProblem(quote.error)} /> : null}
      </Stack>
    </Reasoned>
  );
}

/** Refund quotes say what is charged, which is below nothing; people read what comes back. */
const positive = (amountMinor: string): string => amountMinor.replace(/^-/, '');
