import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isTyping, useKeyHelp } from '../../components/use-key-help.ts';
import type { VodPlayer } from '../../player/vod-player.ts';
import type { ReviewMode } from './review-form.tsx';

interface Keys {
  player: React.RefObject<VodPlayer | null>;
  onGo: (by: 1 | -1) => void;
  onVerify: () => void;
  onOpen: (mode: ReviewMode) => void;
  onToMe: () => void;
  onClose: () => void;
  /** A step is on its way: no second one, and no other case, until it is answered. */
  busy: boolean;
  /** A form is open. */
  open: boolean;
}

const STEP_MS = 5_000;

/** The keys of the review. Those of the clip work as long as nobody types. */
export function useReviewKeys(keys: Keys): void {
  const { t } = useTranslation('queue');
  useKeyHelp(t('way.review'), [
    { keys: ['J'], label: t('review.key.next') },
    { keys: ['K'], label: t('review.key.previous') },
    { keys: ['Space'], label: t('review.key.play') },
    { keys: [',', '.'], label: t('review.key.frame') },
    { keys: ['←', '→'], label: t('review.key.seek') },
    { keys: ['V'], label: t('review.key.verify') },
    { keys: ['D'], label: t('review.key.dismiss') },
    { keys: ['C'], label: t('review.key.correct') },
    { keys: ['M'], label: t('review.key.duplicate') },
    { keys: ['A'], label: t('review.key.toMe') },
    { keys: ['Enter'], label: t('review.key.confirm') },
    { keys: ['Esc'], label: t('review.key.leave') },
  ]);
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const now = latest.current;
      if (event.key === 'Escape' && now.open) {
        now.onClose();
        event.preventDefault();
        return;
      }
      if (isTyping(event) || document.querySelector('[role="dialog"]') !== null) return;
      const player = now.player.current;
      const clip: Record<string, () => void> = {
        ' ': () => (player?.snapshot().playing ? player.pause() : player?.play()),
        ',': () => player?.stepFrame(-1),
        '.': () => player?.stepFrame(1),
        arrowleft: () => seekBy(player, -STEP_MS),
        arrowright: () => seekBy(player, STEP_MS),
      };
      const cases: Record<string, () => void> = {
        j: () => now.onGo(1),
        k: () => now.onGo(-1),
        v: now.onVerify,
        d: () => now.onOpen('dismiss'),
        c: () => now.onOpen('correct'),
        m: () => now.onOpen('mark_duplicate'),
        a: now.onToMe,
      };
      const key = event.key.toLowerCase();
      // A focused button keeps its own Space.
      if (key === ' ' && event.target instanceof Element && event.target.closest('button, a') !== null) return;
      const act = clip[key] ?? (now.busy || now.open || event.repeat ? undefined : cases[key]);
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}

function seekBy(player: VodPlayer | null, byMs: number): void {
  const at = player?.mediaTimeMs() ?? null;
  const extent = player?.extent() ?? null;
  if (at !== null && extent !== null) player?.seek(Math.max(extent.fromMs, Math.min(extent.toMs - 50, at + byMs)));
}
