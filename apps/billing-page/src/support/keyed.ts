import { useRef } from 'react';

/**
 * A key for something that is done once: the same as long as what is asked for stays the same, so that a second press repeats and does not
 * double; a new one for something else.
 */
export function useKey(): (wish: unknown) => string {
  const last = useRef<{ readonly wish: string; readonly key: string }>(undefined);
  return (wish) => {
    const text = JSON.stringify(wish);
    if (last.current?.wish !== text) last.current = { wish: text, key: `console-${crypto.randomUUID()}` };
    return last.current.key;
  };
}
