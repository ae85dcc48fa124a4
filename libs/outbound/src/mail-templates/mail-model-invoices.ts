import type { Formats } from './formats.js';
import type { MailFacts } from './facts.js';
import type { Build, MailDetail } from './mail-shape.js';

type Facts = MailFacts['invoice_to_pay' | 'invoice_credited'];

const valuesOf = (facts: Facts, formats: Formats) => ({
  ...{ amount: formats.money(facts.amount), plan: facts.planName, seats: formats.seats(facts.seats) },
  ...{ order: facts.orderNumber, workspace: facts.workspaceName, document: facts.documentNumber },
});

const detailsOf = (facts: Facts, { translate: t, seats, money }: Formats): readonly MailDetail[] => [
  { label: t('label.orderNumber'), value: facts.orderNumber },
  { label: t('label.plan'), value: facts.planName },
  { label: t('label.seats'), value: seats(facts.seats) },
  { label: t('label.amount'), value: money(facts.amount) },
];

/** An invoice of an order on account; its PDF travels with the mail. */
export const invoiceToPay: Build<'invoice_to_pay'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = { ...valuesOf(facts, formats), date: formats.day(facts.dueOn) };
  return {
    subject: t('invoiceToPay.subject', values),
    preheader: t('invoiceToPay.preheader', values),
    heading: t('invoiceToPay.heading'),
    paragraphs: [t('invoiceToPay.lead', values), t('invoiceToPay.advice', values)],
    details: [
      { label: t('label.invoice'), value: facts.documentNumber },
      ...detailsOf(facts, formats),
      { label: t('label.dueOn'), value: values.date },
    ],
    action: { label: t('invoiceToPay.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

/** An order on account that ended unpaid: its credit note travels with the mail. */
export const invoiceCredited: Build<'invoice_credited'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = valuesOf(facts, formats);
  return {
    subject: t('invoiceCredited.subject', values),
    preheader: t('invoiceCredited.preheader', values),
    heading: t('invoiceCredited.heading'),
    paragraphs: [t('invoiceCredited.lead', values), t('invoiceCredited.advice')],
    details: [{ label: t('label.creditNote'), value: facts.documentNumber }, ...detailsOf(facts, formats)],
    action: { label: t('invoiceCredited.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};
