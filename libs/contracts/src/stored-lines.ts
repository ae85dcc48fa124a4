import { civilDate, isCivilDate, prorationConventions } from '@billfleet/domain';
import type { QuoteLine } from '@billfleet/domain';
import { z } from 'zod';

const minor = z
  .string()
  .regex(/^-?\d{1,40}$/)
  .transform((text) => BigInt(text));
const day = z.string().refine(isCivilDate).transform(civilDate);
const rational = z.object({ numerator: minor, denominator: minor });
const paid = { monthlyMinor: minor, payMonths: z.int(), percentOff: z.string().exactOptional() };
const taxed = {
  name: z.object({ en: z.string(), es: z.string(), 'pt-BR': z.string() }),
  priceMinor: minor,
  netMinor: minor,
  taxMinor: minor,
};
const tax = z.union([
  z.object({
    ...taxed,
    kind: z.enum(['inclusive', 'exclusive', 'reverse-charge']),
    rule: z.string(),
    percent: z.string(),
    prices: z.enum(['inclusive', 'exclusive']),
  }),
  z.object({
    ...taxed,
    kind: z.literal('as-paid'),
    percent: z.string().exactOptional(),
    paid: z.object({ priceMinor: minor, grossMinor: minor, taxMinor: minor }),
  }),
]);
const lineAmounts = { quantity: z.int(), unitMinor: minor, amountMinor: minor };
const amounts = { ...lineAmounts, tax: tax.exactOptional() };

const planSeats = z.object({
  description: z.object({
    kind: z.literal('plan-seats'),
    plan: z.string(),
    planName: z.string(),
    periodMonths: z.int(),
  }),
  ...amounts,
  derivation: z.object({ seats: z.int(), ...paid }),
});

const proration = z.object({
  currency: z.string(),
  ...lineAmounts,
  term: z.object({
    convention: z.enum(prorationConventions),
    ...{ timeZone: z.string(), start: z.string(), end: z.string(), at: z.string() },
    ...{ left: minor, whole: minor, fraction: rational },
  }),
  exactMinor: rational,
  rounding: z.literal('half-away-from-zero'),
  roundedMinor: minor,
  capMinor: minor.exactOptional(),
});

const restOfTerm = z.object({
  description: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('plan-upgrade'),
      plan: z.string(),
      planName: z.string(),
      fromPlan: z.string(),
      fromPlanName: z.string(),
    }),
    z.object({ kind: z.enum(['added-seats', 'returned-seats']), plan: z.string(), planName: z.string() }),
  ]),
  term: z.object({ startsOn: day, endsOn: day, periodMonths: z.int() }),
  ...amounts,
  derivation: z.object({ ...paid, fromMonthlyMinor: minor.exactOptional(), proration }),
});

const addOn = z.object({
  description: z.object({ kind: z.literal('add-on'), addOn: z.string(), addOnName: z.string(), months: z.int() }),
  ...amounts,
  derivation: z.object({ packages: z.int(), monthlyMinor: minor, months: z.int() }),
});

const storedLines = z.array(z.union([planSeats, addOn, restOfTerm]));

/**
 * Reads the lines of a quote or an order back from JSON, where amounts are text.
 * @returns undefined when they are not lines that this version writes.
 */
export function parseStoredLines(lines: unknown): readonly QuoteLine[] | undefined {
  const parsed = storedLines.safeParse(lines);
  return parsed.success ? parsed.data : undefined;
}
