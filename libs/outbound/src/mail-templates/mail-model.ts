import { enterpriseReceived, enterpriseRequested } from './mail-model-enterprise.js';
import { chargebackOpened, refundReturned, subscriptionClosed } from './mail-model-closings.js';
import { invoiceCredited, invoiceToPay } from './mail-model-invoices.js';
import { signInLink } from './mail-model-sign-in.js';
import { orderToPay } from './mail-model-to-pay.js';
import { payLink } from './mail-shape.js';
import type { Build, MailDetail } from './mail-shape.js';
import type { MailTemplate } from './facts.js';
import type { Formats } from './formats.js';
import { cardExpiring, dataEnding, subscriptionExpired } from './term-models.js';
import { receipt } from './mail-model-receipt.js';
import { autoRenewalSwitched, methodReplaced } from './mail-model-switches.js';

export type { MailModel } from './mail-shape.js';

const renewalReminder: Build<'renewal_reminder'> = (facts, formats) => {
  const { translate: t } = formats;
  const willBeCharged = facts.variant === 'will-be-charged';
  const variant = willBeCharged ? 'charge' : 'expire';
  const seats = formats.seats(facts.seats);
  const values = {
    amount: formats.money(facts.amount),
    plan: facts.planName,
    workspace: facts.workspaceName,
    date: formats.day(willBeCharged ? facts.chargesOn : facts.endsOn),
  };
  return {
    subject: t(`reminder.${variant}.subject`, values),
    preheader: t(`reminder.${variant}.preheader`, { seats }),
    heading: t(`reminder.${variant}.heading`),
    paragraphs: [t(`reminder.${variant}.lead`, values), t(`reminder.${variant}.advice`, values)],
    details: [
      ...(facts.orderNumber === undefined ? [] : [{ label: t('label.orderNumber'), value: facts.orderNumber }]),
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seats'), value: seats },
      { label: t('label.endsOn'), value: formats.day(facts.endsOn) },
      { label: t('label.period'), value: formats.months(facts.periodMonths) },
      { label: t('label.renewalPrice'), value: values.amount },
      ...(willBeCharged
        ? [
            { label: t('label.chargesOn'), value: values.date },
            { label: t('label.paymentMethod'), value: formats.method(facts.method) },
          ]
        : []),
    ],
    action: {
      ...{ label: t(`reminder.${variant}.button`), path: facts.actionPath },
      ...payLink(facts.variant === 'will-expire' ? facts.payOrderId : undefined),
    },
    workspaceName: facts.workspaceName,
  };
};

const paymentDeclined: Build<'payment_declined'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = { amount: formats.money(facts.amount), plan: facts.planName, workspace: facts.workspaceName };
  const reason = t(`declined.${facts.reason}.reason`);
  const retry = facts.nextTryAt === undefined ? [] : [t('declined.retry', { date: formats.instant(facts.nextTryAt) })];
  const asks = facts.asks === undefined ? [] : [t(`declined.${facts.asks}`)];
  return {
    subject: t('declined.subject', values),
    preheader: t('declined.preheader', { reason, order: facts.orderNumber }),
    heading: t('declined.heading'),
    paragraphs: [t('declined.lead', values), `${reason} ${t(`declined.${facts.reason}.advice`)}`, ...retry, ...asks],
    details: [
      { label: t('label.orderNumber'), value: facts.orderNumber },
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seats'), value: formats.seats(facts.seats) },
      { label: t('label.amount'), value: values.amount },
      { label: t('label.paymentMethod'), value: formats.method(facts.method) },
      { label: t('label.triedAt'), value: formats.instant(facts.triedAt) },
    ],
    action: { label: t('declined.button'), path: facts.actionPath, ...payLink(facts.payOrderId) },
    workspaceName: facts.workspaceName,
  };
};

