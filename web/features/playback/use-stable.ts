import { useCallback, useEffect, useRef } from 'react';

/** The same function at every render, which calls the newest one: what it is handed to need not be rendered anew. For events, not for rendering. */
export function useStable<A extends unknown[], R>(act: (...args: A) => R): (...args: A) => R {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
