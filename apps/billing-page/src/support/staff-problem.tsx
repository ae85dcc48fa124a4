import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/problem.js';
import { ProblemNotice } from '../parts/problem-notice.js';

/** The same as customers see, and below it what the gateway says to those who know their way about. */
export function StaffProblem({ problem }: { readonly problem: Problem }): React.JSX.Element {
  const { t } = useTranslation('support');
  const faults = problem.errors ?? [problem];
  return (
    <Stack gap="xs">
      <ProblemNotice problem={problem} />
      {faults.map(({ code, field, found, wanted }) => (
        <Text size="sm" key={`${code} ${field ?? ''}`}>
          {t('problem.detail', { code, field: field ?? '–', found: found ?? '–', wanted: wanted ?? '–' })}
        </Text>
      ))}
    </Stack>
  );
}
