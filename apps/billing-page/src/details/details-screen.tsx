import { Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useDetailsForm } from './details-form.js';
import { PayerForm } from './payer-form.js';
import { useDetails } from './use-details.js';
import type { Details } from './use-details.js';

/** Whom orders bill, apart from any order. */
export function DetailsScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const { details, error } = useDetails();
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('details.title')}</ScreenTitle>
      {details === undefined && error !== null ? <ProblemNotice problem={asProblem(error)} /> : null}
      {details === undefined ? null : <DetailsEditor details={details} />}
    </Stack>
  );
}

function DetailsEditor({ details }: { readonly details: Details }): React.JSX.Element {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useDetailsForm(details);
  const { isRequired } = details.taxpayer;
  return (
    <PayerForm
      {...{ form, isRequired }}
      submit={t('details.save')}
      onSaved={() => void navigate({ to: '/billing/plan' })}
    >
      <Text>{t('details.lead')}</Text>
    </PayerForm>
  );
}
