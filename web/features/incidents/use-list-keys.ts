import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import { paths } from '../../app/paths.ts';
import { isTyping, useKeyHelp } from '../../components/use-key-help.ts';
import type { Selection } from './bulk-selection.ts';

interface ListKeys {
  items: readonly IncidentSummary[];
  /** The query of the list. */
  from: string;
  search: React.RefObject<HTMLInputElement | null>;
  selection: Selection | null;
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
  /** Opens the review of what is shown; null for whoever verifies nothing. */
  onReview: (() => void) | null;
}

/** The keys of the list. Returns the place of the row that they stand on, -1 while there is none. */
export function useListKeys(keys: ListKeys): number {
  const { t } = useTranslation(['incidents', 'queue']);
  const navigate = useNavigate();
  const { items, selection, onReview } = keys;
  // The case is remembered, not its place: new ones may slide in above it.
  const [chosen, setChosen] = useState<string | null>(null);
  const at = items.findIndex((incident) => incident.id === chosen);
  useKeyHelp(t('title'), [
    { keys: ['J'], label: t('keys.down') },
    { keys: ['K'], label: t('keys.up') },
    { keys: ['Enter'], label: t('keys.openRow') },
    { keys: ['/'], label: t('keys.search') },
    { keys: ['N', 'P'], label: t('queue:key.pages') },
    ...(selection === null
      ? []
      : [
          { keys: ['Space'], label: t('queue:key.tick') },
          { keys: ['Shift+Space'], label: t('queue:key.range') },
          { keys: ['Ctrl+A'], label: t('queue:key.page') },
          { keys: ['Esc'], label: t('queue:key.clear') },
        ]),
    ...(onReview === null ? [] : [{ keys: ['R'], label: t('queue:key.review') }]),
  ]);
  const latest = useRef({ ...keys, at });
  useEffect(() => {
    latest.current = { ...keys, at };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      // A box that is ticked is no text: letters remain commands there.
      const isBox = target instanceof HTMLInputElement && target.type === 'checkbox';
      if (event.altKey || (isTyping(event) && !isBox)) return;
      if (target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null) return;
      const now = latest.current;
      const { items, at, selection, search } = now;
      const row = items[at];
      const onControl = isBox || (target instanceof Element && target.closest('a, button') !== null);
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey) {
        if (key !== 'a' || selection === null || items.length === 0) return;
        selection.togglePage();
      } else if (key === 'j' || key === 'k') {
        const to = key === 'j' ? Math.min(at + 1, items.length - 1) : Math.max(at - 1, 0);
        setChosen(items[to]?.id ?? null);
      } else if (key === 'n' && now.onNext !== null) now.onNext();
      else if (key === 'p' && now.onPrevious !== null) now.onPrevious();
      else if (key === 'r' && now.onReview !== null) now.onReview();
      else if (key === 'enter' && !onControl && row !== undefined) {
        navigate(paths.incident(row.id), { state: { from: now.from } });
      } else if (key === ' ' && !onControl && row !== undefined && selection !== null) {
        selection.toggle(row.id, event.shiftKey);
      } else if (key === 'escape' && selection !== null && selection.chosen.size > 0) selection.clear();
      else if (key === '/') {
        // Before the search of the top bar, which listens for the same key.
        event.stopPropagation();
        search.current?.focus();
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [navigate]);
  return at;
}
