import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { faultsOf } from '../api/problem.js';
import { useBilling } from '../api/queries.js';
import { useFaultText } from '../parts/fault-text.js';
import { LinkButton } from '../parts/link-button.js';
import { Panel } from '../parts/panel.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useMe } from '../shell/me.js';
import { CountField } from './count-field.js';
import { focusFirstFault } from '../parts/focus-first-fault.js';

const route = getRouteApi('/billing/enterprise');
const SEATS_MAX = 10_000;

type Contact = {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly company: string;
  readonly message: string;
  readonly seats: number;
};

/** Whoever needs more than the list offers asks to be called. */
export function EnterpriseScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const billing = useBilling().data;
  const [isSent, setSent] = useState(false);
  const isOpen = isSent || (billing?.enterpriseRequestId ?? null) !== null;
  return (
    <Stack gap="lg">
      <ScreenTitle of={isOpen ? 'sent' : 'form'}>{t(isOpen ? 'talk.sentTitle' : 'talk.title')}</ScreenTitle>
      {isOpen ? <Sent /> : <ContactForm onSent={() => setSent(true)} />}
    </Stack>
  );
}

function Sent(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Alert color="green" role="status">
      <Text>{t('talk.sent')}</Text>
      <LinkButton mt="sm" to="/billing/plan" variant="default">
        {t('failed.toPlan')}
      </LinkButton>
    </Alert>
  );
}

function useContact(seats: number | undefined): UseFormReturnType<Contact> {
  const { t } = useTranslation();
  const { workspace, person } = useMe();
  const missing = (text: string): string | null => (text.trim() === '' ? t('faults.missing') : null);
  return useForm<Contact>({
    initialValues: {
      ...{ name: person?.name ?? '', email: person?.email ?? '', company: workspace.name },
      ...{ phone: '', message: '', seats: seats ?? 1 },
    },
    validate: { name: missing, email: missing },
  });
}

function ContactForm({ onSent }: { readonly onSent: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const { seats } = route.useSearch();
  const { id: workspaceId } = useMe().workspace;
  const form = useContact(seats);
  const { run, isRunning, problem } = useActing((contact: Contact) => taken(request(workspaceId, contact)), onSent);
  const faultText = useFaultText(problem);
  const { setErrors } = form;
  useEffect(() => {
    if (problem === undefined) return;
    setErrors(
      Object.fromEntries(faultsOf(problem).map(({ field }) => [field.replace('contact.', ''), faultText(field)])),
    );
    // The texts follow from the problem; only a new one is news.
  }, [problem, setErrors]);
  useEffect(() => {
    if (Object.keys(form.errors).length > 0) focusFirstFault();
  }, [form.errors]);
  return (
    <Panel title={t('talk.formTitle')}>
      <form noValidate onSubmit={form.onSubmit(run)}>
        <Stack gap="sm">
          <Text>{t('talk.lead')}</Text>
          <TextInput label={t('talk.name')} required autoComplete="name" {...form.getInputProps('name')} />
          <TextInput
            label={t('talk.email')}
            required
            type="email"
            autoComplete="email"
            {...form.getInputProps('email')}
          />
          <TextInput label={t('talk.phone')} type="tel" autoComplete="tel" {...form.getInputProps('phone')} />
          <TextInput label={t('talk.company')} autoComplete="organization" {...form.getInputProps('company')} />
          <CountField
            name="seats"
            label={t('talk.seats')}
            min={1}
            max={SEATS_MAX}
            value={form.values.seats}
            onChange={(next) => form.setFieldValue('seats', next)}
          />
          <Textarea label={t('talk.message')} rows={4} {...form.getInputProps('message')} />
          {problem === undefined ? null : <ProblemNotice problem={problem} />}
          <Group>
            <Button type="submit" loading={isRunning}>
              {t('talk.send')}
            </Button>
            <LinkButton to="/billing/plans" variant="subtle">
              {t('choose.leave')}
            </LinkButton>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

/** One request is open at a time, so the key may follow from the workspace and what is asked. */
function request(workspaceId: string, { name, email, phone, company, message, seats }: Contact) {
  const contact = {
    ...{ name: name.trim(), email: email.trim() },
    ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
    ...(company.trim() === '' ? {} : { company: company.trim() }),
  };
  return http.POST('/v1/enterprise-requests', {
    params: { header: { 'Idempotency-Key': `page-talk-${crypto.randomUUID()}` } },
    body: { workspaceId, contact, seats, ...(message.trim() === '' ? {} : { message: message.trim() }) },
  });
}
