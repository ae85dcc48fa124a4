import type { Build } from './mail-shape.js';

/** A card that expires before it is to be charged. */
export const cardExpiring: Build<'card_expiring'> = (facts, formats) => {
  const { translate: t, day } = formats;
  const values = {
    method: formats.method(facts.method),
    plan: facts.planName,
    workspace: facts.workspaceName,
    month: formats.month(facts.expiresIn),
    date: day(facts.chargesOn),
  };
  return {
    subject: t('cardExpiring.subject', values),
    preheader: t('cardExpiring.preheader', values),
    heading: t('cardExpiring.heading'),
    paragraphs: [t('cardExpiring.lead', values), t('cardExpiring.advice', values)],
    details: [
      { label: t('label.paymentMethod'), value: values.method },
      { label: t('label.goodUntil'), value: values.month },
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.chargesOn'), value: values.date },
      { label: t('label.endsOn'), value: day(facts.endsOn) },
    ],
    action: { label: t('cardExpiring.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

/** Data whose keeping ends. */
export const dataEnding: Build<'data_ending'> = (facts, formats) => {
  const { translate: t, day } = formats;
  const values = { plan: facts.planName, workspace: facts.workspaceName, date: day(facts.keptUntil) };
  return {
    subject: t('dataEnding.subject', values),
    preheader: t('dataEnding.preheader', values),
    heading: t('dataEnding.heading', values),
    paragraphs: [t('dataEnding.lead', { ...values, ended: day(facts.endedOn) }), t('dataEnding.advice', values)],
    details: [
      { label: t('label.workspace'), value: facts.workspaceName },
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.endedOn'), value: day(facts.endedOn) },
      { label: t('label.keptUntil'), value: values.date },
    ],
    action: { label: t('dataEnding.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};
