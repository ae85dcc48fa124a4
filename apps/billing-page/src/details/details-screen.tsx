import { Button, Group, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem.js';
import { focusFirstFault } from '../parts/focus-first-fault.js';
import { LinkButton } from '../parts/link-button.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useDetailsForm } from './details-form.js';
import { InvoiceFields, TaxpayerFields } from './payer-fields.js';
import { useDetails, useSaveDetails } from './use-details.js';
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
  const { run, isRunning, problem } = useSaveDetails(form, isRequired, () => void navigate({ to: '/billing/plan' }));
  useEffect(() => {
    if (Object.keys(form.errors).length > 0) focusFirstFault();
  }, [form.errors]);
  return (
    <form noValidate onSubmit={form.onSubmit(run)}>
      <Stack gap="lg">
        <Text>{t('details.lead')}</Text>
        {isRequired ? <TaxpayerFields form={form} /> : null}
        <InvoiceFields form={form} />
        {problem === undefined ? null : <ProblemNotice problem={problem} />}
        <Group>
          <Button type="submit" loading={isRunning}>
            {t('details.save')}
          </Button>
          <LinkButton to="/billing/plan" variant="subtle">
            {t('choose.leave')}
          </LinkButton>
        </Group>
      </Stack>
    </form>
  );
}
