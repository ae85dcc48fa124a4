import { Button, Group, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ScreenTitle } from '../parts/screen-title.js';

const LOGIN_NEEDED = 401;

/** What is shown in the place of a screen that could not be built. */
export function FailedScreen({ error, reset }: ErrorComponentProps): React.JSX.Element {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const problem = asProblem(error);
  const again = (): void => {
    queries.removeQueries({ predicate: ({ state }) => state.status === 'error' });
    reset();
    void router.invalidate();
  };
  return (
    <Stack className={problem.status === LOGIN_NEEDED ? 'frame' : ''} role="alert">
      <ScreenTitle>{t(problem.status === LOGIN_NEEDED ? 'failed.signedOut' : 'failed.title')}</ScreenTitle>
      <ProblemNotice problem={problem} />
      <Group>
        {problem.status === LOGIN_NEEDED ? (
          <Button component="a" href={signInAddress()}>
            {t('failed.signIn')}
          </Button>
        ) : null}
        <Button variant={problem.status === LOGIN_NEEDED ? 'default' : 'filled'} onClick={again}>
          {t('failed.again')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Where whoever looks at this page signs in by mail, to come back to it. */
function signInAddress(): string {
  const { pathname, search } = window.location;
  const door = /^\/support(\/|$)/.test(pathname) ? 'support' : 'billing';
  return `/${door}/sign-in?to=${encodeURIComponent(`${pathname}${search}`)}`;
}

/** What is shown where there is nothing. */
export function NowhereScreen(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Stack>
      <ScreenTitle>{t('failed.nowhere')}</ScreenTitle>
      <Group>
        <Button renderRoot={(props) => <Link {...props} to="/billing/plan" />}>{t('failed.toPlan')}</Button>
      </Group>
    </Stack>
  );
}
