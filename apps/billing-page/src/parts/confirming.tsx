import { Alert, Button, Group, Stack } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/problem.js';
import { ProblemNotice } from './problem-notice.js';

type ConfirmingProps = {
  readonly title: string;
  readonly children: React.ReactNode;
  readonly yes: string;
  readonly isDanger?: boolean;
  readonly isRunning: boolean;
  readonly problem: Problem | undefined;
  readonly onYes: () => void;
  readonly onNo: () => void;
};

/** Asks in place before something is done, and says what will follow. It takes the focus; Escape takes it back. */
export function Confirming(props: ConfirmingProps): React.JSX.Element {
  const { t } = useTranslation();
  const id = useId();
  const asked = useRef<HTMLDivElement>(null);
  useEffect(() => {
    asked.current?.focus();
  }, []);
  return (
    <Alert
      ref={asked}
      tabIndex={-1}
      role="group"
      aria-labelledby={id}
      color={props.isDanger === true ? 'red' : 'blue'}
      title={<span id={id}>{props.title}</span>}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onNo();
      }}
    >
      <Stack gap="sm">
        <div>{props.children}</div>
        {props.problem === undefined ? null : <ProblemNotice problem={props.problem} />}
        <Group>
          <Button
            {...(props.isDanger === true ? { color: 'red' } : {})}
            loading={props.isRunning}
            onClick={props.onYes}
          >
            {props.yes}
          </Button>
          <Button variant="default" onClick={props.onNo}>
            {t('confirming.no')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
