import type { Build } from './mail-shape.js';

/** Told to whoever looks after billing once staff have closed the subscription. */
export const subscriptionClosed: Build<'subscription_closed'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = { plan: facts.planName, workspace: facts.workspaceName };
  const amount = facts.amount === undefined ? undefined : formats.money(facts.amount);
  return {
    subject: amount === undefined ? t('closed.subject', values) : t('closed.subjectRefund', { ...values, amount }),
    preheader: t('closed.preheader'),
    heading: t('closed.heading'),
    paragraphs: [
      t('closed.lead', values),
      ...(amount === undefined ? [] : [t('closed.refund', { amount })]),
      t('closed.advice'),
    ],
    details: [
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seatsBefore'), value: formats.seats(facts.seats) },
      ...(amount === undefined ? [] : [{ label: t('label.givenBack'), value: amount }]),
    ],
    action: { label: t('closed.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

/** Told to whoever looks after billing when the bank takes a payment back. */
export const refundReturned: Build<'refund_returned'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = { amount: formats.money(facts.amount), order: facts.orderNumber, workspace: facts.workspaceName };
  return {
    subject: t('returned.subject', values),
    preheader: t('returned.preheader'),
    heading: t('returned.heading'),
    paragraphs: [t('returned.lead', values), t('returned.advice')],
    details: [
      { label: t('label.orderNumber'), value: facts.orderNumber },
      { label: t('label.amount'), value: values.amount },
      { label: t('label.refundTo'), value: formats.method(facts.method) },
      { label: t('label.returnedAt'), value: formats.instant(facts.returnedAt) },
    ],
    action: { label: t('returned.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

export const chargebackOpened: Build<'chargeback_opened'> = (facts, formats) => {
  const { translate: t } = formats;
  const amount = formats.money(facts.amount);
  const values = { amount, order: facts.orderNumber, workspace: facts.workspaceName };
  return {
    subject: t('chargeback.subject', values),
    preheader: t('chargeback.preheader'),
    heading: t('chargeback.heading'),
    paragraphs: [t('chargeback.lead', values), t('chargeback.renewal'), t('chargeback.advice')],
    details: [
      { label: t('label.orderNumber'), value: facts.orderNumber },
      { label: t('label.amount'), value: amount },
      { label: t('label.takenBackAt'), value: formats.instant(facts.openedAt) },
    ],
    action: { label: t('chargeback.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};
