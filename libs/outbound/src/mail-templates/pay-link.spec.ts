import { describe, expect, test } from '@jest/globals';
import { mailSamples } from './mail-samples.js';
import { declineText } from './decline-text.js';
import { mailFacts } from './facts.js';
import { renderMail } from './render-mail.js';

const [, , forbidden, asking] = mailSamples.payment_declined.map((facts) => mailFacts.payment_declined.parse(facts));
const context = { locale: 'en', timeZone: 'America/New_York', publicUrl: 'https://billing.example.com' };
const payPath = (orderId: string): string => `/pay/${orderId.slice(0, 8)}.signed`;

describe('a declined payment that is not tried again', () => {
  test('asks for another method, and its button leads to where the order is paid', () => {
    if (forbidden === undefined) throw new Error('there is no such fixture');
    const mail = renderMail('payment_declined', forbidden, { ...context, payPath });
    expect(mail.text).toContain('The bank does not allow another try with this card.');
    expect(mail.text).toContain('We do not try this method again.');
    expect(mail.text).toContain('Pay now: https://billing.example.com/pay/0199a1b2.signed');
    expect(mail.html).toContain('href="https://billing.example.com/pay/0199a1b2.signed"');
    // Where no such links are made, the button leads to the order.
    expect(renderMail('payment_declined', forbidden, context).text).toContain('/billing/orders/');
  });

  test.each([
    ['en', 'confirm the payment when your bank asks you to'],
    ['es', 'confirma el pago cuando tu banco lo pida'],
    ['pt-BR', 'confirme o pagamento quando o seu banco pedir'],
  ])('asks in %s to pay once where the bank can ask', (locale, words) => {
    if (asking === undefined) throw new Error('there is no such fixture');
    expect(renderMail('payment_declined', asking, { ...context, locale }).text).toContain(words);
  });
});

test.each([
  ['en', 'insufficient_funds', 'There was not enough money available.'],
  ['es', 'do_not_try_again', 'El banco no permite otro intento con esta tarjeta.'],
  ['pt-BR', 'a code of tomorrow', 'O pagamento não foi aprovado.'],
])('the reason of a decline is told in %s', (locale, code, reason) => {
  expect(declineText(locale, code).reason).toBe(reason);
});
