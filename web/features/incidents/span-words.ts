import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../components/time.ts';

/** How to say a span of time: the unit that fits it, and how many of them; `now` below a minute. */
export function spanOf(ms: number): { unit: 'now' | 'minutes' | 'hours' | 'days'; count: number } {
  if (ms < MINUTE_MS) return { unit: 'now', count: 0 };
  if (ms < HOUR_MS) return { unit: 'minutes', count: Math.round(ms / MINUTE_MS) };
  if (ms < 2 * DAY_MS) return { unit: 'hours', count: Math.round(ms / HOUR_MS) };
  return { unit: 'days', count: Math.round(ms / DAY_MS) };
}
