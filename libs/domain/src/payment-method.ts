import type { InstallmentRule } from './catalogue.js';
import { allocate, money } from './money.js';
import type { Currency } from './money.js';
import type { Refusal } from './refusal.js';

/** A way to pay. */
export type PaymentMethod = 'card' | 'pix' | 'paypal';

/** Every way to pay there is. */
export const paymentMethods: readonly PaymentMethod[] = ['card', 'pix', 'paypal'];

const BRAZIL = 'BR';

/** The ways to pay in a country (ISO 3166 code), the customary one first. */
export function methodsFor(country: string): readonly PaymentMethod[] {
  return country === BRAZIL ? ['card', 'pix'] : ['card', 'paypal'];
}

/** What decides whether something can be paid in parts, and in how many. */
export type InstallmentQuestion = {
  readonly country: string;
  readonly method: PaymentMethod;
  readonly amountMinor: bigint;
  readonly periodMonths: number;
  readonly rules: readonly InstallmentRule[];
};

/** One way to divide an amount: so many monthly parts, of these amounts, in minor units. */
export type InstallmentOption = { readonly count: number; readonly amountsMinor: readonly bigint[] };

/** Why an order cannot be paid that way. */
export type PaymentRefusalCode = 'method_not_available' | 'installments_not_available' | 'installments_out_of_range';

/** Whether an order may be paid that way, or the first reason why not. */
export type PaymentCheck = { readonly kind: 'ok' } | ({ readonly kind: 'refused' } & Refusal<PaymentRefusalCode>);

/**
 * Says whether an order may be paid by a method in so many instalments; 1 is payment at once and needs no rule. Card
 * instalments are between payer and issuer: the merchant is paid the whole amount once, without interest.
 */
export function checkPayment(question: InstallmentQuestion & { readonly installments: number }): PaymentCheck {
  const { country, method, installments } = question;
  const methods = methodsFor(country);
  if (!methods.includes(method)) {
    return refuse('method_not_available', 'method', method, `one of ${methods.join(', ')} in ${country}`);
  }
  if (installments === 1) return { kind: 'ok' };
  if (ruleFor(question) === undefined) {
    const wanted = `1: ${method} in ${country} pays at once`;
    return refuse('installments_not_available', 'installments', String(installments), wanted);
  }
  const most = mostInstallments(question);
  if (!Number.isInteger(installments) || installments < 1 || installments > most) {
    const wanted = `a whole number from 1 to ${most}`;
    return refuse('installments_out_of_range', 'installments', String(installments), wanted);
  }
  return { kind: 'ok' };
}

/**
 * Every number of instalments on offer, beginning with 1, each with its amounts: equal parts with the remainder on the
 * first. Never more parts than the term has months, and no part below the country's minimum.
 */
export function installmentOptions(
  question: InstallmentQuestion & { readonly currency: Currency },
): readonly InstallmentOption[] {
  const total = money(question.amountMinor, question.currency);
  return Array.from({ length: mostInstallments(question) }, (_, index) => ({
    count: index + 1,
    amountsMinor: allocate(total, index + 1).map((part) => part.amountMinor),
  }));
}

function mostInstallments(question: InstallmentQuestion): number {
  const rule = ruleFor(question);
  if (rule === undefined) return 1;
  const byAmount = question.amountMinor / rule.minMinor;
  const byTerm = Math.min(rule.max, question.periodMonths);
  return Math.max(1, byAmount < BigInt(byTerm) ? Number(byAmount) : byTerm);
}

function ruleFor(question: InstallmentQuestion): InstallmentRule | undefined {
  if (question.method !== 'card') return undefined;
  return question.rules.find((rule) => rule.country === question.country);
}

function refuse(code: PaymentRefusalCode, field: string, found: string, wanted: string): PaymentCheck {
  return { kind: 'refused', code, field, found, wanted };
}
