import { isCivilDate } from '@billfleet/domain';
import { z } from 'zod';
import { uuid } from './commands.js';
import { countryCode, shortText } from './texts.js';

/** Abbreviations and offsets are left out: runtimes do not agree on what `IST`, `CST` or `+05:00` means, or whether there is such a zone. */
const ZONE_NAME = /^(UTC|[A-Z]\w+(\/[A-Z][\w+-]*)+)$/;

const isTimeZone = (text: string): boolean => {
  if (!ZONE_NAME.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** Body of `POST /v1/workspaces`. The caller chooses the id, so a repeat makes nothing new; the currency follows from the country. */
export const registerWorkspace = z
  .strictObject({
    id: uuid.meta({ description: 'Chosen by the caller: most often the id in the host product.' }),
    name: shortText(200),
    country: countryCode,
    timeZone: shortText(64).refine(isTimeZone, { error: 'UTC, or an IANA time zone such as America/Sao_Paulo' }),
    locale: z.enum(['en', 'es', 'pt-BR']),
    billingEmail: z.email({ error: 'an e-mail address' }).max(254),
    trialEndsOn: z
      .string()
      .refine(isCivilDate, { error: 'a day such as 2026-12-31' })
      // What is bought is added to the trial, and its end must still be a day of the calendar.
      .refine((day) => day < '2200', { error: 'a day before 2200' })
      .meta({ format: 'date' })
      .optional(),
    trial: z
      .literal(true)
      .optional()
      .meta({ description: 'Begins a trial today, of the days that the catalogue says; in place of `trialEndsOn`.' }),
  })
  .refine(({ trial, trialEndsOn }) => trial === undefined || trialEndsOn === undefined, {
    path: ['trial'],
    error: 'either trial or trialEndsOn',
  })
  .meta({ id: 'RegisterWorkspace' });

export type RegisterWorkspace = z.output<typeof registerWorkspace>;
