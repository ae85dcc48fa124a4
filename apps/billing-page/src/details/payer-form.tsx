import { Button, Group, Stack } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { focusFirstFault } from '../parts/focus-first-fault.js';
import { LinkButton } from '../parts/link-button.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import type { DetailsForm } from './details-form.js';
import { InvoiceFields, TaxpayerFields } from './payer-fields.js';
import { useSaveDetails } from './use-details.js';

type PayerFormProps = {
  readonly form: DetailsForm;
  /** Whether a taxpayer must be named. */
  readonly isRequired: boolean;
  /** What the button that sends it says. */
  readonly submit: string;
  readonly onSaved: () => void;
  /** What stands above the fields. */
  readonly children: React.ReactNode;
};

/** Whom orders bill. What is wrong is said at its field, where the focus goes; what was typed stays. */
export function PayerForm({ form, isRequired, submit, onSaved, children }: PayerFormProps): React.JSX.Element {
  const { t } = useTranslation();
  const { run, isRunning, problem } = useSaveDetails(form, isRequired, onSaved);
  useEffect(() => {
    if (Object.keys(form.errors).length > 0) focusFirstFault();
  }, [form.errors]);
  return (
    <form noValidate onSubmit={form.onSubmit(run)}>
      <Stack gap="lg">
        {children}
        {isRequired ? <TaxpayerFields form={form} /> : null}
        <InvoiceFields form={form} />
        {problem === undefined ? null : <ProblemNotice problem={problem} />}
        <Group>
          <Button type="submit" loading={isRunning}>
            {submit}
          </Button>
          <LinkButton to="/billing/plan" variant="subtle">
            {t('choose.leave')}
          </LinkButton>
        </Group>
      </Stack>
    </form>
  );
}
