import { randomUUID } from 'node:crypto';
import { order, quote } from './bad-requests.js';
import type { Row } from './bad-requests.js';
import { CPF } from './customer.js';

const inBrazil = (over: Record<string, unknown>) =>
  order(({ br, brQuoteId }) => ({ workspaceId: br.id, quoteId: brQuoteId, ...over }));
const pix = { payment: { collection: 'provider', method: 'pix' } };
const paypal = { payment: { collection: 'provider', method: 'paypal' } };
const inline = (over: Record<string, unknown>) =>
  order(() => ({
    quoteId: undefined,
    purchase: {
      plan: 'advanced',
      seats: 5,
      periodMonths: 6,
      expectedAmountMinor: '105000',
      expectedCurrency: 'USD',
      ...over,
    },
  }));
/** Quotes and orders that ask for something that is not to be had. */
export const badOrders: readonly Row[] = [
  ['an unknown plan', quote({ plan: 'platinum' }), 422, 'plan_unknown', 'plan'],
  ['a plan that is sold on request', quote({ plan: 'enterprise' }), 422, 'plan_on_request', 'plan'],
  ['no seats', quote({ seats: 0 }), 400, 'field_invalid', 'seats'],
  ['fewer than no seats', quote({ seats: -1 }), 400, 'field_invalid', 'seats'],
  ['half a seat', quote({ seats: 1.5 }), 400, 'field_invalid', 'seats'],
  ['a billion seats', quote({ seats: 1e9 }), 400, 'field_invalid', 'seats'],
  ['seats as text', quote({ seats: '5' }), 400, 'field_invalid', 'seats'],
  ['seats left out', quote({ seats: undefined }), 400, 'field_missing', 'seats'],
  ['a period that nobody offers', quote({ periodMonths: 7 }), 422, 'period_unknown', 'periodMonths'],
  ['a field that nobody reads', quote({ coupon: 'FREE' }), 400, 'field_unknown', 'coupon'],
  ['a workspace that is none', quote({ workspaceId: 'x' }), 400, 'field_invalid', 'workspaceId'],
  ['an unknown workspace', quote({ workspaceId: randomUUID() }), 404, 'workspace_unknown', 'workspaceId'],
  ['a plan with control characters', quote({ plan: 'base\u0000' }), 400, 'field_invalid', 'plan'],
  [
    'a taxpayer with half a character',
    inBrazil({ ...pix, taxpayer: { ...CPF, name: 'Maria \ud800' } }),
    400,
    'field_invalid',
    'taxpayer.name',
  ],
  [
    'invoice details with half a character',
    order(() => ({ invoiceDetails: { companyName: 'Northwind \udc00' } })),
    400,
    'field_invalid',
    'invoiceDetails.companyName',
  ],
  ['Pix outside of Brazil', order(() => pix), 422, 'method_not_available', 'payment.method'],
  ['PayPal in Brazil', inBrazil({ ...paypal, taxpayer: CPF }), 422, 'method_not_available', 'payment.method'],
  ['no taxpayer in Brazil', inBrazil(pix), 422, 'taxpayer_required', 'taxpayer'],
  [
    'a bad CPF',
    inBrazil({ ...pix, taxpayer: { ...CPF, taxId: '529.982.247-26' } }),
    422,
    'tax_id_invalid',
    'taxpayer.taxId',
  ],
  [
    'a CPF of equal digits',
    inBrazil({ ...pix, taxpayer: { ...CPF, taxId: '11111111111' } }),
    422,
    'tax_id_invalid',
    'taxpayer.taxId',
  ],
  [
    'a bad CNPJ',
    inBrazil({ ...pix, taxpayer: { ...CPF, taxId: '12ABC34501DE36' } }),
    422,
    'tax_id_invalid',
    'taxpayer.taxId',
  ],
  [
    'instalments outside of Brazil',
    order(() => ({ payment: { collection: 'provider', method: 'card', installments: 3 } })),
    422,
    'installments_not_available',
    'payment.installments',
  ],
  ['no idempotency key', order(() => ({}), { key: null }), 400, 'idempotency_key_missing', 'Idempotency-Key'],
  [
    'an over-long idempotency key',
    order(() => ({}), { key: 'k'.repeat(256) }),
    400,
    'idempotency_key_invalid',
    'Idempotency-Key',
  ],
  [
    'an idempotency key with a blank',
    order(() => ({}), { key: 'a b' }),
    400,
    'idempotency_key_invalid',
    'Idempotency-Key',
  ],
  [
    'both quote and purchase',
    order(() => ({
      purchase: { plan: 'advanced', seats: 5, periodMonths: 6, expectedAmountMinor: '105000', expectedCurrency: 'USD' },
    })),
    400,
    'field_invalid',
    'quoteId',
  ],
  ['neither quote nor purchase', order(() => ({ quoteId: undefined })), 400, 'field_missing', 'quoteId'],
  [
    'a quote that is over',
    order(({ expiredQuoteId }) => ({ quoteId: expiredQuoteId })),
    409,
    'quote_expired',
    'quoteId',
  ],
  [
    'the quote of another workspace',
    order(({ brQuoteId }) => ({ quoteId: brQuoteId })),
    404,
    'quote_unknown',
    'quoteId',
  ],
  ['an unknown quote', order(() => ({ quoteId: randomUUID() })), 404, 'quote_unknown', 'quoteId'],
  ['a quote that was used', order(({ usedQuoteId }) => ({ quoteId: usedQuoteId })), 409, 'quote_used', 'quoteId'],
  [
    'another price than expected',
    inline({ expectedAmountMinor: '104999' }),
    409,
    'price_differs',
    'purchase.expectedAmountMinor',
  ],
  [
    'another currency than expected',
    inline({ expectedCurrency: 'BRL' }),
    409,
    'price_differs',
    'purchase.expectedAmountMinor',
  ],
  [
    'an amount as a number',
    inline({ expectedAmountMinor: 105_000 }),
    400,
    'field_invalid',
    'purchase.expectedAmountMinor',
  ],
  [
    'an amount with a comma',
    inline({ expectedAmountMinor: '1050,00' }),
    400,
    'field_invalid',
    'purchase.expectedAmountMinor',
  ],
  ['an unknown plan without a quote', inline({ plan: 'platinum' }), 422, 'plan_unknown', 'purchase.plan'],
  [
    'a token that is an expression',
    order(() => ({ payment: { collection: 'provider', method: 'card', token: '${x}' } })),
    400,
    'field_invalid',
    'payment.token',
  ],
];
