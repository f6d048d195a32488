import { useCallback, useSyncExternalStore } from 'react';

/** Cases that arrived while the list was open and were not opened since; per person, on this machine. */
const MOST = 200;
const watchers = new Set<() => void>();
let cached: { key: string; written: string | null; ids: readonly string[] } | undefined;

const storageKey = (personId: string) => `lienthong.incidents.unread.${personId}`;

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return cached?.key === key ? cached.written : null;
  }
}

/** The ids that a stored text holds; none when it is not such a text. */
export function parseIds(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** Adds or takes out an id; the oldest are forgotten beyond a bound. */
export function changed(ids: readonly string[], id: string, unread: boolean): string[] {
  const others = ids.filter((other) => other !== id);
  return (unread ? [...others, id] : others).slice(-MOST);
}

function read(key: string): readonly string[] {
  const written = stored(key);
  if (cached?.key !== key || cached.written !== written) cached = { key, written, ids: parseIds(written) };
  return cached.ids;
}

function write(key: string, ids: string[]): void {
  const written = JSON.stringify(ids);
  try {
    localStorage.setItem(key, written);
  } catch {
    // Without storage the marks last as long as the page.
  }
  cached = { key, written, ids };
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  window.addEventListener('storage', watcher);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener('storage', watcher);
  };
}

/** The unread cases of a person, and the way to mark one. Windows beside this one follow. */
export function useUnread(personId: string): [ReadonlySet<string>, (id: string, unread: boolean) => void] {
  const key = storageKey(personId);
  const ids = useSyncExternalStore(watch, () => read(key));
  const mark = useCallback(
    (id: string, unread: boolean) => {
      const before = read(key);
      if (before.includes(id) !== unread) write(key, changed(before, id, unread));
    },
    [key],
  );
  return [new Set(ids), mark];
}
