import { parseStoredLines } from '@billfleet/contracts';
import type { CreditNoteContent } from '@billfleet/contracts';
import { explainPrice, unreachable } from '@billfleet/domain';
import type { QuoteLine } from '@billfleet/domain';
import { z } from 'zod';
import type { Paper } from './paper-formats.js';
import { printable } from './printable-text.js';

const TITLE_MAX = 120;
const SENTENCE_MAX = 700;

/** A line as it is printed: what it is, how it came about, and what it charges in minor units. */
export type PaperLine = {
  readonly title: string;
  readonly sentence: string | undefined;
  readonly quantity: string;
  readonly amountMinor: bigint;
};

/** Taxes of one name and rate, summed over the lines. `reverse-charge`: the buyer owes it, and none is charged. */
export type PaperTax = {
  readonly name: string;
  readonly percent: string | undefined;
  readonly isReverseCharge: boolean;
  readonly taxMinor: bigint;
};

const minor = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform((text) => BigInt(text));
const anyLine = z.object({
  amountMinor: minor,
  quantity: z.number().exactOptional().catch(1),
  tax: z
    .object({
      kind: z.string(),
      name: z.record(z.string(), z.string()),
      percent: z.string().exactOptional(),
      taxMinor: minor,
    })
    .optional()
    .catch(undefined),
});

type Lines = readonly Readonly<Record<string, unknown>>[];
type Priced = { readonly currency: string; readonly orderNumber: string; readonly priceListId: string };

/** The lines of an order in words. Those that this version cannot read still have their amounts. */
export function paperLines(stored: Lines, priced: Priced, paper: Paper): readonly PaperLine[] {
  const lines = parseStoredLines(stored);
  if (lines === undefined) {
    const title = paper.say('line.other', { order: priced.orderNumber });
    return stored.map((line) => ({
      title,
      sentence: undefined,
      quantity: '',
      amountMinor: anyLine.parse(line).amountMinor,
    }));
  }
  const { currency, priceListId } = priced;
  const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  const told = explainPrice({ currency, amountMinor, lines, priceListId }, paper.language);
  return lines.map((line, index) => ({
    title: titleOf(line, paper),
    sentence: printable(told.lines[index] ?? '', SENTENCE_MAX),
    quantity: paper.count(line.quantity),
    amountMinor: line.amountMinor,
  }));
}

function titleOf({ description }: QuoteLine, { say, count, plural }: Paper): string {
  const name = (text: string): string => printable(text, TITLE_MAX);
  switch (description.kind) {
    case 'plan-seats': {
      const { planName, periodMonths } = description;
      return say(`line.plan-seats.${plural(periodMonths)}`, { plan: name(planName), months: count(periodMonths) });
    }
    case 'add-on': {
      const { addOnName, months } = description;
      return say(`line.add-on.${plural(months)}`, { plan: name(addOnName), months: count(months) });
    }
    case 'plan-upgrade':
      return say('line.plan-upgrade', { from: name(description.fromPlanName), plan: name(description.planName) });
    case 'added-seats':
    case 'returned-seats':
      return say(`line.${description.kind}`, { plan: name(description.planName) });
    default:
      return unreachable(description);
  }
}

/** The taxes of lines, each name and rate once, in the order in which they come. */
export function paperTaxes(stored: Lines, paper: Paper): readonly PaperTax[] {
  const sums = new Map<string, PaperTax>();
  for (const line of stored) {
    const { tax } = anyLine.parse(line);
    if (tax === undefined) continue;
    const isReverseCharge = tax.kind === 'reverse-charge';
    const name = nameIn(tax.name, paper);
    const key = `${name} ${tax.percent ?? ''} ${String(isReverseCharge)}`;
    const taxMinor = (sums.get(key)?.taxMinor ?? 0n) + tax.taxMinor;
    sums.set(key, { name, percent: tax.percent, isReverseCharge, taxMinor });
  }
  return [...sums.values()];
}

const nameIn = (name: Readonly<Record<string, string>>, { language }: Paper): string =>
  printable(name[language] ?? name['en'] ?? '', TITLE_MAX);

/** The taxes that a credit note names. Notes of before name none. */
export const creditedTaxesOf = (taxes: NonNullable<CreditNoteContent['taxes']>, paper: Paper): readonly PaperTax[] =>
  taxes.map(({ kind, name, percent, taxMinor }) => {
    return { name: nameIn(name, paper), percent, isReverseCharge: kind === 'reverse-charge', taxMinor };
  });
