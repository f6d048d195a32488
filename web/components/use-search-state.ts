import { useSearchParams } from 'react-router';

/** Filters that live in the address: text under a key, or a list of values joined by commas. Changes replace the entry in the history. */
export function useSearchState() {
  const [search, setSearch] = useSearchParams();
  const set = (key: string, value: string | readonly string[] | null) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        const text = typeof value === 'string' ? value : (value ?? []).join(',');
        if (text === '') next.delete(key);
        else next.set(key, text);
        return next;
      },
      { replace: true },
    );
  return {
    text: (key: string) => search.get(key) ?? '',
    list: (key: string) => (search.get(key) ?? '').split(',').filter((value) => value !== ''),
    set,
    clear: () => setSearch({}, { replace: true }),
  };
}
