import { useEffect, useSyncExternalStore } from 'react';

export interface KeyHelp {
  /** As written on the caps; several are alternatives. */
  keys: readonly string[];
  label: string;
}
export interface KeyHelpGroup {
  title: string;
  entries: readonly KeyHelp[];
}

let groups: readonly KeyHelpGroup[] = [];
const watchers = new Set<() => void>();
const set = (next: readonly KeyHelpGroup[]) => {
  groups = next;
  for (const watcher of watchers) watcher();
};

/** Lists the keys of a page in the dialog that `?` opens, for as long as the page is shown. */
export function useKeyHelp(title: string, entries: readonly KeyHelp[]): void {
  const written = JSON.stringify(entries);
  useEffect(() => {
    const group: KeyHelpGroup = { title, entries: JSON.parse(written) };
    set([...groups, group]);
    return () => set(groups.filter((other) => other !== group));
  }, [title, written]);
}

/** What the shown pages have listed. */
export function useKeyHelpGroups(): readonly KeyHelpGroup[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => groups,
  );
}

/** Whether a key press belongs to what is being typed into, so that single-letter commands leave it alone. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="combobox"], [role="dialog"]') !== null)
  );
}
