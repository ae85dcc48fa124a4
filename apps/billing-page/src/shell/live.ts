import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressOf } from '../api/client.js';

const TOGETHER_MS = 150;

/**
 * Hears from the gateway that something changed in the workspace and reads anew what is shown, in whatever window it was done. Where it
 * cannot be heard, what is shown is read again now and then all the same.
 */
export function useLive(workspaceId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const source = new EventSource(addressOf(`/v1/workspaces/${workspaceId}/changes`));
    let timer: number | undefined;
    source.addEventListener('change', () => {
      window.clearTimeout(timer);
      // What comes together is read once. Prices on the screen stay as they are: they were promised.
      timer = window.setTimeout(() => {
        void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'get' });
      }, TOGETHER_MS);
    });
    return () => {
      window.clearTimeout(timer);
      source.close();
    };
  }, [queries, workspaceId]);
}
