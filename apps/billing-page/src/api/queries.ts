import { keepPreviousData } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../shell/me.js';
import type { Locale } from '../texts/formats.js';
import { api } from './client.js';
import type { Problem } from './problem.js';
import type { Answered, Billing, Offers, Order, Quote, Usage } from './types.js';

const LIVE_MS = 20_000;
const MINUTE_MS = 60_000;

/** Where the workspace stands. Looked at now and then, since the fleet changes it by itself. */
export function useBilling(): UseQueryResult<Billing, Problem> {
  const { id } = useMe().workspace;
  return api.useQuery('get', '/v1/workspaces/{id}/billing', { params: { path: { id } } }, { refetchInterval: LIVE_MS });
}

/** What is on sale, with the limits of so many seats; what was shown stays until the new answer is there. */
export function useOffers(seats?: number): UseQueryResult<Offers, Problem> {
  const { id } = useMe().workspace;
  const query = seats === undefined ? {} : { seats };
  return api.useQuery(
    'get',
    '/v1/workspaces/{id}/offers',
    { params: { path: { id }, query } },
    { placeholderData: keepPreviousData, staleTime: MINUTE_MS },
  );
}

/** What the workspace uses of each limit. */
export function useUsage(): UseQueryResult<Usage, Problem> {
  const { id } = useMe().workspace;
  return api.useQuery('get', '/v1/workspaces/{id}/usage', { params: { path: { id } } }, { refetchInterval: MINUTE_MS });
}

/** What would raise the limits that are nearly used up. */
export function useLimitFixes(isWanted: boolean): UseQueryResult<Answered<'/v1/workspaces/{id}/usage/fixes'>, Problem> {
  const { id } = useMe().workspace;
  const options = { enabled: isWanted, staleTime: MINUTE_MS };
  return api.useQuery('get', '/v1/workspaces/{id}/usage/fixes', { params: { path: { id } } }, options);
}

/** One quote. */
export function useQuote(id: string): UseQueryResult<Quote, Problem> {
  return api.useQuery('get', '/v1/quotes/{id}', { params: { path: { id } } });
}

/** One order; with `everyMs` it is looked at again and again. */
export function useOrder(id: string, everyMs?: number): UseQueryResult<Order, Problem> {
  const language = useTranslation().i18n.language as Locale;
  return api.useQuery(
    'get',
    '/v1/orders/{id}',
    { params: { path: { id }, query: { language } } },
    { refetchInterval: everyMs ?? false },
  );
}
