import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { taken } from '../api/acting.js';
import { http } from '../api/client.js';
import { asProblem } from '../api/problem.js';
import type { Problem } from '../api/problem.js';
import type { Billing, Quote } from '../api/types.js';
import { quoteBody } from './wish.js';
import type { ChangeSearch } from './wish.js';

const WAIT_MS = 250;
/** A quote is honoured for half an hour; what stands on the screen is priced anew well before that. */
const FRESH_MS = 600_000;

/** What a quote answers; the order that came of it is told by reading it again. */
export type Preview = Omit<Quote, 'orderId'>;

/** The price of what is chosen, as the server says. `isCurrent`: it is that of the present choice, and may be bought. */
export type PreviewState = {
  readonly quote: Preview | undefined;
  readonly problem: Problem | undefined;
  readonly isCurrent: boolean;
  readonly isPricing: boolean;
};

/** A text that follows another one once that has been still for a moment. */
function useStill(text: string): string {
  const [still, setStill] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setStill(text), WAIT_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return still;
}

/** Has the choice priced while it is made. The last price stays in sight until the next one is there. */
export function usePreview(search: ChangeSearch, billing: Billing): PreviewState {
  const body = quoteBody(search, billing);
  const wanted = JSON.stringify(body ?? null);
  const still = useStill(wanted);
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    queryKey: ['preview', still],
    queryFn: () => taken<Preview>(http.POST('/v1/quotes', { body: JSON.parse(still) as NonNullable<typeof body> })),
    enabled: still !== 'null',
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
    retry: false,
  });
  const isComplete = body !== undefined;
  const isCurrent = isComplete && wanted === still && !isPlaceholderData && data !== undefined && error === null;
  return {
    quote: isComplete ? data : undefined,
    problem: error === null || wanted !== still ? undefined : asProblem(error),
    isCurrent,
    isPricing: isFetching || wanted !== still,
  };
}
