import { useCallback, useState } from 'react';

type Query = Readonly<Record<string, string>>;

/** Whether two filters ask the same; an order that is meant anyway makes no difference. */
export function isSameQuery(a: Query, b: Query): boolean {
  const told = (query: Query) =>
    Object.entries(query)
      .filter(([key, value]) => !(key === 'sort' && value === 'newest'))
      .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(told(a)) === JSON.stringify(told(b));
}

const keyOf = (personId: string) => `lienthong.incidents.default.${personId}`;

/** The filter with which a person's list begins on this machine; null for the open cases. */
export function defaultFilterOf(personId: string): string | null {
  try {
    return localStorage.getItem(keyOf(personId));
  } catch {
    return null;
  }
}

export function useDefaultFilter(personId: string): [string | null, (id: string | null) => void] {
  const [, refresh] = useState(0);
  const set = useCallback(
    (id: string | null) => {
      try {
        if (id === null) localStorage.removeItem(keyOf(personId));
        else localStorage.setItem(keyOf(personId), id);
      } catch {
        // Without storage the list begins with the open cases.
      }
      refresh((n) => n + 1);
    },
    [personId],
  );
  return [defaultFilterOf(personId), set];
}
