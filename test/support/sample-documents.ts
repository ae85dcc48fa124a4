import type { CreditNoteContent, Drawable, InvoiceContent, PaymentRequestContent } from '@billfleet/contracts';

const id = (n: number): string => `0190a000-0000-7000-8000-00000000000${String(n)}`;

const brazil = {
  ...{ id: 'brazil', legalName: 'Exemplo Software Brasil Ltda.', country: 'BR', numberPrefix: 'BR' },
  taxId: { kind: 'CNPJ', value: '11.222.333/0001-81' },
  address: ['Avenida Paulista, 1000, conjunto 101', '01310-100 São Paulo, SP'],
  timeZone: 'America/Sao_Paulo',
};
const general = {
  ...{ id: 'general', legalName: 'Example Software Inc.', country: 'US', numberPrefix: 'US' },
  taxId: { kind: 'EIN', value: '12-3456789' },
  address: ['100 Example Street, Suite 200', 'New York, NY 10001'],
  timeZone: 'America/New_York',
};

const company = {
  ...{ workspaceId: id(1), name: 'Acme Workspace', country: 'MX', email: 'pagos@acme.example', locale: 'es' },
  timeZone: 'America/Mexico_City',
  taxpayer: null,
  invoiceDetails: {
    ...{
      companyName: 'Compañía Ñandú, S.A. de C.V.',
      taxNumber: 'ABC680524P76',
      postalCode: '06600',
      city: 'Ciudad de México',
    },
    addressLines: ['Paseo de la Reforma 250, piso 3'],
  },
};
const person = {
  ...{ workspaceId: id(1), name: 'Estúdio São João', country: 'BR', email: 'joao@estudio.example', locale: 'pt-BR' },
  timeZone: 'America/Sao_Paulo',
  taxpayer: {
    ...{
      taxId: '12ABC34501DE35',
      name: 'João da Conceição Criações Ltda.',
      postalCode: '01310-100',
      city: 'São Paulo',
      region: 'SP',
    },
    addressLines: ['Rua das Flores, 100, fundos'],
  },
  invoiceDetails: null,
};

const order = (kind: string) => ({
  ...{ id: id(2), number: '1042', kind, priceListId: 'general-2026-09', quoteId: id(3) },
  placedAt: new Date('2026-10-05T14:59:00Z'),
});

const tax = (percent: string, gross: bigint, taxMinor: bigint) => ({
  kind: 'inclusive',
  ...{ rule: 'br', name: { en: 'Tax', es: 'Impuesto', 'pt-BR': 'Impostos' }, percent, prices: 'inclusive' },
  ...{ priceMinor: gross.toString(), netMinor: (gross - taxMinor).toString(), taxMinor: taxMinor.toString() },
});

const planLine = {
  description: { kind: 'plan-seats', plan: 'pro', planName: 'Pro', periodMonths: 12 },
  ...{ quantity: 25, unitMinor: '45000', amountMinor: '1125000' },
  derivation: { seats: 25, monthlyMinor: '4500', payMonths: 10 },
};
const restLine = {
  description: { kind: 'added-seats', plan: 'pro', planName: 'Pro' },
  term: { startsOn: '2026-05-05', endsOn: '2027-05-05', periodMonths: 12 },
  ...{ quantity: 3, unitMinor: '45000', amountMinor: '78411' },
  derivation: {
    ...{ monthlyMinor: '4500', payMonths: 10 },
    proration: {
      ...{ currency: 'USD', quantity: 3, unitMinor: '45000', amountMinor: '78411', rounding: 'half-away-from-zero' },
      term: {
        ...{
          convention: 'day',
          timeZone: 'America/Mexico_City',
          start: '2026-05-05',
          end: '2027-05-05',
          at: '2026-10-05',
        },
        ...{ left: '212', whole: '365', fraction: { numerator: '212', denominator: '365' } },
      },
      ...{ exactMinor: { numerator: '5724000', denominator: '73' }, roundedMinor: '78411' },
    },
  },
};
const creditsLine = {
  description: { kind: 'add-on', addOn: 'ai-credits-5000', addOnName: '5,000 AI credits', months: 3 },
  ...{ quantity: 2, unitMinor: '7500', amountMinor: '15000' },
  derivation: { packages: 2, monthlyMinor: '2500', months: 3 },
};

const shared = { version: 1, seq: 17, issuedAt: new Date('2026-10-05T15:00:00Z') } as const;
const series = (seller: string, kind: 'invoice' | 'credit_note') => ({
  seller,
  kind,
  year: 2026,
  mode: 'live' as const,
});

