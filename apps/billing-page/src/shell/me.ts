import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem.js';
import { formatsFor } from '../texts/formats.js';
import type { Formats, Locale } from '../texts/formats.js';

/** Who looks at the page, of which workspace, and what that person may do. */
export type Me = {
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly country: string;
    readonly currency: string;
    readonly timeZone: string;
    readonly locale: string;
  };
  readonly person: { readonly id: string; readonly name: string | null; readonly email: string | null } | null;
  readonly role: string;
  readonly may: readonly string[];
  /** Where the page leads back to in the host product. */
  readonly returnUrl: string | null;
};

async function fetchMe(): Promise<Me> {
  const response = await fetch('/v1/me', { credentials: 'same-origin', headers: { 'Billfleet-Page': '1' } });
  const body: unknown = await response.json().catch(() => ({ status: response.status }));
  if (!response.ok) throw asProblem(body) as unknown as Error;
  return body as Me;
}

/** How `GET /v1/me` is asked. */
export const meQuery = { queryKey: ['me'], queryFn: fetchMe, staleTime: 60_000 };

/** Who looks at the page. The frame shows nothing before that is known. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Formats in the language that is spoken, by the clocks of the workspace. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const { timeZone } = useMe().workspace;
  return formatsFor(i18n.language as Locale, timeZone);
}
