import { orderKinds } from '@billfleet/domain';
import type { MailTemplate, StoredMailFacts } from './facts.js';

/** The facts that mails about an order share. The name of the workspace has what HTML would take for markup. */
export const sampleOrder = {
  workspaceName: 'Padaria <b>São João</b> & Filhos',
  actionPath: '/billing/orders/0199?tab=pay',
  orderNumber: 'BF-2026-000042',
  planName: 'Advanced',
  seats: 5,
  amount: { amountMinor: '123456', currency: 'BRL' },
};
const used = {
  workspaceName: sampleOrder.workspaceName,
  actionPath: sampleOrder.actionPath,
  meterName: 'Leads',
  used: 123_456,
  limit: 150_000,
};
const workspace = { workspaceName: sampleOrder.workspaceName, actionPath: sampleOrder.actionPath };
const card = { kind: 'card' as const, last4: '4242' };

const switched = {
  ...{ ...workspace, planName: sampleOrder.planName, seats: 5, endsOn: '2027-03-01' },
  ...{ by: { kind: 'person' as const, name: 'ana' }, switchedAt: '2026-09-01T01:30:00Z' },
};
/** Receipts of everything that can be bought besides a first purchase. */
const receiptSamples = orderKinds
  .filter((kind) => kind !== 'purchase')
  .map((bought): StoredMailFacts['receipt'] => ({
    ...{ ...sampleOrder, method: card, bought, startsOn: '2026-09-01', endsOn: '2027-03-01' },
    ...{ paidAt: '2026-09-01T01:30:00Z' },
    ...(bought.includes('seats') ? { seatsAdded: 2 } : {}),
    ...(bought === 'renewal' ? { periodMonths: 6, renewal: { is: 'on', chargesOn: '2027-02-26' } } : {}),
    ...(bought === 'extension' ? { periodMonths: 6, renewal: { is: 'turned-on', chargesOn: '2027-02-26' } } : {}),
  }));

