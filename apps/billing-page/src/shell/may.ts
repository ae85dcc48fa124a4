import { useMe } from './me.js';

/** Whether whoever looks at the page may do something; the gateway checks it again. */
export function useMay(action: string): boolean {
  return useMe().may.includes(action);
}