const paymentRefunded: Build<'payment_refunded'> = (facts, formats) => {
  const { translate: t } = formats;
  const values = {
    amount: formats.money(facts.amount),
    order: facts.orderNumber,
    workspace: facts.workspaceName,
  };
  return {
    subject: t('refunded.subject', values),
    preheader: t('refunded.preheader'),
    heading: t('refunded.heading'),
    paragraphs: [`${t('refunded.lead', values)} ${t(`refunded.${facts.reason}.reason`, values)}`, t('refunded.advice')],
    details: [
      { label: t('label.orderNumber'), value: facts.orderNumber },
      { label: t('label.amount'), value: values.amount },
      { label: t('label.refundTo'), value: formats.method(facts.method) },
      { label: t('label.refundedAt'), value: formats.instant(facts.refundedAt) },
    ],
    action: { label: t('refunded.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

const orderExpired: Build<'order_expired'> = (facts, formats) => {
  const { translate: t } = formats;
  const seats = formats.seats(facts.seats);
  const values = {
    amount: formats.money(facts.amount),
    order: facts.orderNumber,
    plan: facts.planName,
    workspace: facts.workspaceName,
  };
  return {
    subject: t('expired.subject', values),
    preheader: t('expired.preheader', { plan: facts.planName, seats }),
    heading: t('expired.heading'),
    paragraphs: [t('expired.lead', values), t('expired.advice')],
    details: [
      { label: t('label.orderNumber'), value: facts.orderNumber },
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seats'), value: seats },
      { label: t('label.amount'), value: values.amount },
      { label: t('label.expiredAt'), value: formats.instant(facts.expiredAt) },
    ],
    action: { label: t('expired.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

const usageDetails = (
  facts: { readonly meterName: string; readonly used: number; readonly limit: number },
  { translate: t, count }: Formats,
): readonly MailDetail[] => [
  { label: t('label.meter'), value: facts.meterName },
  { label: t('label.used'), value: count(facts.used) },
  { label: t('label.limit'), value: count(facts.limit) },
];

const usageWarning: Build<'usage_warning'> = (facts, formats) => {
  const { translate: t, count } = formats;
  const counts = { used: count(facts.used), limit: count(facts.limit), percent: count(facts.thresholdPercent) };
  const values = { meter: facts.meterName, workspace: facts.workspaceName, ...counts };
  return {
    subject: t('usage.warning.subject', values),
    preheader: t('usage.warning.preheader', values),
    heading: t('usage.warning.heading'),
    paragraphs: [t('usage.warning.lead', values), t('usage.warning.advice')],
    details: usageDetails(facts, formats),
    action: { label: t('usage.warning.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

const usageLimitReached: Build<'usage_limit_reached'> = (facts, formats) => {
  const { translate: t, count } = formats;
  const date = formats.instant(facts.blocksAt);
  const counts = { used: count(facts.used), limit: count(facts.limit) };
  const values = { meter: facts.meterName, workspace: facts.workspaceName, date, ...counts };
  return {
    subject: t('usage.full.subject', values),
    preheader: t('usage.full.preheader', values),
    heading: t('usage.full.heading'),
    paragraphs: [t('usage.full.lead', values), t('usage.full.advice', values)],
    details: [...usageDetails(facts, formats), { label: t('label.blocksAt'), value: date }],
    action: { label: t('usage.full.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

const seatsReduced: Build<'seats_reduced'> = (facts, formats) => {
  const { translate: t } = formats;
  const [before, seats] = [formats.seats(facts.seatsBefore), formats.seats(facts.seats)];
  const values = { plan: facts.planName, workspace: facts.workspaceName, before, seats };
  const amount = facts.amount === undefined ? undefined : formats.money(facts.amount);
  return {
    subject: amount === undefined ? t('reduced.subject', values) : t('reduced.subjectRefund', { ...values, amount }),
    preheader: t('reduced.preheader', values),
    heading: t('reduced.heading'),
    paragraphs: [
      t('reduced.lead', values),
      ...(amount === undefined ? [] : [t('reduced.refund', { amount })]),
      t('reduced.advice'),
    ],
    details: [
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seatsBefore'), value: before },
      { label: t('label.seats'), value: seats },
      { label: t('label.endsOn'), value: formats.day(facts.endsOn) },
      ...(amount === undefined ? [] : [{ label: t('label.givenBack'), value: amount }]),
    ],
    action: { label: t('reduced.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

/** How each template turns its facts into a mail. */
export const mailModels: { readonly [T in MailTemplate]: Build<T> } = {
  sign_in_link: signInLink,
  order_to_pay: orderToPay,
  receipt,
  renewal_reminder: renewalReminder,
  card_expiring: cardExpiring,
  data_ending: dataEnding,
  subscription_expired: subscriptionExpired,
  auto_renewal_switched: autoRenewalSwitched,
  payment_method_replaced: methodReplaced,
  payment_declined: paymentDeclined,
  payment_refunded: paymentRefunded,
  refund_returned: refundReturned,
  order_expired: orderExpired,
  invoice_to_pay: invoiceToPay,
  invoice_credited: invoiceCredited,
  usage_warning: usageWarning,
  usage_limit_reached: usageLimitReached,
  seats_reduced: seatsReduced,
  subscription_closed: subscriptionClosed,
  chargeback_opened: chargebackOpened,
  enterprise_received: enterpriseReceived,
  enterprise_requested: enterpriseRequested,
};
