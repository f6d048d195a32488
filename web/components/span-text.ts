import { useTranslation } from 'react-i18next';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

export type SpanPart = { unit: 'day' | 'hour' | 'minute' | 'second'; count: number };

/** The two units in which a length of time is best told: `3 days 4 hours`, `1 hour 20 minutes`, `5 minutes`, `40 seconds`. Rounded down, but never to nothing. */
export function spanParts(ms: number): SpanPart[] {
  const pair = (large: SpanPart['unit'], largeMs: number, small: SpanPart['unit'], smallMs: number): SpanPart[] => {
    const rest = Math.floor((ms % largeMs) / smallMs);
    const first: SpanPart = { unit: large, count: Math.floor(ms / largeMs) };
    return rest === 0 ? [first] : [first, { unit: small, count: rest }];
  };
  if (ms >= DAY_MS) return pair('day', DAY_MS, 'hour', HOUR_MS);
  if (ms >= HOUR_MS) return pair('hour', HOUR_MS, 'minute', MINUTE_MS);
  if (ms >= MINUTE_MS) return [{ unit: 'minute', count: Math.floor(ms / MINUTE_MS) }];
  return [{ unit: 'second', count: ms > 0 ? Math.max(1, Math.floor(ms / SECOND_MS)) : 0 }];
}

/** `spanParts` in words. */
export function useSpanText(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) =>
    spanParts(ms)
      .map(({ unit, count }) => t(`span.${unit}`, { count }))
      .join(' ');
}
