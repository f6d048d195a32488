import { useEffect, useState } from 'react';
import { type Conclusion, conclusion } from '../../../server/contracts/incidents.ts';

/** What a person has written about a case and not sent. */
export interface Draft {
  reason: string;
  conclusion: Conclusion | null;
  /** When it was last saved; null when there is nothing to save. */
  savedAtMs: number | null;
}

export const EMPTY: Draft = { reason: '', conclusion: null, savedAtMs: null };
const SAVE_AFTER_MS = 400;

/** Reads a stored draft; anything else is no draft. */
export function parseDraft(text: string | null): Draft {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Record<keyof Draft, unknown>> | null;
    if (typeof value?.reason !== 'string' || typeof value.savedAtMs !== 'number') return EMPTY;
    const kind = conclusion.safeParse(value.conclusion);
    return {
      reason: value.reason.slice(0, 4000),
      conclusion: kind.success ? kind.data : null,
      savedAtMs: value.savedAtMs,
    };
  } catch {
    return EMPTY;
  }
}

function load(key: string): Draft {
  try {
    return parseDraft(localStorage.getItem(key));
  } catch {
    return EMPTY;
  }
}

function store(key: string, draft: Draft): boolean {
  try {
    if (draft.savedAtMs === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** A draft that saves itself on this machine shortly after each change, for one person and one case. */
export function useDraft(personId: string, incidentId: string) {
  const key = `lienthong.incident-draft.${personId}.${incidentId}`;
  const [draft, setDraft] = useState(() => load(key));
  const [pending, setPending] = useState(false);

  useEffect(() => {
    if (!pending) return;
    const save = () => {
      const empty = draft.reason === '' && draft.conclusion === null;
      const next = { ...draft, savedAtMs: empty ? null : Date.now() };
      setPending(false);
      setDraft(store(key, next) ? next : { ...next, savedAtMs: null });
    };
    const timer = setTimeout(save, SAVE_AFTER_MS);
    window.addEventListener('pagehide', save);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', save);
    };
  }, [draft, pending, key]);
  // Leaving the case before the timer has run keeps what was typed.
  useEffect(
    () => () => {
      if (pending && (draft.reason !== '' || draft.conclusion !== null))
        store(key, { ...draft, savedAtMs: Date.now() });
    },
    [draft, pending, key],
  );

  return {
    draft,
    change: (part: Partial<Pick<Draft, 'reason' | 'conclusion'>>) => {
      setDraft((before) => ({ ...before, ...part }));
      setPending(true);
    },
    clear: () => {
      setPending(false);
      setDraft(EMPTY);
      store(key, EMPTY);
    },
  };
}
