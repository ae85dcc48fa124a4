import { payLink } from './mail-shape.js';
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

/** A term that ended: what still works, until when, and how to go on. */
export const subscriptionExpired: Build<'subscription_expired'> = (facts, formats) => {
  const { translate: t, day } = formats;
  const ended = day(facts.endedOn);
  const values = { plan: facts.planName, workspace: facts.workspaceName, ended, kept: day(facts.keptUntil) };
  const until = facts.worksUntil === undefined ? undefined : day(facts.worksUntil);
  const grace = until === undefined ? undefined : { ...values, until };
  return {
    subject: grace === undefined ? t('ended.subject', values) : t('ended.subjectGrace', grace),
    preheader: t('ended.preheader', values),
    heading: t('ended.heading'),
    paragraphs: [
      t('ended.lead', values),
      grace === undefined ? t('ended.access') : t('ended.accessGrace', grace),
      t('ended.advice', values),
    ],
    details: [
      { label: t('label.workspace'), value: facts.workspaceName },
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seats'), value: formats.seats(facts.seats) },
      { label: t('label.endedOn'), value: ended },
      ...(until === undefined ? [] : [{ label: t('label.worksUntil'), value: until }]),
      { label: t('label.keptUntil'), value: values.kept },
    ],
    action: { label: t('ended.button'), path: facts.actionPath, ...payLink(facts.payOrderId) },
    workspaceName: facts.workspaceName,
  };
};
