import type { Build } from './mail-shape.js';

/** An order that is to be paid with a Pix code, which the mail holds as text and as a picture. */
export const orderToPay: Build<'order_to_pay'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = {
    amount: formats.money(facts.amount),
    order: facts.orderNumber,
    plan: facts.planName,
    workspace: facts.workspaceName,
    date: formats.instant(facts.payUntil),
  };
  return {
    subject: t('toPay.subject', values),
    preheader: t('toPay.preheader', values),
    heading: t('toPay.heading'),
    paragraphs: [t('toPay.lead', values), t('toPay.advice', values)],
    code: { label: t('toPay.code'), text: facts.pixCode, alt: t('toPay.alt') },
    details: [
      { label: t('label.orderNumber'), value: facts.orderNumber },
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seats'), value: formats.seats(facts.seats) },
      { label: t('label.amount'), value: values.amount },
      { label: t('label.payUntil'), value: values.date },
    ],
    action: { label: t('toPay.button'), path: facts.actionPath, payOrderId: facts.payOrderId },
    workspaceName: facts.workspaceName,
  };
};
