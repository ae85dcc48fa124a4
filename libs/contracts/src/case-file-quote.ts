import { compare, parsePercent, prorationConventions } from '@billfleet/domain';
import { z } from 'zod';
import { quoteKinds } from './commands.js';
import { caseId, civilDateText, decimalText, instantText, timeZoneName, wholeNumber } from './case-file-fields.js';

const MAX_SEATS = 1_000_000;
const MAX_TERMS = 100;
const MAX_ADD_ONS = 100;
const MAX_CHANGES = 20;

const name = z.string().min(1).max(80);
const percent = z
  .string()
  .refine((text) => parsePercent(text) !== undefined, { error: 'a percentage in quotes, above 0 and below 100' });
const months = wholeNumber(1, 120);
// What is not for sale is refused by the engine, with a code that a case may expect; so seats are held loosely here.
const seats = wholeNumber(0, MAX_SEATS);
const country = z.string().regex(/^[A-Z]{2}$/, { error: 'an ISO 3166 country code such as BR' });
const workspaceId = z.uuid({ error: 'a UUID' }).optional();

const nextTerm = { plan: name.optional(), seats: seats.optional(), periodMonths: months.optional() };

const purchaseRequest = z.strictObject({
  workspaceId,
  kind: z.literal('purchase').default('purchase'),
  plan: name,
  seats,
  periodMonths: months,
});
const changeRequest = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ workspaceId, kind: z.literal('upgrade'), plan: name }),
    z.strictObject({ workspaceId, kind: z.literal('add-seats'), seats }),
    z.strictObject({ workspaceId, kind: z.literal('upgrade-and-add-seats'), plan: name, seats }),
    z.strictObject({ workspaceId, kind: z.literal('extension'), periodMonths: months }),
    z.strictObject({ workspaceId, kind: z.literal('renewal') }),
    z.strictObject({
      workspaceId,
      kind: z.literal('add-on'),
      addOn: name,
      packages: seats.default(1),
      termMonths: months,
    }),
    z.strictObject({ workspaceId, kind: z.literal('scheduled-change'), ...nextTerm }),
    z.strictObject({ workspaceId, kind: z.literal('refund'), seats: seats.optional() }),
  ],
  { error: `a request whose kind is one of ${quoteKinds.join(', ')}` },
);
const request = z.union([purchaseRequest, changeRequest], {
  error: `a request of one of the kinds ${quoteKinds.join(', ')}, with its fields`,
});

// Every currency that is sold in has two decimals.
const paid = z
  .string()
  .regex(/^(0|[1-9]\d{0,17})(\.\d{1,2})?$/, { error: 'an amount from 0 in quotes, such as "90.00"' })
  .optional();

// Of what was paid: the price by the list, and the tax, where some of it was taxed.
const paidAs = { paid, paidPrice: paid, paidTax: paid };

type PaidAs = { readonly [Name in keyof typeof paidAs]?: string | undefined };
const isWholly = (one: PaidAs): boolean =>
  (one.paidPrice === undefined) === (one.paidTax === undefined) &&
  (one.paidPrice === undefined || one.paid !== undefined);
const PAID_WHOLLY = { path: ['paidTax'], error: 'paid, paidPrice and paidTax together' };

const paidTerm = z
  .strictObject({ startsOn: civilDateText, endsOn: civilDateText, periodMonths: months, ...paidAs })
  .refine(isWholly, PAID_WHOLLY)
  .refine((term) => compare(term.startsOn, term.endsOn) < 0, { path: ['endsOn'], error: 'a day after startsOn' });

const subscription = z
  .strictObject({
    plan: name,
    seats,
    periodMonths: months,
    priceListId: name.optional(),
    anchorOn: civilDateText.optional(),
    startsOn: civilDateText,
    endsOn: civilDateText,
    ...paidAs,
    laterTerms: z.array(paidTerm).max(MAX_TERMS).default([]),
    scheduled: z.strictObject(nextTerm).optional(),
    nextPriceListId: name.optional(),
    addOns: z
      .array(z.strictObject({ addOn: name, packages: wholeNumber(1, MAX_SEATS), endsOn: civilDateText }))
      .max(MAX_ADD_ONS)
      .default([]),
    autoRenewal: z.boolean().default(false),
    timeZone: timeZoneName.default('UTC'),
    country: country.default('US'),
  })
  .refine(isWholly, PAID_WHOLLY)
  .refine(({ startsOn, endsOn }) => compare(startsOn, endsOn) < 0, { path: ['endsOn'], error: 'a day after startsOn' })
  .refine(
    ({ endsOn, laterTerms }) =>
      laterTerms.every((term, index) => term.startsOn === (laterTerms[index - 1]?.endsOn ?? endsOn)),
    { path: ['laterTerms'], error: 'terms that follow each other without a gap' },
  );

const expectedLine = z.union([
  decimalText,
  z.strictObject({
    amount: decimalText,
    quantity: wholeNumber(0, MAX_SEATS).optional(),
    price: decimalText.optional(),
    net: decimalText.optional(),
    tax: decimalText.optional(),
  }),
]);

const expectedChange = z.strictObject({
  on: z.union([z.enum(['payment', 'confirmation']), civilDateText], { error: 'payment, confirmation, or a day' }),
  what: z.enum(['plan', 'seats', 'period', 'price-list', 'end', 'add-on']),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

// The tax of the buyer. Under reverse charge `prices` says whether the prices hold the tax that he owes himself.
const tax = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('inclusive'), percent }),
    z.strictObject({ kind: z.literal('exclusive'), percent }),
    z.strictObject({ kind: z.literal('reverse-charge'), percent, prices: z.enum(['inclusive', 'exclusive']) }),
  ],
  { error: 'a tax whose kind is inclusive, exclusive or reverse-charge' },
);

/** A quote that is priced from the demo catalogue. Expected amounts stay text until the currency of the quote is known. */
export const quoteCase = z
  .object({
    id: caseId,
    kind: z.literal('quote'),
    catalog: z.literal('demo', { error: '"demo", the catalogue of this repository' }),
    convention: z.enum(prorationConventions).default('day'),
    tax: tax.optional(),
    workspace: z.strictObject({ country, timeZone: timeZoneName, trialEndsOn: civilDateText.optional() }).optional(),
    request,
    subscription: subscription.nullable(),
    now: instantText,
    expect: z
      .strictObject({
        currency: z.string().optional(),
        total: decimalText.optional(),
        net: decimalText.optional(),
        tax: decimalText.optional(),
        lines: z.array(expectedLine).optional(),
        startsOn: civilDateText.optional(),
        endsOn: civilDateText.optional(),
        atRenewal: decimalText.nullable().optional(),
        renewalLines: z.array(expectedLine).optional(),
        changes: z.array(expectedChange).max(MAX_CHANGES).optional(),
        refused: z.string().optional(),
      })
      .refine((expect) => Object.keys(expect).length > 0, { error: 'at least one of total, lines, refused' }),
  })
  .refine((one) => one.subscription !== null || one.request.kind === 'purchase', {
    path: ['subscription'],
    error: 'a subscription, since only a purchase goes without',
  });
