import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Order } from '../api/types.js';

/** Once an order that is looked at has moved on, everything else may be another as well: the plan, what is unpaid, the history. */
export function useOrderMoves({ id, status }: Pick<Order, 'id' | 'status'>): void {
  const queries = useQueryClient();
  const seen = useRef({ id, status });
  useEffect(() => {
    const before = seen.current;
    seen.current = { id, status };
    if (before.id === id && before.status !== status) void queries.invalidateQueries();
  }, [id, status, queries]);
}