/** An invoice with three kinds of lines, paid by card. */
export const sampleInvoice: InvoiceContent = {
  ...{ ...shared, kind: 'invoice', number: 'US-2026-000017', series: series('general', 'invoice') },
  ...{
    seller: general,
    buyer: company,
    order: order('purchase'),
    currency: 'USD',
    amountMinor: 1_218_411n,
    taxMinor: 0n,
  },
  lines: [planLine, restLine, creditsLine],
  payment: {
    ...{ method: 'card', last4: '4242', installments: 1, reference: 'pay_0190a0000000', offline: null },
    paidAt: new Date('2026-10-05T15:00:00Z'),
  },
  dueAt: null,
};

/** An invoice of Brazil with tax in its price, paid in instalments. */
export const sampleTaxedInvoice: InvoiceContent = {
  ...sampleInvoice,
  ...{ number: 'BR-2026-000003', series: series('brazil', 'invoice'), seller: brazil, buyer: person },
  ...{ currency: 'BRL', amountMinor: 1_125_000n, taxMinor: 202_500n },
  lines: [{ ...planLine, tax: tax('18', 1_125_000n, 202_500n) }],
  payment: {
    ...{ method: 'card', last4: null, installments: 6, reference: 'pay_0190a0000001', offline: null },
    paidAt: new Date('2026-10-05T15:00:00Z'),
  },
};

/** A credit note for seats that were returned. */
export const sampleCreditNote: CreditNoteContent = {
  ...{
    ...shared,
    kind: 'credit_note',
    number: 'BR-2026-C000002',
    series: series('brazil', 'credit_note'),
    seller: brazil,
  },
  ...{ buyer: person, order: order('purchase'), currency: 'BRL', amountMinor: 78_411n, taxMinor: 14_114n },
  taxes: [
    { kind: 'inclusive', name: { en: 'Tax', es: 'Impuesto', 'pt-BR': 'Impostos' }, percent: '18', taxMinor: 14_114n },
  ],
  invoice: {
    ...{ id: id(4), number: 'BR-2026-000003', amountMinor: 1_125_000n },
    issuedAt: new Date('2026-10-05T15:00:00Z'),
  },
  refund: { id: id(5), reason: 'seats_returned', refundedAt: new Date('2026-10-06T02:30:00Z'), method: 'card' },
  basis: {
    quoteId: id(6),
    lines: [
      {
        ...restLine,
        description: { ...restLine.description, kind: 'returned-seats' },
        ...{ unitMinor: '-45000', amountMinor: '-78411' },
        derivation: {
          ...restLine.derivation,
          proration: {
            ...restLine.derivation.proration,
            ...{ currency: 'BRL', unitMinor: '-45000', amountMinor: '-78411', roundedMinor: '-78411' },
            exactMinor: { numerator: '-5724000', denominator: '73' },
          },
        },
      },
    ],
  },
};

const vat = { en: 'VAT', es: 'IVA', 'pt-BR': 'IVA' };
const german = {
  ...{ workspaceId: id(1), name: 'Nordwind', country: 'DE', email: 'rechnung@nordwind.example', locale: 'en' },
  ...{ timeZone: 'Europe/Berlin', taxpayer: null },
  invoiceDetails: {
    ...{ companyName: 'Nordwind GmbH', taxNumber: 'DE123456789', postalCode: '20095', city: 'Hamburg', country: 'DE' },
    addressLines: ['Speicherstraße 1'],
  },
};

/** An invoice of a company that owes the tax itself. */
export const sampleReverseCharged: InvoiceContent = {
  ...sampleInvoice,
  ...{ number: 'US-2026-000019', buyer: german, amountMinor: 1_125_000n },
  lines: [
    {
      ...planLine,
      tax: {
        ...{ kind: 'reverse-charge', rule: 'germany', name: vat, percent: '19', prices: 'exclusive' },
        ...{ priceMinor: '1125000', netMinor: '1125000', taxMinor: '0' },
      },
    },
  ],
};

/** An invoice on account with tax on top of the price, before it is paid. */
export const sampleAccountInvoice: InvoiceContent = {
  ...sampleInvoice,
  ...{
    number: 'US-2026-000020',
    buyer: { ...german, country: 'IE', timeZone: 'Europe/Dublin' },
    order: order('purchase'),
  },
  ...{ amountMinor: 1_383_750n, taxMinor: 258_750n, payment: null, dueAt: new Date('2026-11-04T15:00:00Z') },
  lines: [
    {
      ...{ ...planLine, amountMinor: '1383750' },
      tax: {
        ...{ kind: 'exclusive', rule: 'ireland', name: vat, percent: '23', prices: 'exclusive' },
        ...{ priceMinor: '1125000', netMinor: '1125000', taxMinor: '258750' },
      },
    },
  ],
};

