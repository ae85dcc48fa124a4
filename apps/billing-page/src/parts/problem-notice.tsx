import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { mayHaveMoved } from '../api/problem.js';
import type { Problem } from '../api/problem.js';

/** What went wrong in words, whether money may have moved, and the reference to quote to support. */
export function ProblemNotice({ problem }: { readonly problem: Problem }): React.JSX.Element {
  const { t, i18n } = useTranslation();
  const key = `problems.${problem.code}`;
  const said = i18n.exists(key) ? t(key as 'problems.internal_error') : t('problems.other');
  return (
    <Alert color="red" role="alert" title={said}>
      <Text size="sm">{t(mayHaveMoved(problem) ? 'problemNotice.unknownMoney' : 'problemNotice.noMoney')}</Text>
      {problem.requestId === '' ? null : (
        <Text size="sm">{t('problemNotice.reference', { reference: problem.requestId })}</Text>
      )}
    </Alert>
  );
}