/** Made-up facts of every template, in each of its forms, as they would be stored: to look at, and for tests. */
export const mailSamples: { [T in MailTemplate]: StoredMailFacts[T][] } = {
  sign_in_link: (['billing', 'support'] as const).map((door) => ({
    ...{ workspaceName: sampleOrder.workspaceName, actionPath: sampleOrder.actionPath, door },
    ...{ linkId: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', goodUntil: '2026-09-01T01:30:00Z' },
  })),
  order_to_pay: [
    {
      ...sampleOrder,
      pixCode:
        '00020101021226610014br.gov.bcb.pix2539pix.sandbox.invalid/pay_0199a1b2c3d47e5f520400005303986540712345.675802BR5913Billfleet6009Sao Paulo62070503***6304ABCD',
      payUntil: '2026-09-01T01:30:00Z',
      payOrderId: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    },
  ],
  receipt: [
    {
      ...sampleOrder,
      method: { kind: 'pix' },
      periodMonths: 6,
      startsOn: '2026-09-01',
      endsOn: '2027-03-01',
      paidAt: '2026-09-01T01:30:00Z',
      renewal: { is: 'off' },
    },
    ...receiptSamples,
  ],
  renewal_reminder: [
    {
      ...sampleOrder,
      variant: 'will-be-charged',
      periodMonths: 12,
      endsOn: '2027-03-01',
      chargesOn: '2027-02-26',
      method: card,
    },
    { ...sampleOrder, variant: 'will-expire', periodMonths: 1, endsOn: '2027-03-01' },
  ],
  card_expiring: [
    {
      ...{
        workspaceName: sampleOrder.workspaceName,
        actionPath: sampleOrder.actionPath,
        planName: sampleOrder.planName,
        method: card,
      },
      ...{ expiresIn: '2027-02', chargesOn: '2027-03-26', endsOn: '2027-03-29' },
    },
  ],
  data_ending: [
    {
      ...{
        workspaceName: sampleOrder.workspaceName,
        actionPath: sampleOrder.actionPath,
        planName: sampleOrder.planName,
      },
      ...{ endedOn: '2027-03-29', keptUntil: '2027-06-27' },
    },
  ],
  subscription_expired: [
    {
      ...{ ...workspace, planName: sampleOrder.planName, seats: 5 },
      ...{ endedOn: '2027-03-29', worksUntil: '2027-04-01', keptUntil: '2027-06-27' },
      payOrderId: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    },
    {
      ...{ ...workspace, planName: sampleOrder.planName, seats: 1 },
      ...{ endedOn: '2027-03-29', keptUntil: '2027-06-27' },
    },
  ],
  auto_renewal_switched: [
    { ...switched, is: 'on', method: card, chargesOn: '2027-02-26' },
    { ...switched, is: 'on', method: { kind: 'paypal' } },
    { ...switched, is: 'off', by: { kind: 'key', name: 'backoffice' } },
  ],
  payment_method_replaced: [
    {
      ...{ ...workspace, method: { ...card, brand: 'visa' }, before: { kind: 'card', last4: '5556', brand: 'elo' } },
      ...{ by: switched.by, storedAt: '2026-09-01T01:30:00Z' },
    },
    { ...{ ...workspace, method: { kind: 'paypal' }, by: switched.by, storedAt: '2026-09-01T01:30:00Z' } },
  ],
  payment_declined: [
    {
      ...sampleOrder,
      method: card,
      reason: 'expired_card',
      triedAt: '2026-09-01T01:30:00Z',
      nextTryAt: '2026-09-02T01:30:00Z',
    },
    { ...sampleOrder, method: card, reason: 'a code of tomorrow', triedAt: '2026-09-01T01:30:00Z' },
    {
      ...{ ...sampleOrder, method: card, reason: 'do_not_try_again', triedAt: '2026-09-01T01:30:00Z' },
      ...{ asks: 'ask-for-another-method', payOrderId: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' },
    },
    {
      ...{ ...sampleOrder, method: card, reason: 'authentication_required', triedAt: '2026-09-01T01:30:00Z' },
      asks: 'ask-to-confirm',
    },
  ],
  payment_refunded: [
    {
      workspaceName: sampleOrder.workspaceName,
      actionPath: sampleOrder.actionPath,
      orderNumber: sampleOrder.orderNumber,
      amount: sampleOrder.amount,
      method: card,
      reason: 'late_payment',
      refundedAt: '2026-09-01T01:30:00Z',
    },
  ],
  refund_returned: [
    {
      ...{ workspaceName: sampleOrder.workspaceName, actionPath: sampleOrder.actionPath },
      ...{ orderNumber: sampleOrder.orderNumber, amount: sampleOrder.amount, method: card },
      returnedAt: '2026-09-01T01:30:00Z',
    },
  ],
  order_expired: [{ ...sampleOrder, expiredAt: '2026-09-01T01:30:00Z' }],
  invoice_to_pay: [
    {
      ...{ ...sampleOrder, documentNumber: 'BR-2026-000042', dueOn: '2026-10-01' },
      documentId: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    },
  ],
  invoice_credited: [
    { ...sampleOrder, documentNumber: 'BR-2026-C000007', documentId: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' },
  ],
  usage_warning: [{ ...used, thresholdPercent: 75 }],
  usage_limit_reached: [{ ...used, blocksAt: '2026-09-01T01:30:00Z' }],
  seats_reduced: [
    {
      workspaceName: sampleOrder.workspaceName,
      actionPath: sampleOrder.actionPath,
      planName: sampleOrder.planName,
      seatsBefore: 9,
      seats: 5,
      endsOn: '2027-03-01',
      amount: sampleOrder.amount,
    },
  ],
  subscription_closed: [
    { ...workspace, planName: sampleOrder.planName, seats: 5, amount: sampleOrder.amount },
    { ...workspace, planName: sampleOrder.planName, seats: 1 },
  ],
  chargeback_opened: [
    {
      ...workspace,
      orderNumber: sampleOrder.orderNumber,
      amount: sampleOrder.amount,
      openedAt: '2026-09-01T01:30:00Z',
    },
  ],
  enterprise_received: [
    {
      workspaceName: sampleOrder.workspaceName,
      actionPath: sampleOrder.actionPath,
      contactName: 'Ana Souza',
      seats: 80,
    },
  ],
  enterprise_requested: [
    {
      ...{
        workspaceName: sampleOrder.workspaceName,
        actionPath: sampleOrder.actionPath,
        contactName: 'Ana Souza',
        seats: 80,
      },
      ...{ contactEmail: 'ana@customer.example', contactPhone: '+55 11 5555-0100', company: 'Padaria Aurora' },
      message: 'Two offices.\nPlease call <i>after</i> ten.',
    },
    {
      workspaceName: sampleOrder.workspaceName,
      actionPath: sampleOrder.actionPath,
      contactName: 'Ana',
      contactEmail: 'a@b.example',
    },
  ],
};
