import { addMonths, civilDate } from '@billfleet/domain';
import { z } from 'zod';
import {
  amountReader,
  caseId,
  civilDateText,
  currencyCode,
  decimalText,
  instantText,
  timeZoneName,
  wholeNumber,
} from './case-file-fields.js';

const MAX_PERIODS = 10_000;
const MAX_MONTHS = 97_200;
const MAX_PARTS = 1_000;
const MONTHS_PER_YEAR = 12;
const LAST_YEAR = 9_999;

const dayList = z.array(civilDateText, { error: 'a list of days' });

/** Periods that are counted from an anchor. */
export const periodsCase = z
  .object({
    id: caseId,
    kind: z.literal('periods'),
    anchor: civilDateText,
    months: wholeNumber(1, MAX_MONTHS),
    count: wholeNumber(1, MAX_PERIODS),
    expect: z
      .strictObject({ starts: dayList.optional(), ends: dayList.optional() })
      .refine(({ starts, ends }) => starts !== undefined || ends !== undefined, { error: 'starts, ends, or both' }),
  })
  .refine(({ anchor, months, count }) => isWithinCalendar(anchor, months * count), {
    path: ['count'],
    error: 'so many periods that the last one ends before the year 10000',
  });

/** An amount that is divided into parts. */
export const allocateCase = z
  .object({
    id: caseId,
    kind: z.literal('allocate'),
    currency: currencyCode,
    total: decimalText,
    parts: wholeNumber(1, MAX_PARTS),
    expect: z.array(decimalText, { error: 'a list of decimal texts' }),
  })
  .transform((raw, context) => {
    const read = amountReader(raw.currency, context);
    return {
      ...raw,
      total: read(raw.total, ['total']),
      expect: raw.expect.map((text, index) => read(text, ['expect', index])),
    };
  });

/** The day that clocks show at an instant. */
export const localDayCase = z.object({
  id: caseId,
  kind: z.literal('localDay'),
  instant: instantText,
  timeZone: timeZoneName,
  expect: civilDateText,
});

function isWithinCalendar(anchor: string, months: number): boolean {
  const lastMonth = Number(anchor.slice(0, 4)) * MONTHS_PER_YEAR + Number(anchor.slice(5, 7)) - 1 + months;
  return lastMonth < (LAST_YEAR + 1) * MONTHS_PER_YEAR && addMonths(civilDate(anchor), months) > anchor;
}