/** The credit note of that invoice, which nobody paid. */
export const sampleCancellationNote: CreditNoteContent = {
  ...sampleCreditNote,
  ...{ number: 'US-2026-C000003', series: series('general', 'credit_note'), seller: general },
  issuedAt: new Date('2026-12-04T15:00:02Z'),
  ...{ buyer: sampleAccountInvoice.buyer, currency: 'USD', amountMinor: 1_383_750n, taxMinor: 258_750n },
  taxes: [{ kind: 'exclusive', name: vat, percent: '23', taxMinor: 258_750n }],
  invoice: {
    ...{ id: id(7), number: 'US-2026-000020', amountMinor: 1_383_750n },
    issuedAt: new Date('2026-10-05T15:00:00Z'),
  },
  ...{ refund: null, basis: null, cancellation: { reason: 'expired', endedAt: new Date('2026-12-04T15:00:00Z') } },
};

/** The credit note of a company that owed the tax itself. */
export const sampleReverseNote: CreditNoteContent = {
  ...sampleCancellationNote,
  ...{ number: 'US-2026-C000004', buyer: german, amountMinor: 78_411n, taxMinor: 0n },
  taxes: [{ kind: 'reverse-charge', name: vat, percent: '19', taxMinor: 0n }],
  invoice: { ...sampleCancellationNote.invoice, number: 'US-2026-000019', amountMinor: 1_125_000n },
  refund: { id: id(5), reason: 'goodwill', refundedAt: new Date('2026-10-06T02:30:00Z'), method: 'card' },
};

/** A request to pay by Pix. */
export const samplePaymentRequest: PaymentRequestContent = {
  ...{ kind: 'payment_request', seller: brazil, buyer: person, order: order('purchase'), currency: 'BRL' },
  ...{ amountMinor: 1_125_000n, taxMinor: 202_500n, lines: sampleTaxedInvoice.lines, isTried: false },
  ...{ issuedAt: new Date('2026-10-05T15:00:00Z'), payUntil: new Date('2026-10-06T15:00:00Z') },
  pixCode:
    '00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865408123.455802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D',
};

/** An invoice full of what people should not type, and of more lines than a page holds. */
export const hostileInvoice: InvoiceContent = {
  ...sampleInvoice,
  number: 'US-2026-T000018',
  series: { ...series('general', 'invoice'), mode: 'test' },
  buyer: {
    ...company,
    name: `<script>alert(1)</script>${'x'.repeat(10_000)}`,
    email: `${'e'.repeat(200)}@acme.example`,
    invoiceDetails: {
      ...{ companyName: `🚀 ${'Acme '.repeat(2_000)}`, taxNumber: '\u202e123\u202c 456', city: '株式会社 東京' },
      addressLines: [
        'W'.repeat(10_000),
        'line\u0000two\r\nthree',
        `Z${'\u0300'.repeat(500)}algo`,
        'שלום עולם',
        '${7*7} {{x}}',
      ],
    },
  },
  lines: Array.from({ length: 24 }, (_, n) => ({
    ...creditsLine,
    description: {
      ...creditsLine.description,
      addOnName: n % 2 === 0 ? `🔥 ${'Longword'.repeat(60)}` : '5,000 AI credits',
    },
  })),
  amountMinor: 360_000n,
  payment: null,
  dueAt: new Date('2026-11-04T15:00:00Z'),
};

const HASH = 'f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2';

/** One document of each kind, by the name of its picture. */
export const sampleDocuments: Readonly<Record<string, Drawable>> = {
  invoice: { content: sampleInvoice, hash: HASH },
  'taxed-invoice': { content: sampleTaxedInvoice, hash: HASH },
  'credit-note': { content: sampleCreditNote, hash: HASH },
  'reverse-charge': { content: sampleReverseCharged, hash: HASH },
  'on-account': { content: sampleAccountInvoice, hash: HASH },
  'cancellation-note': { content: sampleCancellationNote, hash: HASH },
  'reverse-charge-note': { content: sampleReverseNote, hash: HASH },
  'payment-request': { content: samplePaymentRequest },
  hostile: { content: hostileInvoice, hash: HASH },
};
