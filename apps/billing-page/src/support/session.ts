import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem.js';
import { formatsFor } from '../texts/formats.js';
import type { Formats, Locale } from '../texts/formats.js';

/** Who works at the console, and what that person may do. */
export type Staff = {
  readonly person: { readonly name: string | null; readonly email: string | null };
  readonly role: string;
  readonly may: readonly string[];
};

async function fetchStaff(): Promise<Staff> {
  const response = await fetch('/support/v1/me', { credentials: 'same-origin', headers: { 'Billfleet-Page': '1' } });
  const body: unknown = await response.json().catch(() => ({ status: response.status }));
  if (!response.ok) throw asProblem(body) as unknown as Error;
  return body as Staff;
}

/** Who works at the console. The frame shows nothing before that is known. */
export function useStaff(): Staff {
  return useSuspenseQuery({ queryKey: ['staff'], queryFn: fetchStaff, staleTime: 60_000 }).data;
}

/** Whether whoever works here may do something; the gateway checks it again. */
export function useStaffMay(action: string): boolean {
  return useStaff().may.includes(action);
}

/** Formats in the language that is spoken; instants by the clocks of a workspace where one is meant, else by those of the reader. */
export function useStaffFormats(timeZone?: string): Formats {
  const { i18n } = useTranslation();
  return formatsFor(i18n.language as Locale, timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
}
