import type { MailFacts, MailTemplate } from './facts.js';
import type { Formats } from './formats.js';
import type { Build, MailDetail } from './mail-shape.js';

/** Automatic renewal that was turned on or off: by whom, and what happens when. */
export const autoRenewalSwitched: Build<'auto_renewal_switched'> = (facts, formats) => {
  const { translate: t, day } = formats;
  const values = { plan: facts.planName, workspace: facts.workspaceName, date: day(facts.endsOn) };
  const event = `renewalSwitch.${facts.is}` as const;
  return {
    subject: t(`${event}.subject`, values),
    preheader: t(`${event}.preheader`),
    heading: t(`${event}.heading`),
    paragraphs: [t(`${event}.lead`, values), followsOf(facts, formats), t('switches.advice')],
    details: [
      { label: t('label.workspace'), value: facts.workspaceName },
      { label: t('label.plan'), value: facts.planName },
      { label: t('label.seats'), value: formats.seats(facts.seats) },
      { label: t('label.endsOn'), value: values.date },
      ...(facts.is === 'on' && facts.chargesOn !== undefined
        ? [
            { label: t('label.chargesOn'), value: day(facts.chargesOn) },
            { label: t('label.paymentMethod'), value: formats.method(facts.method) },
          ]
        : []),
      ...doneBy(facts.by, facts.switchedAt, formats),
    ],
    action: { label: t('renewalSwitch.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

function followsOf(facts: MailFacts['auto_renewal_switched'], { translate: t, day, method }: Formats): string {
  if (facts.is === 'off') return t('renewalSwitch.off.follows', { date: day(facts.endsOn) });
  if (facts.chargesOn === undefined) return t('renewalSwitch.on.later');
  return t('renewalSwitch.on.follows', { date: day(facts.chargesOn), method: method(facts.method) });
}

/** A notice for safety: whoever did not ask for another method hears of it. */
export const methodReplaced: Build<'payment_method_replaced'> = (facts, formats) => {
  const { translate: t } = formats;
  const method = storedMethod(facts.method, formats);
  const before = facts.before === undefined ? undefined : storedMethod(facts.before, formats);
  const event = before === undefined ? 'methodStored' : 'methodReplaced';
  const values = { method, before: before ?? '', workspace: facts.workspaceName };
  return {
    subject: t(`${event}.subject`, values),
    preheader: t('methodReplaced.preheader'),
    heading: t(`${event}.heading`),
    paragraphs: [t(`${event}.lead`, values), t('methodReplaced.follows'), t('switches.advice')],
    details: [
      { label: t('label.workspace'), value: facts.workspaceName },
      { label: t('label.paymentMethod'), value: method },
      ...(before === undefined ? [] : [{ label: t('label.methodBefore'), value: before }]),
      ...doneBy(facts.by, facts.storedAt, formats),
    ],
    action: { label: t('methodReplaced.button'), path: facts.actionPath },
    workspaceName: facts.workspaceName,
  };
};

type WithDoer = Extract<MailTemplate, 'auto_renewal_switched' | 'payment_method_replaced'>;

function doneBy(by: MailFacts[WithDoer]['by'], at: Date, { translate: t, instant }: Formats): readonly MailDetail[] {
  return [
    { label: t('label.doneBy'), value: by.kind === 'key' ? t('doer.key', { name: by.name }) : by.name },
    { label: t('label.doneAt'), value: instant(at) },
  ];
}

/** Brands by the names that providers give them; one that is not here is written with a capital. */
const BRANDS: Readonly<Record<string, string>> = { amex: 'American Express', mastercard: 'Mastercard', visa: 'Visa' };

function storedMethod({ brand, ...method }: MailFacts['payment_method_replaced']['method'], formats: Formats): string {
  if (method.kind !== 'card' || brand === undefined) return formats.method(method);
  const name = BRANDS[brand.toLowerCase()] ?? `${brand.slice(0, 1).toUpperCase()}${brand.slice(1)}`;
  return method.last4 === undefined
    ? name
    : formats.translate('method.brandEnding', { brand: name, last4: method.last4 });
}
