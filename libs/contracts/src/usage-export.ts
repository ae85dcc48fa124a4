import { civilDate, isCivilDate } from '@billfleet/domain';
import { z } from 'zod';
import { languages } from './order-words.js';

const day = z
  .string()
  .refine((text) => isCivilDate(text) && text >= '1970' && text < '2200', { error: 'a day such as 2026-10-31' })
  .transform(civilDate);

/** Query of `GET /v1/workspaces/{id}/usage.csv`. */
export const usageExportQuery = z
  .strictObject({
    from: day.optional().meta({ description: 'First day, in the zone of the workspace.' }),
    to: day.optional().meta({ description: 'Last day, in the zone of the workspace.' }),
    language: z
      .enum(languages, { error: `one of ${languages.join(', ')}` })
      .optional()
      .meta({ description: 'Of the words in the file; without it that of the workspace.' }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'from or a later day',
  });

export type UsageExportQuery = z.output<typeof usageExportQuery>;
