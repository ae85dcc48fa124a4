import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultsOf } from '../api/problem.js';
import type { Problem } from '../api/problem.js';
import { StaffProblem } from './staff-problem.js';

const REASON_LENGTH_MAX = 500;

type ReasonedProps = {
  /** What the button says: what will be done. */
  readonly yes: string;
  readonly isDanger?: boolean;
  readonly isRunning: boolean;
  /** Whether what it will come to is shown by now. */
  readonly isReady?: boolean;
  readonly problem: Problem | undefined;
  readonly onYes: (reason: string) => void;
  readonly onNo?: () => void;
  /** What it will come to, and whatever else has to be filled in. */
  readonly children?: React.ReactNode;
};

/** Something that staff do: shown beforehand, with a reason that is kept on record, and once. */
export function Reasoned(props: ReasonedProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { yes, isDanger = false, isRunning, isReady = true, problem, onYes, onNo, children } = props;
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const [asks, setAsks] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  // Whatever is not right is where the person is led, after a press and after a refusal.
  useEffect(() => {
    if (asks > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [asks, problem]);
  const isRefused = problem !== undefined && faultsOf(problem).some(({ field }) => field === 'reason');
  const fault = isMissing ? t('reason.missing') : isRefused ? t('reason.refused') : undefined;
  return (
    <form
      ref={form}
      noValidate
      aria-busy={!isReady}
      onSubmit={(event) => {
        event.preventDefault();
        const said = reason.trim();
        setMissing(said === '');
        if (said !== '' && isReady) onYes(said);
        setAsks((before) => before + 1);
      }}
    >
      <Stack gap="sm">
        {children}
        <Textarea
          name="reason"
          label={t('reason.label')}
          description={t('reason.kept')}
          required
          rows={2}
          maxLength={REASON_LENGTH_MAX}
          value={reason}
          error={fault}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {problem === undefined ? null : <StaffProblem problem={problem} />}
        <Group>
          <Button type="submit" {...(isDanger ? { color: 'red' } : {})} loading={isRunning} disabled={!isReady}>
            {yes}
          </Button>
          {onNo === undefined ? null : (
            <Button variant="default" onClick={onNo}>
              {t('reason.no')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
