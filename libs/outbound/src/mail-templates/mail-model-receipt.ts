import type { MailFacts } from './facts.js';
import type { Formats } from './formats.js';
import type { Build } from './mail-shape.js';

/** An order that was paid and carried out; its subject says what came of it. */
export const receipt: Build<'receipt'> = (facts, formats) => {
  const { translate: t } = formats;
  const seats = formats.seats(facts.seats);
  const dates = t('common.dateRange', { from: formats.day(facts.startsOn), to: formats.day(facts.endsOn) });
  const values = {
    ...{ amount: formats.money(facts.amount), plan: facts.planName, workspace: facts.workspaceName, seats },
    ...{ added: formats.seats(facts.seatsAdded ?? facts.seats), date: formats.day(facts.endsOn) },
  };
  const event = `receipt.${facts.bought}` as const;
  return {
    subject: t(`${event}.subject`, values),
    preheader: t('receipt.preheader', { seats, dates, order: facts.orderNumber }),
    heading: t(`${event}.heading`),
    paragraphs: [
      `${t('receipt.lead', values)} ${t(`${event}.lead`, values)}`,
      ...renewalText(facts, formats),
      t('receipt.advice'),
    ],
    details: [
      { label: t('label.orderNumber'), value: facts.orderNumber },
      ...(facts.bought === 'purchase' ? [] : [{ label: t('label.bought'), value: t(`bought.${facts.bought}`) }]),
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seats'), value: seats },
      ...(facts.periodMonths === undefined
        ? []
        : [{ label: t('label.period'), value: formats.months(facts.periodMonths) }]),
      { label: t('label.dates'), value: dates },
      { label: t('label.amount'), value: values.amount },
      { label: t('label.method'), value: formats.method(facts.method) },
      { label: t('label.paidAt'), value: formats.instant(facts.paidAt) },
    ],
    action: { label: t('receipt.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

function renewalText({ renewal, endsOn }: MailFacts['receipt'], { translate: t, day }: Formats): readonly string[] {
  if (renewal === undefined) return [];
  if (renewal.is === 'off') return [t('receipt.renewal.off', { date: day(endsOn) })];
  return [t(`receipt.renewal.${renewal.is}`, { date: day(renewal.chargesOn) })];
}
