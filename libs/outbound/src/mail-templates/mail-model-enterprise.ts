import type { Formats } from './formats.js';
import type { Build, MailDetail } from './mail-shape.js';

/** Told to the person who asked for a contract. */
export const enterpriseReceived: Build<'enterprise_received'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = { workspace: facts.workspaceName, name: facts.contactName };
  return {
    subject: t('enterpriseReceived.subject', values),
    preheader: t('enterpriseReceived.preheader'),
    heading: t('enterpriseReceived.heading'),
    paragraphs: [t('enterpriseReceived.lead', values), t('enterpriseReceived.advice')],
    details: [
      { label: t('label.workspace'), value: facts.workspaceName },
      { label: t('label.contact'), value: facts.contactName },
      ...seatsWanted(facts.seats, formats),
    ],
    action: { label: t('enterpriseReceived.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
    footer: t('enterpriseReceived.footer', values),
  };
};

/** Told to sales. */
export const enterpriseRequested: Build<'enterprise_requested'> = (facts, formats) => {
  const { translate: t } = formats;
  const { contactName, contactEmail, contactPhone, company, message } = facts;
  const values = { workspace: facts.workspaceName, name: contactName };
  const optional = (label: string, value: string | undefined): readonly MailDetail[] =>
    value === undefined || value === '' ? [] : [{ label, value }];
  return {
    subject: t('enterpriseRequested.subject', values),
    preheader: t('enterpriseRequested.preheader'),
    heading: t('enterpriseRequested.heading'),
    paragraphs: [t('enterpriseRequested.lead', values)],
    details: [
      { label: t('label.workspace'), value: facts.workspaceName },
      { label: t('label.contact'), value: contactName },
      { label: t('label.email'), value: contactEmail },
      ...optional(t('label.phone'), contactPhone),
      ...optional(t('label.company'), company),
      ...seatsWanted(facts.seats, formats),
      ...optional(t('label.message'), message),
    ],
    action: { label: t('enterpriseRequested.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
    footer: t('enterpriseRequested.footer'),
  };
};

const seatsWanted = (seats: number | undefined, { translate, seats: write }: Formats): readonly MailDetail[] =>
  seats === undefined ? [] : [{ label: translate('label.seats'), value: write(seats) }];
