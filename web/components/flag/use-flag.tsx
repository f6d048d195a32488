import { useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Category, Incident } from '../../../server/contracts/incidents.ts';
import { useCategories, useCreateIncident } from '../../api/queries.ts';
import { can, useMe } from '../../api/session.ts';
import { useErrorText } from '../error-text.ts';
import { toast } from '../toast.tsx';
import { dropDraft, type FlagDraft, recentCodes, smallJpeg, storedDrafts, takeDraft } from './flag-draft.ts';
import { AFTER_MS, BEFORE_MS, pendingMs } from './flag-policy.ts';
import { FlagPopover } from './flag-popover.tsx';

export type FlagSubject = {
  cameraId: string;
  cameraName: string;
  unitName: string;
  /** The moment that is flagged (UTC epoch ms): that of the frame on screen when the key went down. */
  atMs: number;
  /** The frame itself, drawn when the key went down. */
  still: HTMLCanvasElement | null;
  /** A stretch that was marked before; else 30 s to each side. */
  stretch?: { fromMs: number; toMs: number };
  anchor: HTMLElement | null;
};

export type Flag = {
  /** Whether the signed-in person may flag at all: without it, show no button. */
  may: boolean;
  isOpen: boolean;
  open: (subject: FlagSubject) => void;
  /** The category that was flagged last on this machine, or null. */
  last: Category | null;
  /** Flags at once with the last category, its severity and 30 s to each side; what cannot be saved is opened as a draft. */
  repeat: (subject: FlagSubject) => void;
  /** To be put anywhere on the page. */
  element: React.ReactNode;
};

function newDraft(by: string, { cameraId, cameraName, unitName, atMs, still, stretch }: FlagSubject): FlagDraft {
  const at = Math.round(atMs);
  const opened = stretch
    ? { fromMs: Math.round(stretch.fromMs), toMs: Math.round(stretch.toMs) }
    : { fromMs: at - BEFORE_MS, toMs: at + AFTER_MS };
  return {
    by,
    cameraId,
    cameraName,
    unitName,
    atMs: Math.max(opened.fromMs, Math.min(opened.toMs, at)),
    ...opened,
    opened,
    still: smallJpeg(still),
    typed: recentCodes()[0] ?? '',
    severity: null,
    note: '',
  };
}

const isWritten = (draft: FlagDraft) =>
  draft.note.trim() !== '' ||
  draft.typed !== (recentCodes()[0] ?? '') ||
  draft.severity !== null ||
  draft.fromMs !== draft.opened.fromMs ||
  draft.toMs !== draft.opened.toMs;

/** Flagging for a page: opens the pop-over, keeps the draft, says what was saved. */
export function useFlag(): Flag {
  const { t } = useTranslation('flag');
  const navigate = useNavigate();
  const words = useErrorText();
  const me = useMe().data;
  const may = can(me, 'flag_incident');
  const by = me?.id ?? '';
  const [shown, setShown] = useState<{ draft: FlagDraft; anchor: HTMLElement | null } | null>(null);
  const isShown = useRef(false);
  /** A draft that was taken up, and how to let go of it again. */
  const taken = useRef<{ draft: FlagDraft; release: (() => void) | null } | null>(null);
  const cameFrom = useRef<HTMLElement | null>(null);

  // What a reload or a lost session interrupted is taken up again.
  useEffect(() => {
    if (!may) return;
    const waiting = new AbortController();
    for (const left of storedDrafts(by, Date.now())) {
      void takeDraft(left, waiting.signal).then((release) => {
        // By now it may have been saved, put away or written on in another window.
        const now = storedDrafts(by, Date.now()).find(
          (each) => each.atMs === left.atMs && each.cameraId === left.cameraId,
        );
        if (waiting.signal.aborted || !now || isShown.current) return release?.();
        isShown.current = true;
        taken.current = { draft: now, release };
        setShown({ draft: now, anchor: null });
      });
    }
    return () => waiting.abort();
  }, [may, by]);
  const written = shown?.draft;
  useEffect(() => {
    isShown.current = written !== undefined;
    if (!written) return;
    const waiting = new AbortController();
    let release = taken.current?.draft === written ? taken.current.release : null;
    taken.current = null;
    if (!release) {
      void takeDraft(written, waiting.signal).then((letGo) => {
        if (waiting.signal.aborted) letGo?.();
        else release = letGo;
      });
    }
    return () => {
      waiting.abort();
      release?.();
    };
  }, [written]);

  const open = useCallback(
    (subject: FlagSubject) => {
      if (!may) return;
      const focused = document.activeElement;
      cameFrom.current = focused instanceof HTMLElement && focused !== document.body ? focused : subject.anchor;
      setShown((now) => now ?? { draft: newDraft(by, subject), anchor: subject.anchor });
    },
    [may, by],
  );

  const close = () => {
    setShown(null);
    cameFrom.current?.focus({ preventScroll: true });
  };
  const leave = (draft: FlagDraft) => {
    close();
    dropDraft(draft);
    if (!isWritten(draft)) return;
    toast({
      kind: 'done',
      title: t('left'),
      action: { label: t('reopen'), onClick: () => setShown({ draft, anchor: null }) },
    });
  };
  const saved = (incident: Incident) => {
    close();
    const pending = pendingMs(incident, Date.now());
    toast({
      kind: 'done',
      title: t('saved', { number: incident.number }),
      ...(pending > 0 && { text: t('savedPending', { count: Math.ceil(pending / 1_000) }) }),
      action: { label: t('openIncident'), onClick: () => navigate(`/incidents/${encodeURIComponent(incident.id)}`) },
    });
  };

  const categories = useCategories();
  const create = useCreateIncident();
  const last = (may && categories.data?.find((each) => each.code === recentCodes()[0])) || null;
  const repeat = (subject: FlagSubject) => {
    if (!last || create.isPending || shown) return;
    cameFrom.current = null;
    const draft = newDraft(by, subject);
    const { cameraId, fromMs, toMs, atMs } = draft;
    create.mutate(
      { cameraId, category: last.code, fromMs, toMs, atMs, severity: last.severity, note: '' },
      {
        onSuccess: saved,
        onError: (error) => {
          toast({ kind: 'error', title: t('notSaved'), text: words(error) });
          setShown({ draft, anchor: subject.anchor });
        },
      },
    );
  };

  const element = shown
    ? createPortal(
        <FlagPopover
          key={shown.draft.atMs}
          draft={shown.draft}
          anchor={shown.anchor}
          onSaved={saved}
          onLeave={leave}
        />,
        document.fullscreenElement ?? document.body,
      )
    : null;
  return { may, isOpen: shown !== null, open, last, repeat, element };
}
