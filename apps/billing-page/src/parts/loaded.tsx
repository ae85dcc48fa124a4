import { Button, Group, Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem.js';
import { ProblemNotice } from './problem-notice.js';

type LoadedProps<T> = {
  readonly query: UseQueryResult<T, unknown>;
  /** Heights of the blocks that will be there, so that nothing jumps. */
  readonly shape?: readonly number[];
  readonly children: (data: T) => React.ReactNode;
};

/** What a query answers; blocks of its shape before that, and the reason when it fails. Data that was there stays while it is read anew. */
export function Loaded<T>({ query, shape = [120, 80], children }: LoadedProps<T>): React.ReactNode {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.error === null) {
    return (
      <Stack aria-busy="true" aria-label={t('frame.loading')} role="status">
        {shape.map((height, index) => (
          <Skeleton key={index} height={height} />
        ))}
      </Stack>
    );
  }
  return (
    <Stack>
      <ProblemNotice problem={asProblem(query.error)} />
      <Group>
        <Button variant="default" onClick={() => void query.refetch()}>
          {t('failed.again')}
        </Button>
      </Group>
    </Stack>
  );
}
