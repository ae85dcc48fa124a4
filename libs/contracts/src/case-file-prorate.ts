import { prorationConventions, termLength } from '@billfleet/domain';
import { z } from 'zod';
import {
  amountReader,
  caseId,
  currencyCode,
  decimalText,
  momentText,
  timeZoneName,
  wholeNumber,
} from './case-file-fields.js';

const MAX_LINES = 10_000;
const MAX_QUANTITY = 1_000_000_000;

const prorateShape = z.object({
  id: caseId,
  kind: z.literal('prorate'),
  convention: z.enum(prorationConventions, { error: `one of ${prorationConventions.join(', ')}` }),
  currency: currencyCode,
  timeZone: timeZoneName,
  term: z.strictObject({ start: momentText, end: momentText }),
  at: momentText,
  lines: z
    .array(z.strictObject({ quantity: wholeNumber(0, MAX_QUANTITY), price: decimalText }), { error: 'a list of lines' })
    .min(1)
    .max(MAX_LINES),
  expect: z
    .strictObject({ lines: z.array(decimalText).optional(), total: decimalText.optional() })
    .refine(({ lines, total }) => lines !== undefined || total !== undefined, { error: 'lines, total, or both' }),
});

/** Lines that are charged or credited for the rest of a term. */
export const prorateCase = prorateShape.transform((raw, context) => {
  const read = amountReader(raw.currency, context);
  const { convention, timeZone, term } = raw;
  if (termLength({ convention, timeZone, ...term }) < 1n) {
    context.addIssue({ code: 'custom', path: ['term'], message: 'a term that ends after it starts' });
  }
  const { lines, total } = raw.expect;
  return {
    ...raw,
    lines: raw.lines.map((line, index) => ({
      quantity: line.quantity,
      unitMinor: read(line.price, ['lines', index, 'price']),
    })),
    expect: {
      ...(lines && { lines: lines.map((text, index) => read(text, ['expect', 'lines', index])) }),
      ...(total !== undefined && { total: read(total, ['expect', 'total']) }),
    },
  };
});
