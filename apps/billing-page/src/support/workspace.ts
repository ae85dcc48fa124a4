import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { taken } from '../api/acting.js';
import { http } from '../api/client.js';

/** A workspace that support looks at. */
export type SupportedWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly billingEmail: string | null;
};

/** The workspace of a screen. */
export function useWorkspace(id: string): UseQueryResult<SupportedWorkspace> {
  return useQuery({
    queryKey: ['workspace', id],
    queryFn: () => taken(http.GET('/v1/support/workspaces/{id}', { params: { path: { id } } })),
  });
}
