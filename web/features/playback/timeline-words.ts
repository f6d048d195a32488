import type { TFunction } from 'i18next';
import type { Gap, GapReason } from '../../../server/contracts/timeline.ts';
import { HOUR_MS, MINUTE_MS } from '../../components/time.ts';

/** Texts on the timeline's canvas. They are looked up once: a canvas is drawn at every frame. */
export type SceneWords = {
  /** A gap's reason and length. */
  gap: (gap: Gap) => string;
  /** About how wide that is, with its icon. */
  gapPx: (reason: GapReason) => number;
  /** At the edge where working hours begin or end. */
  hoursBegin: (clock: string) => string;
  hoursEnd: (clock: string) => string;
  outside: string;
};

const MOST_KEPT = 500;

export function sceneWords(t: TFunction<'playback'>): SceneWords {
  const kept = new Map<string, string>();
  const once = (key: string, make: () => string) => {
    const text = kept.get(key) ?? make();
    if (kept.size > MOST_KEPT) kept.clear();
    kept.set(key, text);
    return text;
  };
  const reasonOf = (reason: GapReason) => once(reason, () => t(`common:gapReason.${reason}`));
  const spanOf = (ms: number) => {
    const [unit, count] =
      ms < MINUTE_MS
        ? (['seconds', Math.max(1, Math.round(ms / 1_000))] as const)
        : ms < 2 * HOUR_MS
          ? (['minutes', Math.round(ms / MINUTE_MS)] as const)
          : (['hours', Math.round(ms / HOUR_MS)] as const);
    return once(`${unit} ${count}`, () => t(unit, { count }));
  };
  return {
    gap: ({ from, to, reason }) => `${reasonOf(reason)}, ${spanOf(to - from)}`,
    gapPx: (reason) => reasonOf(reason).length * 7.2 + 100,
    hoursBegin: (clock) => once(`begin ${clock}`, () => t('hoursBegin', { clock })),
    hoursEnd: (clock) => once(`end ${clock}`, () => t('hoursEnd', { clock })),
    outside: t('outsideHours'),
  };
}
